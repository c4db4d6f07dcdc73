import type { Cloud } from '../../model/cloud.ts';
import type { Host } from '../../model/host.ts';
import type { StoragePoolId } from '../../model/ids.ts';
import type { Storage } from '../arrival.ts';
import { pairMask } from '../pair-mask.ts';
import { type Rule, type Verdict, yes } from '../rule.ts';

/**
 * A server whose disks lie on a shared pool stays with the hosts that see this pool: nothing is copied then, and
 * nothing else is meant by storage `shared`. Nova could copy them elsewhere; the planner leaves that to people.
 *
 * Source: virt/libvirt/driver.py check_can_live_migrate_source (is_shared_block_storage); reference 4.3.
 */
export const storagePool: Rule = {
  id: 'storage-pool',
  scope: 'pair',
  holds: 'always',
  judge: ({ from, to, storage }, { context: { cloud } }) =>
    judgePool(storage, cloud.hosts.get(from), cloud.hosts.get(to), cloud),
  audit: () => [],
  compile: (context) =>
    pairMask(
      'storage-pool',
      context,
      (server) =>
        poolOf(server.host === undefined ? undefined : context.cloud.hosts.get(server.host), context.cloud) ??
        '',
      (server, host, { storage }) => {
        const from = server.host === undefined ? undefined : context.cloud.hosts.get(server.host);
        return judgePool(storage, from, host, context.cloud);
      },
    ),
  describe: ({ where, names }) =>
    `host ${where} does not see storage pool ${(names ?? []).join(', ')}, where the disks are`,
};

function judgePool(storage: Storage, from: Host | undefined, to: Host | undefined, cloud: Cloud): Verdict {
  if (storage !== 'shared' || from === undefined || to === undefined) return yes;
  const pool = poolOf(from, cloud);
  if (pool === undefined || pool === poolOf(to, cloud)) return yes;
  return { kind: 'no', measured: 1, limit: 0, unit: 'pools apart', where: to.id, names: [pool] };
}

const poolOf = (host: Host | undefined, { storagePools }: Cloud): StoragePoolId | undefined =>
  host?.storagePool !== undefined && storagePools.get(host.storagePool)?.kind === 'shared'
    ? host.storagePool
    : undefined;
