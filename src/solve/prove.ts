import { at } from '../shared/at.ts';
import { relaxHosts, relaxLoads } from './bounds/bound.ts';
import { checkPrimitives } from './check-primitives.ts';
import { closeByKnapsack } from './bounds/close-by-knapsack.ts';
import type { CompiledProblem } from './compile/compiled.ts';
import { estimateColumns, isSmallEnough, knowsCells, solveExactly } from './linear/exact.ts';
import type { Search } from './search/heuristic.ts';
import { improveSlots } from './slots/improve-slots.ts';
import { meets } from './optimality.ts';
import { type Placed, toAnswer } from './placed.ts';
import type { PlacementProblem, SolveBudget } from './placement-problem.ts';
import type { Run, Solver } from './run.ts';
import { isFlat } from './search/flat/flat-problem.ts';
import { searchAlone, type Searched } from './search-rounds.ts';
import { solveParts } from './parts/solve-parts.ts';

/** Rounds of search before relaxations are asked: enough for a first answer. */
export const firstRounds = 1;
/** Rounds of search before the whole model is asked, for a good start; more where it will hardly end. */
const startRounds = 3;
const roundsBeforeHard = 200;
/** Beyond so many columns a model that pays for free slots seldom ends: the search has its effort first. */
const mostColumnsWithSlots = 2_000;
/** Effort of a model of the whole, turn by turn; then the search goes on. */
const roundsByTurn = [8, 16, 32, 64, 128, 256];
/** Rounds that a bound may count for where the search goes fast. */
const roundsForBound = 4;

/** All that one solve works on. */
export interface Solve {
  readonly problem: PlacementProblem;
  readonly compiled: CompiledProblem;
  readonly budget: SolveBudget;
  readonly run: Run;
  readonly search: Search;
  /** Answers of models, which the search may not be able to start from. */
  readonly solutions: Placed[];
}

/** Bounds that take no model: nothing can move, or moves cost no less than those that must be made; nothing pays. */
export function raisePlainBound({ compiled, run, search }: Solve): void {
  const { classes, cost, objective, start, mustEmpty, fixed } = compiled;
  if (search.best === undefined) return;
  if (classes.length === 0) run.raiseBound(search.best.objective);
  if (objective.paysForHosts || cost.some((price) => price < 0)) return;
  let forced = 0;
  for (const [v, h] of start.entries()) if (mustEmpty[h] === 1 && fixed[v] === 0) forced += at(cost, v);
  if (meets(search.best.objective, forced)) run.raiseBound(forced);
}

export const searched = (solve: Solve): Searched => ({ ...solve, isProven: () => isProven(solve) });

export const searchFor = (solve: Solve, rounds: number): Promise<void> =>
  searchAlone(searched(solve), rounds);

export const isProven = ({ run, search }: Solve): boolean =>
  search.best !== undefined && run.bound !== undefined && meets(search.best.objective, run.bound);

/** What came of asking models; `open`: more search may still find something better. */
export type Proof = 'infeasible' | 'done' | 'open';

/** Asks relaxations and then, part by part if told how, the whole model if that is small enough. */
export async function prove(
  solve: Solve,
  solver: Solver,
  byParts?: () => Promise<Proof | 'whole'>,
): Promise<Proof> {
  const { compiled, run } = solve;
  const small = isSmallEnough(compiled, solver.id);
  if (!run.hasEffort() || isProven(solve)) return 'done';
  const hosts = await relaxHosts(compiled, solver);
  if (hosts.infeasible) return 'infeasible';
  noteBound(solve, `closing knapsack (${solver.id})`, hosts.bound);
  await closeByKnapsack(solve, hosts, solver, { isSmall: small, isProven: () => isProven(solve) });
  if (compiled.objective.slots.length > 0) {
    await searchFor(solve, startRounds);
    await offerSlots(solve, solver);
  }
  if (isProven(solve) || !run.hasEffort()) return 'done';
  const parted = await byParts?.();
  if (parted !== undefined && parted !== 'whole') return parted;
  return small ? solveWhole(solve, solver, hosts.leastHosts) : solveLarge(solve, solver);
}

/** Where the search goes fast its time is worth more than a bound that is hardly ever near. */
const brief = (solver: Solver): Solver => ({
  id: solver.id,
  solve: (problem, gap) => solver.solve(problem, gap, roundsForBound),
});

/** Bounds and answers for a cloud that is too large for one model. */
async function solveLarge(solve: Solve, solver: Solver): Promise<Proof> {
  const { problem, compiled, budget, run, search } = solve;
  const loads = await relaxLoads(compiled, isFlat(compiled) ? brief(solver) : solver);
  if (loads.infeasible) return 'infeasible';
  noteBound(solve, `shedding (${solver.id})`, loads.bound);
  if (isProven(solve) || !run.hasEffort()) return 'done';
  const goesOn = (): boolean => run.hasEffort();
  const { placed, bound, infeasible } = await solveParts(compiled, solver, { seed: budget.seed, goesOn });
  if (infeasible) return 'infeasible';
  const legal = checkPrimitives(problem, toAnswer(compiled, placed)).length === 0;
  if (legal && knowsCells(compiled, placed)) search.offer(placed);
  noteBound(solve, `parts (${solver.id})`, bound);
  return isProven(solve) ? 'done' : 'open';
}

function noteBound({ run, search }: Solve, name: string, bound: number | undefined): void {
  if (bound === undefined) return;
  run.use(name);
  run.raiseBound(bound);
  run.tell(search.best?.objective);
}

/** Where free slots are paid for, an answer by patterns of what happens on single hosts. */
async function offerSlots({ compiled, run, search }: Solve, solver: Solver): Promise<void> {
  const { placed, bound } = await improveSlots(compiled, solver, () => run.hasEffort());
  if (placed === undefined && bound === undefined) return;
  run.use(`slot patterns (${solver.id})`);
  run.raiseBound(bound);
  if (placed !== undefined) search.offer(placed);
  run.tell(search.best?.objective);
}

/**
 * The whole problem as one model, in turns of which each may take twice the effort of the one before and begins where
 * that ended: what a turn has found counts, however the next one ends.
 */
async function solveWhole(solve: Solve, solver: Solver, leastHosts: number): Promise<Proof> {
  const { compiled, run } = solve;
  const isHard = compiled.objective.slots.length > 0 && estimateColumns(compiled) > mostColumnsWithSlots;
  await searchFor(solve, isHard ? roundsBeforeHard : startRounds);
  for (const mostRounds of roundsByTurn) {
    if (!run.hasEffort()) return 'done';
    const turn = await solveTurn(solve, solver, { leastHosts, mostRounds });
    if (turn !== 'unfinished') return turn;
    if (isProven(solve)) return 'done';
  }
  return 'open';
}

async function solveTurn(
  { compiled, run, search, solutions }: Solve,
  solver: Solver,
  options: { readonly leastHosts: number; readonly mostRounds: number },
): Promise<Proof | 'unfinished'> {
  const answer = await solveExactly(compiled, solver, { known: search.best?.placed, ...options });
  if (answer.kind === 'too-large') return 'open';
  // What time cut short is not heeded, and not named.
  if (answer.kind === 'answered' && answer.stoppedBy === 'time') return 'done';
  run.use(`assignment model (${solver.id})`);
  if (answer.kind === 'infeasible') return 'infeasible';
  run.raiseBound(answer.bound);
  if (answer.placed !== undefined) {
    // What only a packing tells of spare room, the search has to see.
    if (compiled.spareRoom === undefined) solutions.push(answer.placed);
    if (knowsCells(compiled, answer.placed)) search.offer(answer.placed);
  }
  run.tell(search.best?.objective);
  if (answer.stoppedBy === 'effort') return 'unfinished';
  if (answer.stoppedBy !== undefined) run.stop(answer.stoppedBy);
  return 'done';
}
