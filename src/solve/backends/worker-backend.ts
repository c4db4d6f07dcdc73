import { invariant } from '../../shared/invariant.ts';
import type { Backend, BackendAnswer, BackendId, Budget, LinearProblem } from '../backend.ts';
import { type LinearModel, type LinearProgram, evaluate } from '../linear/linear-model.ts';
import { checkValues } from './check-values.ts';
import { createElastic, provesInfeasible } from './elastic.ts';
import type { Claim, Limits } from './engine.ts';
import { type Prepared, prepare } from './prepare.ts';
import { type Trust, isLp, settle } from './settle.ts';
import { type WorkerHost, createWorkerHosts } from './worker-host.ts';

/** What differs from one solver to the next, besides the engine that its worker `<id>-worker` loads. */
export interface WorkerBackend {
  readonly id: BackendId;
  readonly trust: Trust;
  /** Throws when the solver's package is not there; called before each solve. */
  readonly requirePackage?: () => Promise<void>;
  /** Workers at most. */
  readonly threads: number;
}

/** A backend whose solver runs in worker threads; its answers are checked on this side. */
export function createWorkerBackend({ id, trust, requirePackage, threads }: WorkerBackend): Backend {
  const host = createWorkerHosts(id, threads);
  const jobs = new Set<AbortController>();
  return {
    id,
    async solve(problem, budget) {
      checkInput(problem, budget);
      const job = new AbortController();
      const cancel = (): void => {
        job.abort();
      };
      if (budget.signal?.aborted === true) cancel();
      budget.signal?.addEventListener('abort', cancel);
      jobs.add(job);
      try {
        await requirePackage?.();
        return await solve({ host, trust, budget, signal: job.signal }, problem);
      } finally {
        jobs.delete(job);
        budget.signal?.removeEventListener('abort', cancel);
      }
    },
    async close() {
      for (const job of jobs) job.abort();
      await host.close();
    },
  };
}

function checkInput({ model, start }: LinearProblem, budget: Budget): void {
  const { effort, timeLimitSeconds = Infinity, relativeGap, absoluteGap } = budget;
  const numbers = { ...effort, timeLimitSeconds, relativeGap, absoluteGap };
  for (const [name, value] of Object.entries(numbers)) {
    invariant(value >= 0, `the budget of a solve has ${name} ${value}`); // false for NaN too
  }
  invariant(
    start === undefined || start.length === model.cost.length,
    `the start has ${start?.length ?? 0} values, model ${model.name} has ${model.cost.length} variables`,
  );
}

interface Means {
  readonly host: WorkerHost;
  readonly trust: Trust;
  readonly budget: Budget;
  readonly signal: AbortSignal;
}

/** Asks the solver, and asks again, other questions, where its first claim does not settle the matter. */
async function solve(means: Means, problem: LinearProblem): Promise<BackendAnswer> {
  const { host, trust, budget, signal } = means;
  const prepared = prepare(problem);
  if (prepared.kind !== 'program') return answerPlainly(problem, prepared);
  const { program } = prepared;
  const start = problem.start === undefined || isLp(problem) ? {} : { start: problem.start };
  const { claim, reason } = await host.run({ program, ...start, limits: toLimits(budget) }, signal);

  if (claim.says === 'unbounded' && trust.search && !isLp(problem)) return solveWithoutCosts(means, problem);
  if (claim.says === 'infeasible' && !trust.search) {
    const isProved = await proveInfeasible(means, program);
    if (isProved) return { status: 'infeasible', proof: 'lp-bound' };
  }
  const mended = await mend(means, problem, claim);
  const settled = settle({ problem, program, claim: mended, trust, reason });
  return claim.work === undefined ? settled : { ...settled, work: claim.work };
}

function answerPlainly(
  { model }: LinearProblem,
  prepared: Exclude<Prepared, { kind: 'program' }>,
): BackendAnswer {
  if (prepared.kind !== 'solved') return { status: prepared.kind, proof: 'exact' };
  const { values } = prepared;
  const { objective } = evaluate(model, values);
  return { status: 'optimal', values, objective, bound: objective, proof: 'exact' };
}

function toLimits({ effort, timeLimitSeconds = Infinity, relativeGap, absoluteGap }: Budget): Limits {
  const { nodes, simplexIterations } = effort;
  return { nodes, simplexIterations, timeLimitSeconds, relativeGap, absoluteGap };
}

/** The relaxation of an integer program is unbounded: the program is that too, or infeasible. Costs aside, which? */
async function solveWithoutCosts(means: Means, problem: LinearProblem): Promise<BackendAnswer> {
  const { model } = problem;
  const flat = { ...model, cost: new Float64Array(model.cost.length), offset: 0 };
  const answer = await solve(means, { ...problem, model: flat });
  if (answer.status === 'infeasible') return answer;
  if (answer.status !== 'unknown') return { status: 'unbounded', proof: 'exact' };
  const { stoppedBy, reason } = answer;
  return { status: 'unknown', proof: 'none', stoppedBy, reason };
}

async function proveInfeasible(means: Means, program: LinearProgram): Promise<boolean> {
  const answer = await solve(means, { model: createElastic(program), relax: true });
  return 'bound' in answer && provesInfeasible(program, answer.bound);
}

/** Where rounding the integers moved a row, lets the continuous variables follow, by an LP with the integers held. */
async function mend(means: Means, problem: LinearProblem, claim: Claim): Promise<Claim> {
  const fixed = claim.values === undefined ? undefined : fixIntegers(problem, claim.values);
  if (fixed === undefined) return claim;
  const answer = await solve(means, { model: fixed, relax: true });
  return 'values' in answer ? { ...claim, values: answer.values } : claim;
}

function fixIntegers(problem: LinearProblem, values: Float64Array): LinearModel | undefined {
  const { model } = problem;
  if (isLp(problem) || !model.integer.includes(0)) return undefined;
  const checked = checkValues(problem, values);
  if (checked.kind === 'passed' || checked.rounded === undefined) return undefined;
  const { rounded } = checked;
  const hold = (bounds: Float64Array): Float64Array =>
    bounds.map((bound, j) => (model.integer[j] === 1 ? (rounded[j] ?? bound) : bound));
  return { ...model, lower: hold(model.lower), upper: hold(model.upper) };
}
