import type { LinearModel } from './linear/linear-model.ts';

/** The solvers that there are adapters for. */
export type BackendId = 'highs' | 'glpk' | 'jslp';

/**
 * One solver behind one interface. Solves queue up and are answered in order. What comes back has been rounded to
 * integers and checked against the model by code that no solver has a hand in; it is never NaN.
 */
export interface Backend {
  readonly id: BackendId;
  /**
   * Answers within the budget; a problem without an answer is an answer (`unknown`), never an error.
   * @throws InputError `solver.missing` when the package of an optional solver is not installed
   */
  solve(problem: LinearProblem, budget: Budget): Promise<BackendAnswer>;
  /** Ends the worker; what still runs is answered as cancelled. A later solve starts a new one. */
  close(): Promise<void>;
}

/** What to solve. */
export interface LinearProblem {
  readonly model: LinearModel;
  /** Solve the LP relaxation: integer variables may take fractions. */
  readonly relax?: boolean;
  /** MIP start, one value a variable. Where it is feasible, no answer is worse than it. */
  readonly start?: Float64Array;
}

/**
 * How much work may be done. Effort is counted, so it stops at the same place on every machine; `highs` counts
 * nodes and simplex iterations, `glpk` iterations only, `jslp` nodes only. Time and `signal` depend on the machine.
 */
export interface Budget {
  readonly effort: Effort;
  /** Wall clock of the solve itself, without queueing and without loading the solver. */
  readonly timeLimitSeconds?: number;
  /** Stop once (objective − bound) / |objective| is at most this; 0 for a proof. `jslp` goes on to the end. */
  readonly relativeGap: number;
  /** Stop once objective − bound is at most this; 0 for a proof. Only `highs` heeds it. */
  readonly absoluteGap: number;
  readonly signal?: AbortSignal;
}

/** Branch-and-bound nodes and simplex iterations; as a budget, Infinity for no limit. */
export interface Effort {
  readonly nodes: number;
  readonly simplexIterations: number;
}

/**
 * What a bound (or "infeasible") rests on: the solver's own complete search, or its optimal basis (`exact`); duals of
 * the LP relaxation, from which the planner computed the bound itself (`lp-bound`); nothing (`none`).
 */
export type Proof = 'exact' | 'lp-bound' | 'none';

/** What ended a search before its end; `failure`: the solver broke, or its answer did not pass the check. */
export type StoppedBy = 'time' | 'effort' | 'cancel' | 'gap' | 'failure';

/** The outcome of a solve, and the work that it took where the solver counts both. */
export type BackendAnswer = Settled & { readonly work?: Effort };

/** Objectives and bounds are of the minimisation, offset included; `bound` <= `objective`. */
export type Settled =
  | (Solution & { readonly status: 'optimal'; readonly bound: number })
  | (Solution & {
      readonly status: 'feasible';
      readonly bound?: number;
      /** (objective − bound) / max(1, |objective|). */
      readonly gap?: number;
      readonly stoppedBy: StoppedBy;
      /** What broke, for people, where `stoppedBy` is `failure`. */
      readonly reason?: string;
    })
  | { readonly status: 'infeasible'; readonly proof: Proof }
  | { readonly status: 'unbounded'; readonly proof: Proof }
  | {
      readonly status: 'unknown';
      readonly bound?: number;
      readonly proof: Proof;
      readonly stoppedBy: StoppedBy;
      /** Why there is no solution, for people. */
      readonly reason: string;
    };

/** Values that passed the check, one a variable; integer variables hold exact integers unless relaxed. */
export interface Solution {
  readonly values: Float64Array;
  readonly objective: number;
  readonly proof: Proof;
  /** Of an LP, one a row: what one unit more on the binding side of the row adds to the objective. */
  readonly duals?: Float64Array;
  /** Of an LP, one a variable: cost − Σ dual·coefficient. */
  readonly reducedCosts?: Float64Array;
}
