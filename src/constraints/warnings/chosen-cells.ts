import type { HostId, ServerId } from '../../model/ids.ts';
import type { Claim } from '../../nova/claim.ts';
import type { FoundFit } from '../../nova/numa-fit.ts';
import { homeClaim, type StateView } from '../state-view.ts';

/** What Nova would choose for a server on a host; undefined when it does not fit, or that is not known. */
export function chosenOn(server: ServerId, host: HostId, state: StateView): FoundFit | undefined {
  const fit = state.fit(server, host);
  return fit?.fits === true ? fit : undefined;
}

/** What a server holds of NUMA cells and devices where it runs now; undefined when it is nothing, or not known. */
export const heldNow = (
  server: ServerId,
  state: StateView,
): (Claim & { readonly host: HostId }) | undefined => {
  const home = homeClaim(server, state);
  return home?.guest === undefined ? undefined : { ...home.guest, host: home.host };
};

/** Ids as words: `0`, `0 and 1`, `0, 1 and 3`. */
export function listIds(ids: Iterable<number>): string {
  const sorted = [...new Set(ids)].toSorted((a, b) => a - b).map(String);
  const last = sorted.pop() ?? '';
  return sorted.length === 0 ? last : `${sorted.join(', ')} and ${last}`;
}

/** `NUMA cell 0`, `NUMA cells 0 and 1`. */
export const cellNames = (ids: Iterable<number>): string => {
  const distinct = [...new Set(ids)];
  return `NUMA cell${distinct.length === 1 ? '' : 's'} ${listIds(distinct)}`;
};
