import { createObjective } from '../../objective/evaluate.ts';
import type { HighestLoad } from '../../objective/goal.ts';
import { at } from '../../shared/at.ts';
import { createRng } from '../../shared/rng.ts';
import type { Backend } from '../backend.ts';
import { checkPrimitives } from '../check-primitives.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import { estimateColumns, isSmallEnough, knowsCells, solveExactly } from '../linear/exact.ts';
import { createLevels, levelOf, type Levels, under } from './highest-load.ts';
import { improveWindow } from './improve-windows.ts';
import { type LevelChoice, levelChoices } from './level-choices.ts';
import { meets } from '../optimality.ts';
import { type Placed, toAnswer } from '../placed.ts';
import type { PlacementProblem, SolveBudget, SolveOutcome } from '../placement-problem.ts';
import { createRun, type Run } from '../run.ts';
import { hasStranded, strandedMethod } from '../stranded.ts';
import { createLevelSearch, type LevelSearch } from '../search/level-search.ts';

/** Rounds of ruin and recreate, and then small models, without anything better before a level is left. */
const idleRounds = 6;
const idleWindows = 400;
/** Where small models follow, a round that makes moves cheaper by less than this share is the last. */
const worthwhile = 0.0025;
/** Small models that a unit of effort buys. */
const windowsPerEffort = 20;
/** Up to so many columns the whole problem is proven at once; larger ones only when nothing else helps any more. */
const proveAtOnce = 3_000;
/** Chance that draws windows is a stream of its own. */
const windowStream = 3_000_000;

/** All that one solve works on. */
interface Solve {
  readonly problem: PlacementProblem;
  readonly levels: Levels;
  readonly backend: Backend | undefined;
  readonly budget: SolveBudget;
  readonly run: Run;
  /** The answers that were best when they were found, the best last. */
  readonly found: Found[];
}

interface Found {
  readonly placed: Placed;
  readonly objective: number;
}

/**
 * Solves a goal that pays for the highest load, and besides for moves alone. One level of load after the other becomes
 * a limit, under which the moves are to be cheap: the most promising level first, by what hosts must lose to get down
 * to it. Levels whose bound is above the best answer are never looked at.
 */
export async function solveLevels(
  problem: PlacementProblem,
  term: HighestLoad,
  backend: Backend | undefined,
  budget: SolveBudget,
): Promise<SolveOutcome> {
  const levels = createLevels(problem, term);
  if (hasStranded(levels.compiled)) return { kind: 'infeasible', method: strandedMethod };
  const { start } = levels.compiled;
  const solve: Solve = { problem, levels, backend, budget, run: createRun(budget), found: [] };
  if (problem.mustEmpty.length === 0) offer(solve, { at: start, picks: noPicks(levels.compiled) });
  const bounds: number[] = [];
  const choices = [...levelChoices(levels, levelOf(levels, start))].sort((a, b) =>
    a.bound < b.bound ? -1 : a.bound > b.bound ? 1 : 0,
  );
  for (const choice of choices) {
    const worthIt =
      choice.bound < Infinity &&
      bounds.length < budget.effort &&
      !meets(bestOf(solve), choice.bound) &&
      solve.run.goesOn();
    bounds.push(worthIt ? await tryLevel(solve, choice) : choice.bound);
    noteBound(solve, choices, bounds);
  }
  return conclude(solve);
}

const bestOf = ({ found }: Solve): number => found.at(-1)?.objective ?? Infinity;

const noPicks = ({ servers, cellFits }: CompiledProblem): Int32Array =>
  new Int32Array(servers.length * cellFits.length).fill(-1);

/** The least of what levels cost at least: of those that were tried as the trial said, of the others as it seemed. */
function noteBound({ run, found }: Solve, choices: readonly LevelChoice[], bounds: readonly number[]): void {
  const least = choices.reduce((min, { bound }, i) => Math.min(min, bounds[i] ?? bound), Infinity);
  run.raiseBound(least);
  run.finishRound(found.at(-1)?.objective);
}

function offer(solve: Solve, placed: Placed): void {
  const { levels, found, problem } = solve;
  const { compiled, term } = levels;
  let objective = term.weight * levelOf(levels, placed.at);
  for (const [v, h] of placed.at.entries()) if (h !== compiled.start[v]) objective += at(compiled.cost, v);
  if (objective >= bestOf(solve)) return;
  if (checkPrimitives(problem, toAnswer(compiled, placed)).length === 0) found.push({ placed, objective });
}

/** Looks for cheap moves under one level; returns what is then known to be the least that it costs. */
async function tryLevel(solve: Solve, choice: LevelChoice): Promise<number> {
  const { levels, backend, budget, run } = solve;
  const problem = under(levels, choice.level);
  run.use('levels of load');
  const search = createLevelSearch(problem, choice.leavers, budget.seed);
  const take = (): void => {
    if (search.best !== undefined) offer(solve, search.best);
    run.finishRound(solve.found.at(-1)?.objective);
  };
  take();
  const isDone = (): boolean => !run.goesOn() || meets(choice.price + search.cost, choice.bound);
  const atOnce = estimateColumns(problem) <= proveAtOnce;
  const hasWindows = backend !== undefined && !atOnce && !problem.hasTwin;
  for (let idle = 0, n = 0; idle < idleRounds && n < budget.effort && !isDone(); n += 1) {
    const before = search.cost;
    idle = search.round() ? 0 : idle + 1;
    take();
    if (hasWindows && before - search.cost < worthwhile * search.cost) break;
  }
  if (backend === undefined || isDone()) return choice.bound;
  if (!atOnce) await searchWindows(solve, { problem, search, leavers: choice.leavers }, isDone, take);
  if (isDone() || !isSmallEnough(problem, backend.id)) return choice.bound;
  return Math.max(choice.bound, choice.price + (await prove(solve, problem, search)));
}

/** Improves an answer by small models, each of a few hosts. */
async function searchWindows(
  { backend, budget, run }: Solve,
  {
    problem,
    search,
    leavers,
  }: {
    readonly problem: CompiledProblem;
    readonly search: LevelSearch;
    readonly leavers: readonly number[];
  },
  isDone: () => boolean,
  take: () => void,
): Promise<void> {
  if (backend === undefined || problem.hasTwin) return;
  const solver = createRun({ ...budget, effort: 1 }).spend(backend);
  run.use(`windows (${backend.id})`);
  const most = windowsPerEffort * budget.effort;
  const least = new Float64Array(problem.hosts.length);
  for (const v of leavers)
    least[at(problem.start, v)] = at(least, at(problem.start, v)) + at(problem.cost, v);
  for (
    let idle = 0, n = 0;
    idle < idleWindows && n < most && search.best !== undefined && !isDone();
    n += 1
  ) {
    const rng = createRng(budget.seed, windowStream + n);
    const better = await improveWindow(problem, search.best, solver, rng, least);
    idle = better !== undefined && search.offer(better) ? 0 : idle + 1;
    if (idle === 0) take();
  }
}

/** Solves a level as one model; returns the least that its moves cost, infinite when there is no answer. */
async function prove(solve: Solve, problem: CompiledProblem, search: LevelSearch): Promise<number> {
  const { backend, run } = solve;
  if (backend === undefined) return 0;
  const answer = await solveExactly(problem, run.spend(backend), { known: search.best });
  if (answer.kind === 'too-large') return 0;
  run.use(`assignment model (${backend.id})`);
  if (answer.kind === 'infeasible') return Infinity;
  if (answer.placed !== undefined) {
    if (knowsCells(problem, answer.placed)) search.offer(answer.placed);
    offer(solve, answer.placed);
  }
  return answer.bound ?? 0;
}

function conclude({ problem, levels, run, found }: Solve): SolveOutcome {
  const best = found.at(-1);
  const method = run.methods.join(', ');
  const stopped = run.stoppedBy === undefined ? {} : { stoppedBy: run.stoppedBy };
  if (best === undefined)
    return { kind: 'unknown', ...(run.bound === undefined ? {} : { bound: run.bound }), ...stopped, method };
  const { assignment } = toAnswer(levels.compiled, best.placed);
  const moved = [...assignment].filter(([server, host]) => problem.start.get(server) !== host);
  const volumes = moved.map(([server]) => problem.volumeOf(server));
  const { after: objective } = createObjective(problem.goal, problem.cloud, problem.demands).evaluate(
    problem.start,
    assignment,
    volumes,
  );
  const answer = { assignment, objective, method, rounds: run.rounds };
  // A bound above an answer that passed the check would be a bug of ours: nothing is claimed then.
  if (run.bound === undefined || !meets(run.bound, objective))
    return { kind: 'feasible', ...answer, ...stopped };
  const bound = Math.min(run.bound, objective);
  return meets(objective, bound)
    ? { kind: 'optimal', ...answer, bound }
    : { kind: 'feasible', ...answer, bound, ...stopped };
}
