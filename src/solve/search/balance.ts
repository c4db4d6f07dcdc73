import { at } from '../../shared/at.ts';
import type { Rng } from '../../shared/rng.ts';
import { sortBy } from './sort-by.ts';
import type { SearchState } from './search-state.ts';
import { hardestFirst } from './settle.ts';
import { bestHost, openHosts, placeAll, Trail } from './steps.ts';

/** Steepest descent: from the host that costs most, the one move that saves most, until none saves anything. */
export function descend(state: SearchState, maxLooks: number): void {
  const stop = state.looks + maxLooks;
  for (let improved = true; improved && state.looks < stop;) {
    improved = false;
    const targets = cheapestFirst(state, openHosts(state));
    for (const h of cheapestFirst(state, [...state.problem.hosts.keys()]).reverse()) {
      if (state.loads.ofHost(h) <= 0 || state.looks >= stop) break;
      while (moveBest(state, h, targets)) improved = true;
    }
  }
}

/** Hosts by what their load costs, then by room. */
function cheapestFirst(state: SearchState, hosts: readonly number[]): number[] {
  const byRoom = sortBy(hosts, (h) => -at(state.amounts.room, h));
  return sortBy(byRoom, (h) => state.loads.ofHost(h));
}

/** Makes the best single move away from a host; false when none is worth it. */
function moveBest(state: SearchState, h: number, targets: readonly number[]): boolean {
  const { problem } = state;
  const before = state.objective;
  const seen = new Set<string>();
  let best = before - 1e-7;
  let move: { readonly v: number; readonly to: number } | undefined;
  for (const v of [...at(state.serversOn, h)]) {
    if (problem.fixed[v] === 1) continue;
    const key = `${at(problem.classOf, v)} ${at(problem.start, v) === h ? at(problem.holdingOf, v) : -at(problem.start, v)} ${at(problem.cost, v)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const trail = new Trail(state);
    trail.lift(v);
    const to = bestHost(state, v, targets);
    if (to >= 0 && to !== h && state.objective + state.price(v, to) < best) {
      best = state.objective + state.price(v, to);
      move = { v, to };
    }
    trail.undo();
  }
  if (move === undefined) return false;
  const trail = new Trail(state);
  trail.lift(move.v);
  if (state.canPlace(move.v, move.to)) state.place(move.v, move.to);
  if (state.lifted === 0 && state.side.shortOfSpread === 0 && state.objective < before) return true;
  trail.undo();
  return false;
}

/** No more servers than this are taken out at once. */
const maxRuined = 16;

/** Takes some servers off two or three hosts and places them again, with some chance; kept when not worse. */
export function ruinAndRecreate(state: SearchState, sizes: Float64Array, rng: Rng): boolean {
  const { fixed, start, hosts } = state.problem;
  const before = state.objective;
  const trail = new Trail(state);
  const ruined = new Set<number>();
  const drawn = [0, 1, 2].map(() => rng.nextInt(hosts.length));
  const [dearest = 0] = sortBy(drawn, (h) => -state.loads.ofHost(h));
  const chosen = [dearest, rng.nextInt(hosts.length), rng.nextInt(hosts.length)].slice(0, 2 + rng.nextInt(2));
  for (const h of chosen)
    for (const v of rng.shuffle(at(state.serversOn, h)).slice(0, 1 + rng.nextInt(maxRuined / 2)))
      if (fixed[v] === 0) ruined.add(v);
  for (const [v, h] of state.at.entries())
    if (ruined.size < maxRuined && h !== start[v] && h >= 0 && chosen.includes(at(start, v))) ruined.add(v);
  for (const v of ruined) trail.lift(v);
  const order = rng.nextInt(2) === 0 ? hardestFirst(state, sizes, ruined) : rng.shuffle([...ruined]);
  const targets = openHosts(state);
  const few =
    targets.length <= 40
      ? targets
      : [...chosen.filter((h) => state.shut[h] === 0), ...sample(targets, 30, rng)];
  if (placeAll(state, order, few, { rng, share: 0.5 }) && state.complete && state.objective <= before + 1e-9)
    return true;
  trail.undo();
  return false;
}

function sample(items: readonly number[], count: number, rng: Rng): number[] {
  return Array.from({ length: count }, () => at(items, rng.nextInt(items.length)));
}
