import type { Cloud } from '../../model/cloud.ts';
import type { Host } from '../../model/host.ts';
import type { StoragePoolId } from '../../model/ids.ts';
import type { Server } from '../../model/server.ts';
import { homeOf, pairRule } from '../pair-rule.ts';
import { type Unknown, yes } from '../rule.ts';
import { settingWithSource } from '../settings.ts';

/**
 * A server whose disks lie on a shared pool stays with the hosts that see this pool: nothing is copied then, and
 * nothing else is meant by storage `shared`. Nova could copy them elsewhere; the planner leaves that to people. Where
 * nobody tells on what the disks lie they count as copied, which foresees too much rather than too little.
 *
 * Source: virt/libvirt/driver.py check_can_live_migrate_source (is_shared_block_storage).
 */
export const storagePool = pairRule({
  id: 'storage-pool',
  askedBy: 'hosts',
  signatureOf: (server, { cloud }) => {
    const from = homeOf(server, cloud);
    return poolOf(from, cloud) ?? (tellsVolumes(server) && tellsDisks(from, cloud) ? '' : 'unknown');
  },
  judge({ server, storage, from, to }, { cloud }) {
    if (storage === 'block') {
      if (!tellsVolumes(server)) return unknownVolumes;
      return tellsDisks(from, cloud) ? yes : unknownDisks;
    }
    const pool = poolOf(from, cloud);
    if (storage === 'volume' || pool === undefined || pool === poolOf(to, cloud)) return yes;
    if (to.storagePool === undefined) return unknownPool;
    return { kind: 'no', measured: 1, limit: 0, unit: 'pools apart', where: to.id, names: [pool] };
  },
  describe: ({ where, names }) =>
    `host ${where} does not see storage pool ${(names ?? []).join(', ')}, where the disks are`,
});

const poolOf = (host: Host | undefined, { storagePools }: Cloud): StoragePoolId | undefined =>
  host?.storagePool !== undefined && storagePools.get(host.storagePool)?.kind === 'shared'
    ? host.storagePool
    : undefined;

/** Whether some source tells on what the disks of a host's servers lie: its pool, or a backend that is not Ceph's. */
function tellsDisks(host: Host | undefined, cloud: Cloud): boolean {
  if (host === undefined || host.storagePool !== undefined) return true;
  const { value, known } = settingWithSource(host, cloud, 'imagesType');
  return known && value !== 'rbd';
}

/** Whether some source tells that a server has disks that are no volumes. */
const tellsVolumes = ({ bootFromVolume, configDrive }: Server): boolean =>
  bootFromVolume === false || (bootFromVolume === true && configDrive !== undefined);

const unknownVolumes: Unknown = {
  kind: 'unknown',
  missing: ['servers[].bootFromVolume', 'servers[].configDrive'],
  safe: 'yes',
  assumption: 'whether some servers have disks that are no volumes is not known: they are taken to have them',
};

const unknownDisks: Unknown = {
  kind: 'unknown',
  missing: ['novaConfig.imagesType', 'hosts[].storagePool'],
  safe: 'yes',
  assumption:
    'whether disks of servers lie on storage that hosts share is not known: they are taken to be copied',
};

const unknownPool: Unknown = {
  kind: 'unknown',
  missing: ['hosts[].storagePool'],
  safe: 'no',
  assumption: 'the storage pool of some hosts is not known: no server of a shared pool moves there',
};
