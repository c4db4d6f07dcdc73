import { at } from '../../shared/at.ts';
import type { Rng } from '../../shared/rng.ts';
import type { SearchState } from './search-state.ts';
import { hardestFirst } from './settle.ts';
import { sortBy } from './sort-by.ts';
import { Candidates, type Noise, Trail, tryMove } from './steps.ts';

/** Facts of a problem that a consolidation looks up all the time. */
export interface ConsolidateContext {
  readonly state: SearchState;
  /** By class, see `classSizes`. */
  readonly sizes: Float64Array;
  /** Room of each host when it is empty. */
  readonly capacities: Float64Array;
  /** Whether there is room for the servers of any host that is lost; true where nobody asks for that. */
  readonly hasSpareRoom: () => boolean;
}

/**
 * Closes hosts one after the other, as long as each pays. Order: most gained for the room that is lost first,
 *
 *     (price of the host − Σ cost of those who would move − λ × their number) / capacity
 */
export function closeHosts(context: ConsolidateContext, lambda: number, noise?: Noise): void {
  const { state } = context;
  const candidates = usedHosts(state).filter((h) => canClose(state, h));
  const score = (h: number): number =>
    scoreOf(context, h, lambda) * (noise === undefined ? 1 : jitter(noise));
  closeInTurn(
    context,
    sortBy(candidates, (h) => -score(h)),
    noise,
  );
}

/** Tries to close these hosts; what is closed takes nobody until all have been tried. */
function closeInTurn(
  { state, sizes, hasSpareRoom }: ConsolidateContext,
  order: readonly number[],
  noise?: Noise,
): void {
  const targets = new Candidates(state, usedHosts(state));
  for (const h of order) {
    const before = state.objective;
    const trail = new Trail(state);
    const evacuees = hardestFirst(state, sizes, at(state.serversOn, h));
    state.shut[h] = 1;
    for (const v of evacuees) trail.lift(v);
    const closed = targets.placeAll(evacuees, noise) && state.objective < before - leastSaving;
    if (closed && hasSpareRoom()) continue;
    trail.undo();
    state.shut[h] = 0;
  }
  state.shut.set(state.problem.mustEmpty);
}

/** Closing a host must save more than rounding. */
const leastSaving = 1e-9;

const jitter = ({ rng, share }: Noise): number => 1 + share * (2 * rng.nextFloat() - 1);

const usedHosts = (state: SearchState): number[] =>
  state.problem.hosts
    .map((_, h) => h)
    .filter((h) => at(state.serversOn, h).length > 0 && state.shut[h] === 0);

const canClose = (state: SearchState, h: number): boolean =>
  at(state.serversOn, h).every((v) => state.problem.fixed[v] === 0);

function scoreOf({ state, capacities }: ConsolidateContext, h: number, lambda: number): number {
  const { start, cost, objective } = state.problem;
  let price = at(objective.hostPrice, h);
  for (const v of at(state.serversOn, h)) if (start[v] === h) price -= at(cost, v) + lambda;
  return price / Math.max(1e-12, at(capacities, h));
}

/** Sends servers home where there is room now and that is cheaper, the dearest moves first. */
export function bringHome(state: SearchState): void {
  const { start, cost } = state.problem;
  const away = [...state.at.keys()].filter((v) => state.at[v] !== start[v] && state.at[v] !== -1);
  for (const v of sortBy(away, (v) => -at(cost, v))) {
    const before = state.objective;
    tryMove(state, v, at(start, v), () => state.objective < before && state.side.shortOfSpread === 0);
  }
}

/** So many hosts are tried in place of those that were opened. */
const mostExchanged = 8;

/** Opens a few closed hosts again, sends their servers home, and closes others instead; kept when not worse. */
export function exchangeHosts(context: ConsolidateContext, rng: Rng): boolean {
  const { state } = context;
  const { start, hosts } = state.problem;
  const before = state.objective;
  const emptied = new Set<number>();
  for (const [v, h] of state.at.entries()) {
    const home = at(start, v);
    if (h !== home && state.serversOn[home]?.length === 0 && state.shut[home] === 0) emptied.add(home);
  }
  const reopen = rng.shuffle([...emptied]).slice(0, 1 + rng.nextInt(2));
  if (reopen.length === 0 || hosts.length < 2) return false;
  const snapshot = state.snapshot();
  const back = new Set(reopen);
  for (const [v, h] of state.at.entries())
    if (h !== start[v] && back.has(at(start, v))) tryMove(state, v, at(start, v), () => true);
  const noise = { rng, share: 0.3 };
  const lambda = rng.nextFloat() * 100;
  const candidates = usedHosts(state).filter((h) => canClose(state, h) && !back.has(h));
  const order = sortBy(candidates, (h) => -scoreOf(context, h, lambda) * jitter(noise));
  closeInTurn(context, order.slice(0, mostExchanged), noise);
  bringHome(state);
  if (state.objective <= before + 1e-9 && state.complete && context.hasSpareRoom()) return true;
  state.load(snapshot);
  return false;
}
