import { createObjective } from '../objective/evaluate.ts';
import { prioritiesOf } from '../objective/priorities.ts';
import type { Backend } from './backend.ts';
import { checkPrimitives } from './check-primitives.ts';
import { compileProblem } from './compile/compile.ts';
import { estimateColumns } from './linear/exact.ts';
import { createSearch } from './search/heuristic.ts';
import { highestLoadOf } from './levels/highest-load.ts';
import { meets } from './optimality.ts';
import { narrowDrain, widen } from './narrow.ts';
import { toAnswer } from './placed.ts';
import type { PlacementProblem, SolveBudget, SolveOutcome } from './placement-problem.ts';
import {
  firstRounds,
  isProven,
  type Proof,
  prove,
  raisePlainBound,
  searched,
  searchFor,
  type Solve,
} from './prove.ts';
import { createRun } from './run.ts';
import { searchTogether } from './search-rounds.ts';
import { solveByPriority, type SolveWeighted } from './priorities/solve-by-priority.ts';
import { solveLevels } from './levels/solve-levels.ts';
import { binsOf, proveByParts } from './parts/prove-by-parts.ts';
import { hasStranded, strandedMethod } from './stranded.ts';

/** Up to so many columns a model that pays for the highest load is solved as it is; beyond, level by level. */
const mostColumnsWithHighest = 150;

/**
 * Decides where servers should run.
 *
 * A search finds a first answer at once. Relaxations tell how good an answer can be, and often which hosts to empty.
 * If that leaves a gap, a model of the whole problem is solved where it is small enough for the backend, else the
 * search goes on. A large cloud under a goal that pays for the highest load is solved level by level (`solveLevels`),
 * a goal with several priorities one after the other (`solveByPriority`). What is returned has passed `checkPrimitives`;
 * without a backend nothing is proven.
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
  const proof = backend === undefined ? 'open' : await proveOrSplit(solve, backend);
  if (proof === 'infeasible' && search.best === undefined)
    return { kind: 'infeasible', method: solve.run.methods.join(', ') };
  if (proof === 'open' && !isProven(solve)) {
    await searchTogether(searched(solve));
  }
  return conclude(solve);
}

/** Asks models of the whole; where a cloud falls into parts, the larger ones of each part. */
function proveOrSplit(solve: Solve, backend: Backend): Promise<Proof> {
  const bins = binsOf(solve.compiled);
  const byParts = bins.length < 2 ? undefined : () => proveByParts(solve, bins, backend);
  return prove(solve, solve.run.spendRounds(backend), byParts);
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
