import { neverGains } from '../../objective/move-terms.ts';
import { createObjective, type Objective } from '../../objective/evaluate.ts';
import {
  allowedAbove,
  chooseBest,
  isWithin,
  prioritiesOf,
  type Priority,
  roundingShare,
  type Values,
  valuesOf,
} from '../../objective/priorities.ts';
import type { Term } from '../../objective/goal.ts';
import type { Assignment } from '../../model/cloud.ts';
import { at } from '../../shared/at.ts';
import type { Backend } from '../backend.ts';
import { relaxHosts, relaxLoads } from '../bounds/bound.ts';
import { checkPrimitives } from '../check-primitives.ts';
import { compileByPriority } from '../compile/compile-by-priority.ts';
import type { Ceiling, CompiledProblem } from '../compile/compiled.ts';
import { isSmallEnough, solveExactly } from '../linear/exact.ts';
import { type Placed, toAnswer } from '../placed.ts';
import type { PlacementProblem, PriorityBound, SolveBudget, SolveOutcome } from '../placement-problem.ts';
import { weighted, weightsFor } from './priority-weights.ts';
import { createRun, type Run } from '../run.ts';
import { greater } from '../../shared/greater.ts';

/** Solves a problem whose goal is one sum. */
export type SolveWeighted = (
  problem: PlacementProblem,
  backend: Backend | undefined,
  budget: SolveBudget,
) => Promise<SolveOutcome>;

/** Where something may be given away, and no model tells how best: priorities before count for less and less. */
const lighter = [1 / 8, 1 / 64];

/** All that one solve works on. */
interface Work {
  readonly problem: PlacementProblem;
  readonly priorities: readonly Priority[];
  readonly backend: Backend | undefined;
  readonly budget: SolveBudget;
  readonly solveWeighted: SolveWeighted;
  readonly run: Run;
  readonly began: number;
  readonly objective: Objective;
  /** Answers that passed the check. */
  readonly found: Found[];
  readonly bounds: PriorityBound[];
  rounds: number;
}

interface Found {
  readonly assignment: Assignment;
  readonly values: Values;
}

/**
 * Solves one priority after the other. The first is an ordinary problem. For each of the others a search minimises a sum
 * in which those before count for far more; then, where it is small enough, a model of the whole problem minimises the
 * one under rows that hold those before to what was reached and may be given away. Of all answers the best by priority
 * counts, whatever sum it came from.
 *
 * What the model proves is a bound for plans that are as good in the priorities before. That is one for the goal where
 * those are at their best; so `optimal` asks it of all.
 */
export async function solveByPriority(
  problem: PlacementProblem,
  backend: Backend | undefined,
  budget: SolveBudget,
  solveWeighted: SolveWeighted,
): Promise<SolveOutcome> {
  const priorities = prioritiesOf(problem.goal);
  const work: Work = {
    problem,
    priorities,
    backend,
    budget,
    solveWeighted,
    run: createRun(budget),
    began: budget.now(),
    objective: createObjective(problem.goal, problem.cloud, problem.demands),
    found: [],
    bounds: [],
    rounds: 0,
  };
  const staying = { assignment: problem.start, cells: new Map() };
  if (checkPrimitives(problem, staying).length === 0) offer(work, problem.start);
  const first = await solveSum(work, at(priorities, 0).terms, backend, true);
  if (first.kind === 'infeasible' || work.found.length === 0) return first;
  work.bounds.push(boundsOf(work, 0, first.bound, first.bound));
  const compiled = compileByPriority(problem, priorities);
  for (let k = 1; k < priorities.length; k += 1) await solveNext(work, compiled, k);
  return conclude(work);
}

async function solveSum(
  work: Work,
  terms: readonly Term[],
  backend: Backend | undefined,
  tells = false,
): Promise<SolveOutcome> {
  const { problem, budget, run } = work;
  const { timeLimitSeconds, onProgress } = budget;
  const { rounds } = work;
  const outcome = await work.solveWeighted(
    { ...problem, goal: { ...problem.goal, terms, priorities: [] } },
    backend,
    {
      ...budget,
      ...(timeLimitSeconds !== undefined && {
        timeLimitSeconds: Math.max(0, timeLimitSeconds - (budget.now() - work.began)),
      }),
      onProgress: (progress) => onProgress?.(tells ? progress : { round: rounds + progress.round }),
    },
  );
  for (const method of outcome.method.split(', ')) run.use(method);
  if ('stoppedBy' in outcome) run.stop(outcome.stoppedBy);
  if ('assignment' in outcome) {
    work.rounds += outcome.rounds;
    offer(work, outcome.assignment);
  }
  return outcome;
}

function offer({ problem, objective, found }: Work, assignment: Assignment): void {
  const moved = [...assignment].filter(([server, host]) => problem.start.get(server) !== host);
  const volumes = moved.map(([server]) => problem.volumeOf(server));
  found.push({ assignment, values: valuesOf(objective.evaluate(problem.start, assignment, volumes)) });
}

/** The best answer so far as priorities up to one see it, and how much each of them may be. */
const bestUpTo = ({ priorities, found }: Work, k: number) =>
  chooseBest(priorities.slice(0, k + 1), found, ({ values }) => values);

async function solveNext(work: Work, compiled: readonly CompiledProblem[], k: number): Promise<void> {
  const { backend, run, priorities } = work;
  const { limits } = bestUpTo(work, k);
  const small = backend !== undefined && isSmallEnough(withCeilings(compiled, k, limits), backend.id);
  let given = await searchSum(work, k, limits, 1, small ? undefined : backend);
  const anyway = await relax(work, at(compiled, k), at(priorities, k).terms);
  work.bounds.push(boundsOf(work, k, given, anyway));
  if (isAtBound(work, k) || !run.goesOn()) return;
  if (small) given = greater(given, await solveUnderCeilings(work, backend, compiled, k));
  else if (priorities.slice(0, k).some((priority) => allowedAbove(priority, 1) > 0))
    for (const weight of lighter) if (run.goesOn()) await searchSum(work, k, limits, weight, undefined);
  work.bounds[k] = boundsOf(work, k, given, anyway);
}

/**
 * Solves a sum in which the priorities before have some weight. Where they are at most their limits, what is left of
 * the sum's bound is one of this priority.
 */
async function searchSum(
  work: Work,
  k: number,
  limits: Values,
  share: number,
  backend: Backend | undefined,
): Promise<number | undefined> {
  const priorities = work.priorities.slice(0, k + 1);
  const weights = weightsFor(priorities, bestUpTo(work, k).best?.values ?? []).map((weight, j) =>
    j < k ? weight * share : weight,
  );
  const outcome = await solveSum(work, weighted(priorities, weights), backend);
  if (outcome.kind === 'infeasible' || outcome.bound === undefined) return undefined;
  let left = outcome.bound - roundingShare * Math.abs(outcome.bound);
  for (let j = 0; j < k; j += 1) left -= at(weights, j) * ceilingAt(at(limits, j));
  return left;
}

/** Bounds that hold whatever the priorities before come to. */
async function relax(
  { backend, run }: Work,
  problem: CompiledProblem,
  terms: readonly Term[],
): Promise<number | undefined> {
  const nothing = isNeverNegative(terms) ? 0 : undefined;
  if (backend === undefined || !run.goesOn()) return nothing;
  const solver = run.spend(backend);
  const hosts = await relaxHosts(problem, solver);
  const loads = await relaxLoads(problem, solver);
  return greater(greater(nothing, hosts.bound), loads.bound);
}

/** Goals of files never are. */
const isNeverNegative = (terms: readonly Term[]): boolean =>
  terms.every((term) => term.kind !== 'migration-cost' || neverGains(term));

/** What a priority may come to when it keeps its limit; rounding is none of its faults. */
const ceilingAt = (limit: number): number => limit + roundingShare * Math.max(1, Math.abs(limit));

const withCeilings = (compiled: readonly CompiledProblem[], k: number, limits: Values): CompiledProblem => ({
  ...at(compiled, k),
  ceilings: compiled.slice(0, k).map((of, j): Ceiling => ({ of, most: ceilingAt(at(limits, j)) })),
});

/** Minimises one priority with those before held to their limits; returns a bound for plans that keep these. */
async function solveUnderCeilings(
  work: Work,
  backend: Backend,
  compiled: readonly CompiledProblem[],
  k: number,
): Promise<number | undefined> {
  const { run, problem } = work;
  const { best, limits } = bestUpTo(work, k);
  const held = withCeilings(compiled, k, limits);
  const known = best === undefined ? undefined : toPlaced(held, best.assignment);
  const answer = await solveExactly(held, run.spend(backend), { known });
  if (answer.kind !== 'answered') return undefined;
  run.use(`assignment model (${backend.id})`);
  if (answer.stoppedBy !== undefined) run.stop(answer.stoppedBy);
  // What only a packing tells of spare room, no model knows.
  if (answer.placed !== undefined && held.spareRoom === undefined) {
    const found = toAnswer(held, answer.placed);
    if (checkPrimitives(problem, found).length === 0) offer(work, found.assignment);
  }
  return answer.bound;
}

/** An answer in numbers; on which NUMA cells is not known. */
function toPlaced({ servers, hosts, start, cellFits }: CompiledProblem, assignment: Assignment): Placed {
  const indexOf = new Map(hosts.map((host, h) => [host, h]));
  return {
    at: Int32Array.from(servers, (server, v) => {
      const host = assignment.get(server);
      return (host === undefined ? undefined : indexOf.get(host)) ?? at(start, v);
    }),
    picks: new Int32Array(servers.length * cellFits.length).fill(-1),
  };
}

/** A bound above an answer would be a bug of ours: nothing is claimed then. */
function boundsOf(
  work: Work,
  k: number,
  given: number | undefined,
  anyway: number | undefined,
): PriorityBound {
  const value = bestUpTo(work, k).best?.values[k] ?? Infinity;
  const honest = (bound: number | undefined): number | undefined =>
    bound !== undefined && isWithin(bound, value) ? Math.min(bound, value) : undefined;
  const [bound, free] = [honest(greater(given, anyway)), honest(anyway)];
  return { ...(bound !== undefined && { bound }), ...(free !== undefined && { anyway: free }) };
}

/** Whether no answer can be better in a priority than the best one is. */
function isAtBound(work: Work, k: number): boolean {
  const bound = work.bounds[k]?.bound;
  const { best } = bestUpTo(work, k);
  return bound !== undefined && best !== undefined && isWithin(at(best.values, k), bound);
}

function conclude(work: Work): SolveOutcome {
  const { priorities, run, bounds } = work;
  const { best } = bestUpTo(work, priorities.length);
  const method = run.methods.join(', ');
  const stopped = run.stoppedBy === undefined ? {} : { stoppedBy: run.stoppedBy };
  if (best === undefined) return { kind: 'unknown', ...stopped, method };
  const objective = at(best.values, 0);
  const answer = { assignment: best.assignment, objective, method, rounds: work.rounds };
  const proven = best.values.every((value, k) => {
    const bound = bounds[k]?.bound;
    return bound !== undefined && isWithin(value, bound + allowedAbove(at(priorities, k), bound));
  });
  const bound = bounds[0]?.bound;
  return proven && bound !== undefined
    ? { kind: 'optimal', ...answer, bound, priorities: bounds }
    : { kind: 'feasible', ...answer, ...(bound !== undefined && { bound }), priorities: bounds, ...stopped };
}
