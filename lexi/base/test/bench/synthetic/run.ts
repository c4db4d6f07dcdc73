import type { Term } from '../../../src/objective/goal.ts';
import type { SolveBudget, SolveOutcome } from '../../../src/solve/placement-problem.ts';
import { solvePlacement } from '../../../src/solve/solve.ts';
import { createMeteredBackend } from '../support/backend.ts';
import { type Clock, clockOf, peakMiB, type Spent, startMeter } from '../support/meter.ts';
import { consolidate, hostsOf, migration, toProblem } from './adapter.ts';
import { chooseCells } from './cells.ts';
import { type Instance, loadGenerator, type SyntheticGoal, type Verdict } from './generator.ts';

export interface SyntheticCase {
  readonly hosts: number;
  readonly servers: number;
  readonly seed: number;
  readonly goal: SyntheticGoal;
  /** Share of all vCPUs that servers take. */
  readonly load: number;
  readonly timeSeconds: number;
  readonly clock: Clock;
}

export interface SyntheticResult {
  /** Host and NUMA cell by server; where nothing was found that is where they are today. */
  readonly places: Int32Array;
  readonly outcome: SolveOutcome['kind'];
  readonly bound?: number;
  readonly method: string;
  /** The judgement of the generator's own `evaluate`. */
  readonly verdict: Verdict;
  readonly spent: Spent;
  /** To state the instance in the product's terms. */
  readonly stating: Spent;
  readonly peakMiB: number;
  /** Each better objective with the CPU seconds that it took. */
  readonly trace: readonly (readonly [seconds: number, objective: number])[];
}

/** More than any time limit of a benchmark allows. */
const effort = 100_000;

export async function runSynthetic(options: SyntheticCase): Promise<SyntheticResult> {
  const { generate, evaluate } = await loadGenerator();
  const instance = generate(options.hosts, options.servers, options.seed, options.load);
  const statingMeter = startMeter();
  const problem = toProblem(instance, termsOf(instance, options.goal));
  const stating = statingMeter();
  const backend = createMeteredBackend(options.clock);
  const meter = startMeter();
  const trace: [number, number][] = [];
  const budget: SolveBudget = {
    effort,
    seed: options.seed,
    timeLimitSeconds: options.timeSeconds,
    now: clockOf(options.clock),
    onProgress: ({ objective }) => {
      if (objective !== undefined && objective < (trace.at(-1)?.[1] ?? Infinity))
        trace.push([meter().cpuSeconds, objective]);
    },
  };
  const outcome = await solvePlacement(problem, backend, budget);
  const spent = meter();
  await backend.close();
  const places = 'assignment' in outcome ? chooseCells(instance, hostsOf(outcome.assignment)) : instance.loc0;
  return {
    places,
    outcome: outcome.kind,
    ...('bound' in outcome ? { bound: outcome.bound } : {}),
    method: outcome.method,
    verdict: evaluate(instance, places, options.goal),
    spent,
    stating,
    peakMiB: peakMiB(),
    trace,
  };
}

const termsOf = (instance: Instance, goal: SyntheticGoal): readonly Term[] =>
  goal === 'a'
    ? consolidate(instance)
    : [{ kind: 'highest-load', weight: instance.kappa / 100, resource: 'VCPU' }, migration];
