import { createObjective } from '../objective/evaluate.ts';
import { prioritiesOf } from '../objective/priorities.ts';
import { at } from '../shared/at.ts';
import type { Backend } from './backend.ts';
import { relaxHosts, relaxLoads } from './bound.ts';
import { checkPrimitives } from './check-primitives.ts';
import { closeByKnapsack } from './close-by-knapsack.ts';
import { compileProblem } from './compile.ts';
import type { CompiledProblem } from './compiled.ts';
import { estimateColumns, isSmallEnough, knowsCells, solveExactly } from './exact.ts';
import { createSearch, type Search } from './heuristic.ts';
import { highestLoadOf } from './highest-load.ts';
import { improveSlots } from './improve-slots.ts';
import { narrowDrain, widen } from './narrow.ts';
import { type Placed, toAnswer } from './placed.ts';
import type { PlacementProblem, SolveBudget, SolveOutcome } from './placement-problem.ts';
import { searchAlone, type Searched, searchTogether } from './search-rounds.ts';
import { createRun, type Run, type Solver } from './run.ts';
import { solveByPriority, type SolveWeighted } from './solve-by-priority.ts';
import { isFlat } from './search/flat/flat-problem.ts';
import { solveLevels } from './solve-levels.ts';
import { solveParts } from './solve-parts.ts';
import { hasStranded, strandedMethod } from './stranded.ts';

/** An objective this near to its bound, as a share of max(1, |objective|), is optimal. */
export const optimalityTolerance = 1e-6;
/** Rounds of search before relaxations are asked: enough for a first answer. */
const firstRounds = 1;
/** Rounds of search before the whole model is asked, for a good start; more where it will hardly end. */
const startRounds = 3;
const roundsBeforeHard = 200;
/** Beyond so many columns a model that pays for free slots seldom ends: the search has its effort first. */
const mostColumnsWithSlots = 2_000;

/** Up to so many columns a model that pays for the highest load is solved as it is; beyond, level by level. */
const mostColumnsWithHighest = 150;

/** Rounds that a bound may count for where the search goes fast. */
const roundsForBound = 4;

/** All that one solve works on. */
interface Solve {
  readonly problem: PlacementProblem;
  readonly compiled: CompiledProblem;
  readonly budget: SolveBudget;
  readonly run: Run;
  readonly search: Search;
  /** Answers of models, which the search may not be able to start from. */
  readonly solutions: Placed[];
}

/**
 * Decides where servers should run.
 *
 * A search finds a first answer at once. Relaxations tell how good an answer can be, and often which hosts to empty.
 * If that leaves a gap, a model of the whole problem is solved where it is small enough for the backend, else the
 * search goes on. A large cloud under a goal that pays for the highest load is solved level by level (`solveLevels`), and a goal with several priorities one after the other (`solveByPriority`). What is returned has passed `checkPrimitives`; without a backend nothing is proven.
 */
export const solvePlacement: SolveWeighted = (problem, backend, budget) =>
  prioritiesOf(problem.goal).length > 1
    ? solveByPriority(problem, backend, budget, solveWeighted)
    : solveWeighted(problem, backend, budget);

/** Solves a goal whose terms all have one priority. */
async function solveWeighted(
  problem: PlacementProblem,
  backend: Backend | undefined,
  budget: SolveBudget,
): Promise<SolveOutcome> {
  const narrowed = narrowDrain(problem);
  const narrow = narrowed === undefined ? undefined : await solveNarrowed(problem, narrowed, budget);
  if (narrow !== undefined) return narrow;
  const compiled = compileProblem(problem);
  if (hasStranded(compiled)) return { kind: 'infeasible', method: strandedMethod };
  const highest = highestLoadOf(problem.goal);
  const byLevels = highest !== undefined && compiled.spareRoom === undefined;
  if (byLevels && estimateColumns(compiled) > mostColumnsWithHighest)
    return solveLevels(problem, highest, backend, budget);
  const search = createSearch(compiled, budget.seed);
  const solve: Solve = { problem, compiled, budget, run: createRun(budget), search, solutions: [] };
  await searchFor(solve, firstRounds);
  raisePlainBound(solve);
  const proof = backend === undefined ? 'open' : await prove(solve, solve.run.spendRounds(backend));
  if (proof === 'infeasible' && search.best === undefined)
    return { kind: 'infeasible', method: solve.run.methods.join(', ') };
  if (proof === 'open' && !isProven(solve)) {
    await searchTogether(searched(solve));
  }
  return conclude(solve);
}

/** The optimum by a few hosts alone; undefined where these do not tell. */
async function solveNarrowed(
  problem: PlacementProblem,
  narrowed: PlacementProblem,
  budget: SolveBudget,
): Promise<SolveOutcome | undefined> {
  const compiled = compileProblem(narrowed);
  if (hasStranded(compiled)) return undefined;
  const search = createSearch(compiled, budget.seed);
  const solve: Solve = { problem: narrowed, compiled, budget, run: createRun(budget), search, solutions: [] };
  await searchFor(solve, firstRounds);
  raisePlainBound(solve);
  if (!isProven(solve) || search.best === undefined) return undefined;
  const outcome = conclude(solve);
  if (outcome.kind !== 'optimal') return undefined;
  const { cells } = toAnswer(compiled, search.best.placed);
  const assignment = widen(problem, outcome.assignment);
  return checkPrimitives(problem, { assignment, cells }).length > 0 ? undefined : { ...outcome, assignment };
}

/** Bounds that take no model: nothing can move, or moves cost no less than those that must be made; nothing pays. */
function raisePlainBound({ compiled, run, search }: Solve): void {
  const { classes, cost, objective, start, mustEmpty, fixed } = compiled;
  if (search.best === undefined) return;
  if (classes.length === 0) run.raiseBound(search.best.objective);
  if (objective.paysForHosts || cost.some((price) => price < 0)) return;
  let forced = 0;
  for (const [v, h] of start.entries()) if (mustEmpty[h] === 1 && fixed[v] === 0) forced += at(cost, v);
  if (meets(search.best.objective, forced)) run.raiseBound(forced);
}

const searched = (solve: Solve): Searched => ({ ...solve, isProven: () => isProven(solve) });

const searchFor = (solve: Solve, rounds: number): Promise<void> => searchAlone(searched(solve), rounds);

const isProven = ({ run, search }: Solve): boolean =>
  search.best !== undefined && run.bound !== undefined && meets(search.best.objective, run.bound);

/** Whether the first is not above the second, but for rounding. */
const meets = (objective: number, bound: number): boolean =>
  objective - bound <= optimalityTolerance * Math.max(1, Math.abs(objective));

/** What came of asking models; `open`: more search may still find something better. */
type Proof = 'infeasible' | 'done' | 'open';

/** Asks relaxations and, if small enough, the whole model. */
async function prove(solve: Solve, solver: Solver): Promise<Proof> {
  const { compiled, run } = solve;
  const small = isSmallEnough(compiled, solver.id);
  if (!run.hasEffort() || isProven(solve)) return 'done';
  const hosts = await relaxHosts(compiled, solver);
  if (hosts.infeasible) return 'infeasible';
  noteBound(solve, `closing knapsack (${solver.id})`, hosts.bound);
  await closeByKnapsack(solve, hosts, solver, () => isProven(solve));
  await offerSlots(solve, solver);
  if (isProven(solve) || !run.hasEffort()) return 'done';
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

async function solveWhole(solve: Solve, solver: Solver, leastHosts: number): Promise<Proof> {
  const { compiled, run, search, solutions } = solve;
  const isHard = compiled.objective.slots.length > 0 && estimateColumns(compiled) > mostColumnsWithSlots;
  await searchFor(solve, isHard ? roundsBeforeHard : startRounds);
  if (!run.hasEffort()) return 'done';
  const known = search.best?.placed;
  const answer = await solveExactly(compiled, solver, { known, leastHosts });
  if (answer.kind === 'too-large') return 'open';
  run.use(`assignment model (${solver.id})`);
  if (answer.kind === 'infeasible') return 'infeasible';
  run.raiseBound(answer.bound);
  if (answer.stoppedBy !== undefined) run.stop(answer.stoppedBy);
  if (answer.placed !== undefined) {
    // What only a packing tells of spare room, the search has to see.
    if (compiled.spareRoom === undefined) solutions.push(answer.placed);
    if (knowsCells(compiled, answer.placed)) search.offer(answer.placed);
  }
  run.tell(search.best?.objective);
  return answer.stoppedBy === 'effort' ? 'open' : 'done';
}

/** The best answer that passes the check, with what is known of how good it is. */
function conclude({ problem, compiled, run, search, solutions }: Solve): SolveOutcome {
  const objective = createObjective(problem.goal, problem.cloud, problem.demands);
  const candidates = [...(search.best === undefined ? [] : [search.best.placed]), ...solutions].map(
    (placed) => {
      const answer = toAnswer(compiled, placed);
      const moved = [...answer.assignment].filter(([server, host]) => problem.start.get(server) !== host);
      const volumes = moved.map(([server]) => problem.volumeOf(server));
      return { answer, objective: objective.evaluate(problem.start, answer.assignment, volumes).after };
    },
  );
  const passed = candidates.filter(({ answer }) => checkPrimitives(problem, answer).length === 0);
  const failed = candidates.length - passed.length;
  const method = [...run.methods, ...(failed === 0 ? [] : [`${failed} answers failed the check`])].join(', ');
  const stopped = run.stoppedBy === undefined ? {} : { stoppedBy: run.stoppedBy };
  const [best] = passed.sort((a, b) => a.objective - b.objective); // stable: the search's comes first
  if (best === undefined)
    return { kind: 'unknown', ...(run.bound === undefined ? {} : { bound: run.bound }), ...stopped, method };
  const found = { assignment: best.answer.assignment, objective: best.objective, method, rounds: run.rounds };
  // A bound above an answer that passed the check would be a bug of ours: nothing is claimed then.
  if (run.bound === undefined || !meets(run.bound, best.objective))
    return { kind: 'feasible', ...found, ...stopped };
  const bound = Math.min(run.bound, best.objective);
  if (meets(best.objective, bound)) return { kind: 'optimal', ...found, bound };
  return { kind: 'feasible', ...found, bound, ...stopped };
}
