import { assumedEfficiency } from '../../../src/replay/transfer/bandwidth.ts';
import { fit, type Fit, type Sample } from '../../../src/replay/transfer/fit.ts';
import { precopy } from '../../../src/replay/transfer/precopy.ts';
import { round } from '../support/meter.ts';
import { type Measured, type Planned, readMeasured } from './plan.ts';

/** QEMU's own downtime limit: no Nova set another in those runs, nor gave up. */
const qemu = { limits: [{ fromSeconds: 0, milliseconds: 300 }], patienceSeconds: 1e6 } as const;

const mvmShare: Fit = {
  samples: 0,
  efficiency: { low: 8 / 9, expected: 8 / 9, high: 8 / 9 },
  overheadSeconds: 0,
};

/** How far predictions of the makespan are from the mean of the executions, in percent. */
export interface Errors {
  readonly meanAbsolute: number;
  readonly meanSigned: number;
  readonly most: number;
}

export interface FileErrors {
  readonly file: number;
  readonly measured: number;
  /** Predicted seconds. */
  readonly mvm: number;
  readonly ours: number;
  readonly likeMvm: number;
  readonly calibrated: number;
}

export interface Comparison {
  readonly files: readonly FileErrors[];
  readonly mvm: Errors;
  /** By the model as it comes, without the seconds that Nova adds. */
  readonly ours: Errors;
  /** The same with mVM's share of the link (8 of 9): what the rounds alone make of it. */
  readonly likeMvm: Errors;
  /** Each file by what the executions of the other files tell. */
  readonly calibrated: Errors;
  /** Files whose plan is not followed: with mVM's own durations another makespan comes out. */
  readonly broken: number;
}

/** Compares what mVM and our model predict of mVM's plans with what executing these took. */
export function compareMeasured(): Comparison {
  const all = readMeasured();
  const samples = all.map((one) => ({ one, samples: samplesOf(one) }));
  const files = all.map((one): FileErrors => {
    const others = samples.filter((each) => each.one !== one).flatMap((each) => each.samples);
    return {
      file: one.file,
      measured: one.runs.reduce((sum, run) => sum + run, 0) / one.runs.length,
      mvm: one.predicted,
      ours: makespan(one.plan, (migration) => copy(migration).seconds),
      likeMvm: makespan(one.plan, (migration) => copy(migration, mvmShare).seconds),
      calibrated: makespan(one.plan, (migration) => copy(migration, fit(others)).seconds),
    };
  });
  return {
    files,
    mvm: errorsOf(files, ({ mvm }) => mvm),
    ours: errorsOf(files, ({ ours }) => ours),
    likeMvm: errorsOf(files, ({ likeMvm }) => likeMvm),
    calibrated: errorsOf(files, ({ calibrated }) => calibrated),
    broken: all.filter(({ plan, predicted }) => makespan(plan, ({ end, start }) => end - start) !== predicted)
      .length,
  };
}

/** Pre-copy of a guest that writes its hot pages over and over, and others at a slower rate. */
export function copy(
  { bitsPerSecond, coldBytesPerSecond, hotBytes, hotSeconds, memory }: Planned,
  told?: Fit,
): { readonly seconds: number; readonly bytes: number } {
  const bytesPerSecond = (bitsPerSecond / 8) * (told?.efficiency ?? assumedEfficiency).expected;
  const { left, seconds } = precopy({
    ...qemu,
    memory,
    bytesPerSecond,
    dirtyAfter: (after) =>
      Math.min(hotBytes, (hotBytes / hotSeconds) * after) +
      coldBytesPerSecond * Math.max(0, after - hotSeconds),
  });
  const copying = seconds + left / bytesPerSecond;
  return { seconds: copying + (told?.overheadSeconds ?? 0), bytes: copying * bytesPerSecond };
}

/** Ends of a plan's migrations when each starts as those that it waited for have ended. */
function endsOf(
  plan: readonly Planned[],
  secondsOf: (migration: Planned) => number,
): readonly { readonly end: number; readonly chain: readonly Planned[] }[] {
  const ended = new Map<Planned, { readonly end: number; readonly chain: readonly Planned[] }>();
  for (const migration of plan.toSorted((a, b) => a.start - b.start)) {
    const last = waitsFor(migration, plan)
      .flatMap((before) => ended.get(before) ?? [])
      .reduce((a, b) => (b.end > a.end ? b : a), { end: 0, chain: [] as readonly Planned[] });
    ended.set(migration, { end: last.end + secondsOf(migration), chain: [...last.chain, migration] });
  }
  return [...ended.values()];
}

/** Those on one of its hosts that had ended when it started. */
const waitsFor = (migration: Planned, plan: readonly Planned[]): readonly Planned[] =>
  plan.filter(
    ({ end, from, to }) =>
      end <= migration.start && [from, to].some((host) => host === migration.from || host === migration.to),
  );

const makespan = (plan: readonly Planned[], secondsOf: (migration: Planned) => number): number =>
  Math.max(...endsOf(plan, secondsOf).map(({ end }) => end));

/** An execution as a sample: the average migration of the longest chain. */
function samplesOf({ plan, runs }: Measured): readonly Sample[] {
  const ends = endsOf(plan, (migration) => copy(migration).seconds);
  const { chain } = ends.reduce((a, b) => (b.end > a.end ? b : a));
  const linkSeconds = chain.reduce((sum, one) => sum + (copy(one).bytes * 8) / one.bitsPerSecond, 0);
  return runs.map((run) => ({ linkSeconds: linkSeconds / chain.length, seconds: run / chain.length }));
}

function errorsOf(files: readonly FileErrors[], predicted: (file: FileErrors) => number): Errors {
  const errors = files.map((file) => (100 * (predicted(file) - file.measured)) / file.measured);
  const mean = (values: readonly number[]): number =>
    round(values.reduce((sum, value) => sum + value, 0) / values.length, 2);
  return {
    meanAbsolute: mean(errors.map(Math.abs)),
    meanSigned: mean(errors),
    most: round(Math.max(...errors.map(Math.abs)), 2),
  };
}
