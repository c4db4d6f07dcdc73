import type { Effort } from '../backend.ts';
import type { LinearProgram } from '../linear/linear-model.ts';

/** What a worker is asked to solve: numbers alone, bounds of integer variables whole, at least one variable. */
export interface Task {
  readonly program: LinearProgram;
  readonly start?: Float64Array;
  readonly limits: Limits;
}

/** The budget of one task; Infinity for no limit. */
export interface Limits {
  readonly nodes: number;
  readonly simplexIterations: number;
  readonly timeLimitSeconds: number;
  readonly relativeGap: number;
  readonly absoluteGap: number;
}

/** What a solver says, before anybody checks it. Numbers may be anything, NaN included. */
export interface Claim {
  readonly says: 'optimal' | 'infeasible' | 'unbounded' | 'stopped';
  /** Set where `says` is `stopped`. */
  readonly stoppedBy?: 'time' | 'effort' | 'cancel' | 'gap' | 'failure';
  /** The best values that it has, one a variable. */
  readonly values?: Float64Array;
  /** The bound of its own search. */
  readonly bound?: number;
  /** Of the LP, or of the LP relaxation of a MIP: one a row, positive where the lower side binds. */
  readonly duals?: Float64Array;
  /** What it took, where the solver counts both. */
  readonly work?: Effort;
}

/** The way of a running solve to the outside. */
export interface Watch {
  /** True once the solve is to stop. */
  isCancelled(): boolean;
  /** Hands out a better solution of a MIP, in case that the worker does not live to the end. */
  onIncumbent(values: Float64Array): void;
  /** Notes the bound of the search so far, for the same reason. */
  onBound(bound: number): void;
}

/** A loaded solver. It blocks until it has an answer; a throw means that it is broken and to be loaded anew. */
export interface Engine {
  solve(task: Task, watch: Watch): Claim;
}

/** True where a program has a variable that must be whole. */
export const hasIntegers = ({ integer }: LinearProgram): boolean => integer.includes(1);
