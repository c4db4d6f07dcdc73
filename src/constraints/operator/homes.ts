import type { HostId, ServerId } from '../../model/ids.ts';
import { homeClaim, type StateView } from '../state-view.ts';

/** Where servers run, those on their way still at the host that they leave; who runs nowhere is left out. */
export function homesOf(servers: readonly ServerId[], state: StateView): ReadonlyMap<ServerId, HostId> {
  const homes = new Map<ServerId, HostId>();
  for (const server of servers) {
    const home = homeClaim(server, state);
    if (home !== undefined) homes.set(server, home.host);
  }
  return homes;
}
