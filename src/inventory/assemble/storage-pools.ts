import { type HostId, storagePoolId } from '../../model/ids.ts';
import type { ResourceProvider } from '../../model/placement.ts';
import type { StoragePool } from '../../model/storage.ts';
import type { HostFacts, Source } from '../facts.ts';
import type { Merged } from '../merge.ts';
import type { ProvidersByHost } from './providers.ts';

type Hosts = ReadonlyMap<HostId, Merged<HostFacts>>;

/** Storage pools that Placement shares between hosts, and which host uses which. */
export interface SharedPools {
  readonly pools: readonly StoragePool[];
  readonly poolOf: ReadonlyMap<HostId, string>;
  readonly source: Source;
}

/** A provider of DISK_GB of no host that shares with the aggregates it is in is a pool of the hosts in them. */
export function sharedPools({ byHost, others, source }: ProvidersByHost): SharedPools {
  const sharing = others.filter(isSharedDisk);
  const poolOf = new Map<HostId, string>();
  for (const [host, [root]] of byHost) {
    const pool = sharing.find(({ aggregates }) =>
      aggregates.some((each) => root?.aggregates.includes(each) === true),
    );
    if (pool !== undefined) poolOf.set(host, pool.name);
  }
  const pools = sharing.map(({ inventories, name }): StoragePool => ({
    id: storagePoolId(name),
    kind: 'shared',
    totalGiB: inventories.get('DISK_GB')?.total ?? 0,
  }));
  return { pools, poolOf, source };
}

/** Hosts with the pool that Placement says they share, whatever their nova.conf calls it. */
export const withPools = (hosts: Hosts, { poolOf, source }: SharedPools): Hosts =>
  new Map(
    [...hosts].map(([id, host]): [HostId, Merged<HostFacts>] => {
      const storagePool = poolOf.get(id);
      if (storagePool === undefined) return [id, host];
      const sources = new Map<keyof HostFacts, Source>(host.sources).set('storagePool', source);
      return [id, { facts: { ...host.facts, storagePool }, sources }];
    }),
  );

/** Pools that hosts name and no list has: those of Ceph, which all hosts share that name them. */
export function cephPools(hosts: Hosts, listed: readonly StoragePool[]): readonly StoragePool[] {
  const known = new Set<string>(listed.map(({ id }) => id));
  const named = new Set([...hosts.values()].flatMap(({ facts }) => facts.storagePool ?? []));
  return [...named]
    .filter((name) => !known.has(name))
    .map((name) => ({ id: storagePoolId(name), kind: 'shared', imagesType: 'rbd' }));
}

const isSharedDisk = ({ inventories, traits }: ResourceProvider): boolean =>
  traits.has('MISC_SHARES_VIA_AGGREGATE') && inventories.has('DISK_GB');
