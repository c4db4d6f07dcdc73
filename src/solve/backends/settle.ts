import type { Settled, LinearProblem, Proof, Solution, StoppedBy } from '../backend.ts';
import { type LinearModel, type LinearProgram, evaluate } from '../linear/linear-model.ts';
import { checkValues } from './check-values.ts';
import { boundFromDuals, roundUpBound, toReducedCosts } from './dual-bound.ts';
import { type Claim, hasIntegers } from './engine.ts';

/** An objective within this share of max(1, |objective|) of its bound is optimal. */
const optimalityTolerance = 1e-6;

/** What a solver's word is worth beyond its values, which are checked in any case. */
export interface Trust {
  /** Whether its finished searches and its bounds are proofs; else only duals count, by which the planner bounds. */
  readonly search: boolean;
}

/** A solver's claim about a problem, to be judged. */
export interface Hearing {
  readonly problem: LinearProblem;
  /** What the solver was given. */
  readonly program: LinearProgram;
  readonly claim: Claim;
  readonly trust: Trust;
  /** What broke, when the solver did. */
  readonly reason?: string | undefined;
}

/** Turns what a solver claims into what can be answered for: values pass the check, the bound is below them. */
export function settle(hearing: Hearing): Settled {
  const { claim, trust } = hearing;
  if (trust.search && claim.says === 'unbounded') return { status: 'unbounded', proof: 'exact' };
  const found = findBest(hearing);
  const bound = findBound(hearing);
  if (found !== undefined) return settleFound(hearing, found, bound);
  if (trust.search && claim.says === 'infeasible') return { status: 'infeasible', proof: 'exact' };
  return { status: 'unknown', ...bound, stoppedBy: claim.stoppedBy ?? 'failure', reason: explain(hearing) };
}

/** True where nothing has to be whole. */
export const isLp = ({ model, relax = false }: LinearProblem): boolean => relax || !hasIntegers(model);

type Found = Pick<Solution, 'values' | 'objective' | 'duals' | 'reducedCosts'>;

interface Bound {
  readonly bound?: number;
  readonly proof: Proof;
}

function settleFound(hearing: Hearing, found: Found, { bound, proof }: Bound): Settled {
  const scale = Math.max(1, Math.abs(found.objective));
  if (bound === undefined) return { status: 'feasible', ...found, proof, ...whyStopped(hearing) };
  if (bound > found.objective + optimalityTolerance * scale) {
    const reason = `its bound ${bound} is above the objective ${found.objective} of a solution`;
    return { status: 'feasible', ...found, proof: 'none', stoppedBy: 'failure', reason };
  }
  const lower = Math.min(bound, found.objective);
  const gap = (found.objective - lower) / scale;
  return gap <= optimalityTolerance
    ? { status: 'optimal', ...found, proof, bound: lower }
    : { status: 'feasible', ...found, proof, bound: lower, gap, ...whyStopped(hearing) };
}

/** The better of what the solver found and the start, of those that pass the check. */
function findBest({ problem, claim }: Hearing): Found | undefined {
  const passed = [claim.values, problem.start]
    .map((raw) => (raw === undefined ? undefined : checkValues(problem, raw)))
    .filter((checked) => checked?.kind === 'passed');
  const [best] = passed.sort((a, b) => a.objective - b.objective); // stable: the solver's comes first
  if (best === undefined) return undefined;
  const { values, objective } = best;
  const withDuals = isLp(problem) && claim.duals !== undefined;
  return { values, objective, ...(withDuals ? toDuals(problem.model, claim.duals) : {}) };
}

function toDuals(model: LinearModel, duals: Float64Array): Pick<Solution, 'duals' | 'reducedCosts'> {
  const reducedCosts = toReducedCosts(model, duals);
  return [duals, reducedCosts].every((items) => items.every(Number.isFinite)) ? { duals, reducedCosts } : {};
}

function findBound({ problem, program, claim, trust }: Hearing): Bound {
  const own = trust.search ? findOwnBound(problem, claim) : undefined;
  if (own !== undefined && Number.isFinite(own)) return { bound: own, proof: 'exact' };
  if (claim.duals === undefined) return { proof: 'none' };
  const byDuals = boundFromDuals(program, claim.duals);
  const bound = isLp(problem) ? byDuals : roundUpBound(program, byDuals);
  return Number.isFinite(bound) ? { bound, proof: 'lp-bound' } : { proof: 'none' };
}

/** The bound of the solver's own search; an LP that was solved to the end is its own bound. */
function findOwnBound(problem: LinearProblem, { says, values, bound }: Claim): number | undefined {
  if (says !== 'optimal' || !isLp(problem) || values === undefined) return bound;
  return values.length === problem.model.cost.length ? evaluate(problem.model, values).objective : undefined;
}

function whyStopped(hearing: Hearing): { stoppedBy: StoppedBy; reason?: string } {
  const stoppedBy = hearing.claim.stoppedBy ?? 'failure';
  return stoppedBy === 'failure' ? { stoppedBy, reason: explain(hearing) } : { stoppedBy };
}

function explain({ problem, claim, trust, reason }: Hearing): string {
  if (reason !== undefined) return reason;
  const checked = claim.values === undefined ? undefined : checkValues(problem, claim.values);
  if (checked?.kind === 'failed') return `its solution does not pass the check: ${checked.breach}`;
  if (claim.says === 'stopped')
    return `stopped by ${claim.stoppedBy ?? 'failure'} before a solution was found`;
  if (!trust.search) return `it says ${claim.says}, without proof`;
  const contradiction = claim.says === 'optimal' ? 'its own bound' : 'a known solution';
  return `it says ${claim.says}, which contradicts ${contradiction}`;
}
