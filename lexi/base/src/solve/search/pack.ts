import { at } from '../../shared/at.ts';
import type { Rng } from '../../shared/rng.ts';
import type { SearchState } from './search-state.ts';
import { hardestFirst, settle } from './settle.ts';
import { Candidates, openHosts, Trail } from './steps.ts';

/**
 * Empties exactly the hosts that are not to be kept: all that is on them goes to the kept ones, hardest first, in as
 * many random orders as `tries`, then by clearing hosts for those who found no place.
 *
 * @returns true when everybody has a place on a kept host
 */
export function packInto(
  state: SearchState,
  sizes: Float64Array,
  keep: Uint8Array,
  rng: Rng,
  tries: number,
): boolean {
  const { fixed, hosts, mustEmpty } = state.problem;
  const closed = hosts.map((_, h) => h).filter((h) => keep[h] === 0);
  const standing = closed.flatMap((h) => at(state.serversOn, h).filter((v) => fixed[v] === 0));
  const lifted = [...state.at.keys()].filter((v) => state.at[v] === -1);
  for (const h of closed) state.shut[h] = 1;
  const targets = openHosts(state);
  const order = hardestFirst(state, sizes, [...standing, ...lifted]);
  let packed = false;
  for (let n = 0; n < tries && !packed; n += 1) {
    const trail = new Trail(state);
    for (const v of standing) trail.lift(v);
    for (const v of lifted) trail.note(v);
    packed = new Candidates(state, targets).placeAll(order, n === 0 ? undefined : { rng, share: 0.1 * n });
    if (!packed && n < tries - 1) trail.undo();
  }
  if (!packed) packed = settle(state, sizes, rng, settleTries);
  state.shut.set(mustEmpty);
  return packed;
}

const settleTries = 300;
