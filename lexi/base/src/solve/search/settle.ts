import { at } from '../../shared/at.ts';
import type { Rng } from '../../shared/rng.ts';
import type { SearchState } from './search-state.ts';
import { sortBy } from './sort-by.ts';
import { bestHost, Candidates, openHosts, Trail } from './steps.ts';

/** Servers in the order in which they are best placed: hardest first. */
export function hardestFirst(state: SearchState, sizes: Float64Array, servers: Iterable<number>): number[] {
  const { classOf } = state.problem;
  const size = (v: number): number => sizes[classOf[v] ?? -1] ?? 0;
  return sortBy(
    [...servers].sort((a, b) => a - b),
    (v) => -size(v),
  );
}

/** Lifts what no answer may hold: movable servers on hosts that are to be empty, and one of each broken no-good. */
export function liftForbidden(state: SearchState): void {
  const { mustEmpty, fixed, noGoods } = state.problem;
  for (const [h, flag] of mustEmpty.entries())
    if (flag === 1) for (const v of [...at(state.serversOn, h)]) if (fixed[v] === 0) state.lift(v);
  for (const n of state.side.brokenNoGoods()) {
    const v = at(noGoods, n).servers.find((server) => fixed[server] === 0 && at(state.at, server) >= 0);
    if (v !== undefined && state.side.brokenNoGoods().includes(n)) state.lift(v);
  }
}

/** No host is cleared for one server with more movable servers on it than this. */
const maxCleared = 60;

/**
 * Finds hosts for all lifted servers. Where one fits nowhere, a host is cleared for it and those who stood there are
 * placed again, so many times.
 *
 * @returns true when nobody is lifted any more
 */
export function settle(state: SearchState, sizes: Float64Array, rng: Rng, tries: number): boolean {
  const lifted = (): number[] => [...state.at.keys()].filter((v) => state.at[v] === -1);
  const hosts = openHosts(state);
  for (const v of hardestFirst(state, sizes, lifted())) {
    const host = bestHost(state, v, hosts);
    if (host >= 0) state.place(v, host);
  }
  for (let n = 0; n < tries && state.lifted > 0 && hosts.length > 0; n += 1) {
    const waiting = lifted();
    clearFor(
      state,
      sizes,
      at(waiting, rng.nextInt(waiting.length)),
      at(hosts, rng.nextInt(hosts.length)),
      rng,
    );
  }
  return state.lifted === 0;
}

function clearFor(state: SearchState, sizes: Float64Array, v: number, h: number, rng: Rng): void {
  const { fixed } = state.problem;
  const trail = new Trail(state);
  trail.note(v);
  const others = at(state.serversOn, h).filter((other) => fixed[other] === 0);
  const cleared = rng.shuffle(others).slice(0, maxCleared);
  for (const other of cleared) trail.lift(other);
  const fits = state.canPlace(v, h);
  if (fits) state.place(v, h);
  const noise = { rng, share: 0.5 };
  if (!fits || !new Candidates(state, openHosts(state)).placeAll(hardestFirst(state, sizes, cleared), noise))
    trail.undo();
}
