import type { Backend, BackendAnswer, BackendId, LinearProblem } from './backend.ts';
import type { SolveBudget, StoppedBy } from './placement-problem.ts';

/** A backend that knows what it may spend. */
export interface Solver {
  readonly id: BackendId;
  /**
   * Solves within what is left; `gap` is what may be left between objective and bound, as a share, `timeShare` how
   * much of the time may be used.
   */
  solve(problem: LinearProblem, gap?: number, timeShare?: number): Promise<BackendAnswer>;
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
  /** The backend with what is left of the budget. */
  spend(backend: Backend): Solver;
  raiseBound(bound: number | undefined): void;
  use(method: string): void;
  stop(by: StoppedBy): void;
  /** Counts a round and tells of it. */
  finishRound(objective: number | undefined): void;
}

/** Work of a solver that one unit of effort buys: an iteration takes the longer the larger the model. */
const nodesPerEffort = 2_000;
const iterationsPerEffort = 600_000;
/** A gap that the backend may leave: well below what is called optimal. */
const relativeGap = 1e-7;
const absoluteGap = 1e-7;

export function createRun(budget: SolveBudget): Run {
  const { effort, timeLimitSeconds, now, signal, onProgress } = budget;
  const begin = now();
  const methods: string[] = [];
  let bound: number | undefined;
  let rounds = 0;
  let stoppedBy: StoppedBy | undefined;
  const secondsLeft = (): number => (timeLimitSeconds ?? Infinity) - (now() - begin);
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
    methods,
    goesOn() {
      if (signal?.aborted === true) stoppedBy = 'cancel';
      else if (secondsLeft() <= 0) stoppedBy ??= 'time';
      return stoppedBy !== 'cancel' && stoppedBy !== 'time';
    },
    spend: (backend) => ({
      id: backend.id,
      solve: (problem, gap = relativeGap, timeShare = 1) => {
        const coefficients = Math.max(1, problem.model.coefficients.length);
        return backend.solve(problem, {
          effort: {
            nodes: effort * nodesPerEffort,
            simplexIterations: Math.ceil((effort * iterationsPerEffort) / Math.sqrt(coefficients)),
          },
          relativeGap: gap,
          absoluteGap,
          ...(timeLimitSeconds === undefined
            ? {}
            : { timeLimitSeconds: Math.max(0, timeShare * secondsLeft()) }),
          ...(signal === undefined ? {} : { signal }),
        });
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
      onProgress?.({
        round: rounds,
        ...(objective === undefined ? {} : { objective }),
        ...(bound === undefined ? {} : { bound }),
      });
    },
  };
}
