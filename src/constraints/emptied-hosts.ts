import { cloudIndex } from '../model/cloud-index.ts';
import type { HostId } from '../model/ids.ts';
import type { RuleContext } from './context.ts';
import { emptied, occupiedHost, type OccupiedHost } from './occupied-host.ts';

/** A host as it would be without the servers of the cloud (`state`, not to be changed), and what they hold there. */
export type EmptiedHost = OccupiedHost;

/**
 * Every host whose cells are known, emptied of the servers that run there: what is left in use belongs to moves in
 * flight and to nobody. A guest that does not fit here never fits, since leaving only frees. Made once a context.
 */
export function emptiedHosts(context: RuleContext): ReadonlyMap<HostId, EmptiedHost> {
  const known = made.get(context);
  if (known !== undefined) return known;
  const { residents } = cloudIndex(context.cloud);
  const hosts = new Map<HostId, EmptiedHost>();
  for (const host of context.cloud.hosts.values()) {
    const occupied = occupiedHost(host, residents.get(host.id) ?? [], context);
    if (occupied !== undefined) hosts.set(host.id, { ...occupied, state: emptied(occupied) });
  }
  made.set(context, hosts);
  return hosts;
}

const made = new WeakMap<RuleContext, ReadonlyMap<HostId, EmptiedHost>>();
