import type { Backend, BackendAnswer, BackendId, LinearProblem } from './backend.ts';
import type { SolveBudget, StoppedBy } from './placement-problem.ts';

/** A backend that knows what it may spend. */
export interface Solver {
  readonly id: BackendId;
  /**
   * Solves within what is left; `gap` is what may be left between objective and bound, as a share, `mostRounds` what
   * the work may count for.
   */
  solve(problem: LinearProblem, gap?: number, mostRounds?: number): Promise<BackendAnswer>;
}

/** The state of one run: what is left of the budget, what is known of the optimum, and how it came about. */
export interface Run {
  readonly bound: number | undefined;
  readonly rounds: number;
  readonly stoppedBy: StoppedBy | undefined;
  /** What took part, in order. */
  readonly methods: readonly string[];
  /** False once time is up or the run was cancelled. */
  goesOn(): boolean;
  /** As `goesOn`; false too once all rounds of the effort are used. */
  hasEffort(): boolean;
  /** What is left of the time limit, if there is one. */
  readonly secondsLeft: number | undefined;
  /** Rounds that are left. */
  readonly effortLeft: number;
  /** The backend with what is left of the budget. */
  spend(backend: Backend): Solver;
  /**
   * The backend with what is left of the budget, counted in rounds: an answer uses as many rounds as the work that it
   * took, at least one. One that time cut short is not heeded, so that the run can be repeated by its number of rounds.
   */
  spendRounds(backend: Backend): Solver;
  raiseBound(bound: number | undefined): void;
  use(method: string): void;
  stop(by: StoppedBy): void;
  /** Counts a round and tells of it. */
  finishRound(objective: number | undefined): void;
  /** Counts rounds that searchers did side by side. */
  countRounds(count: number, objective: number | undefined): void;
  /** Tells of what a model has brought. */
  tell(objective: number | undefined): void;
}

/** Work of a solver that one unit of effort buys: an iteration takes the longer the larger the model. */
const nodesPerEffort = 2_000;
const iterationsPerEffort = 600_000;
/** A gap that the backend may leave: well below what is called optimal. */
const relativeGap = 1e-7;
const absoluteGap = 1e-7;

const iterationsIn = (effort: number, { model }: LinearProblem): number =>
  Math.ceil((effort * iterationsPerEffort) / Math.sqrt(Math.max(1, model.coefficients.length)));

/** Rounds that the work behind an answer counts for. */
function roundsOf({ work }: BackendAnswer, problem: LinearProblem): number {
  if (work === undefined) return 1;
  const { nodes, simplexIterations } = work;
  return Math.max(
    1,
    Math.ceil(nodes / nodesPerEffort),
    Math.ceil(simplexIterations / iterationsIn(1, problem)),
  );
}

const unheeded = (stoppedBy: StoppedBy): BackendAnswer => ({
  status: 'unknown',
  proof: 'none',
  stoppedBy,
  reason: 'it was stopped before its end',
});

export function createRun(budget: SolveBudget): Run {
  const { effort, timeLimitSeconds, now, signal, onProgress } = budget;
  const begin = now();
  const methods: string[] = [];
  let bound: number | undefined;
  let rounds = 0;
  let stoppedBy: StoppedBy | undefined;
  const secondsLeft = (): number => (timeLimitSeconds ?? Infinity) - (now() - begin);
  const ask = (backend: Backend, problem: LinearProblem, rest: number, gap: number): Promise<BackendAnswer> =>
    backend.solve(problem, {
      effort: { nodes: rest * nodesPerEffort, simplexIterations: iterationsIn(rest, problem) },
      relativeGap: gap,
      absoluteGap,
      ...(timeLimitSeconds === undefined ? {} : { timeLimitSeconds: Math.max(0, secondsLeft()) }),
      ...(signal === undefined ? {} : { signal }),
    });
  const goesOn = (): boolean => {
    if (signal?.aborted === true) stoppedBy = 'cancel';
    else if (secondsLeft() <= 0) stoppedBy ??= 'time';
    return stoppedBy !== 'cancel' && stoppedBy !== 'time';
  };
  const hasEffort = (): boolean => {
    if (!goesOn()) return false;
    if (rounds >= effort) stoppedBy = 'effort';
    return rounds < effort;
  };
  const tell = (objective: number | undefined): void => {
    onProgress?.({
      round: rounds,
      ...(objective === undefined ? {} : { objective }),
      ...(bound === undefined ? {} : { bound }),
    });
  };
  return {
    get bound() {
      return bound;
    },
    get rounds() {
      return rounds;
    },
    get stoppedBy() {
      return stoppedBy;
    },
    get secondsLeft() {
      return timeLimitSeconds === undefined ? undefined : Math.max(0, secondsLeft());
    },
    get effortLeft() {
      return Math.max(0, effort - rounds);
    },
    methods,
    goesOn,
    hasEffort,
    spend: (backend) => ({
      id: backend.id,
      solve: (problem, gap = relativeGap, mostRounds = Infinity) =>
        ask(backend, problem, Math.min(effort, mostRounds), gap),
    }),
    spendRounds: (backend) => ({
      id: backend.id,
      async solve(problem, gap = relativeGap, mostRounds = Infinity) {
        if (!hasEffort()) return unheeded(stoppedBy ?? 'effort');
        const answer = await ask(backend, problem, Math.min(effort - rounds, mostRounds), gap);
        if ('stoppedBy' in answer && answer.stoppedBy === 'time') {
          stoppedBy ??= 'time';
          return unheeded(stoppedBy);
        }
        rounds += Math.min(effort - rounds, roundsOf(answer, problem));
        return answer;
      },
    }),
    raiseBound(value) {
      if (value !== undefined && Number.isFinite(value)) bound = Math.max(bound ?? -Infinity, value);
    },
    use(method) {
      if (!methods.includes(method)) methods.push(method);
    },
    stop(by) {
      if (stoppedBy !== 'cancel' && stoppedBy !== 'time') stoppedBy = by;
    },
    finishRound(objective) {
      rounds += 1;
      tell(objective);
    },
    countRounds(count, objective) {
      rounds += count;
      tell(objective);
    },
    tell,
  };
}
