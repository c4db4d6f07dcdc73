import { createRng } from '../../../src/shared/rng.ts';
import { execute, order } from '../support.ts';
import { type Truth, truthOf } from './oracle.ts';
import { type TightCloud, tightCloud } from './tight-cloud.ts';

/** How an answer compares with what is true. */
export interface Verdict {
  readonly seed: number;
  readonly truth: Exclude<Truth, { kind: 'too-large' }>;
  /** How many clouds were drawn before this one that have too many states to look at. */
  readonly skipped: number;
  readonly answer:
    | { readonly kind: 'ordered'; readonly stopOvers: number; readonly problems: readonly string[] }
    | { readonly kind: 'none' }
    | { readonly kind: 'unknown' };
  /** CPU seconds of the answer alone. */
  readonly seconds: number;
}

/** The clouds looked at have at most so many states. */
const mostStates = 20_000;
/** `--effort 100`, as commands have by default. */
const effort = 200_000;
const executions = 4;

/** Draws a cloud of a seed, and compares the answer about it with the truth. `clock` counts CPU seconds. */
export function judge(seed: number, clock: () => number): Verdict {
  for (let skipped = 0; ; skipped += 1) {
    const cloud = tightCloud(createRng(seed, skipped));
    const truth = truthOf(cloud.context, cloud.target, mostStates);
    if (truth.kind === 'too-large') continue;
    const started = clock();
    const outcome = order(cloud.context, Object.fromEntries(cloud.target), { options: { effort } });
    const seconds = clock() - started;
    return { seed, truth, skipped, answer: answerOf(outcome, cloud, seed), seconds };
  }
}

function answerOf(
  outcome: ReturnType<typeof order>,
  { context, target }: TightCloud,
  seed: number,
): Verdict['answer'] {
  if (outcome.kind === 'deadlock') return { kind: outcome.exists === 'no' ? 'none' : 'unknown' };
  const { steps } = outcome;
  const stopOvers = steps.filter((step) => step.kind === 'migrate' && step.stopOver).length;
  const problems = Array.from({ length: executions }, (_, stream) => {
    const rng = createRng(seed, stream);
    return execute(steps, context, target, (count) => (stream === 0 ? 0 : rng.nextInt(count)));
  });
  return { kind: 'ordered', stopOvers, problems: problems.flat() };
}

/** Whether the answer is the truth on reachable or not; what is not known agrees with nothing. */
export const agrees = ({ truth, answer }: Verdict): boolean =>
  truth.kind === 'reachable' ? answer.kind === 'ordered' : answer.kind === 'none';

/** Whether a plan has no stop-over too many; undefined where there is no plan. */
export const isMinimal = ({ truth, answer }: Verdict): boolean | undefined =>
  truth.kind === 'reachable' && answer.kind === 'ordered' ? answer.stopOvers === truth.stopOvers : undefined;

/** A plan that an execution breaks, or that should not exist. */
export const isUnsound = ({ truth, answer }: Verdict): boolean =>
  answer.kind === 'ordered'
    ? answer.problems.length > 0 || truth.kind === 'unreachable' || answer.stopOvers < truth.stopOvers
    : answer.kind === 'none' && truth.kind === 'reachable';
