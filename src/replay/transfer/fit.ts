import { assumedOverhead } from './overhead.ts';
import { byEnd, type ByEnd } from './ends.ts';

/** A finished copy. */
export interface Sample {
  /** Seconds that its bytes would take if the way carried payload alone, at its full rate. */
  readonly linkSeconds: number;
  /** Seconds that it took. */
  readonly seconds: number;
}

/** What finished migrations say of those to come: seconds = overhead + linkSeconds / efficiency. */
export interface Fit {
  readonly samples: number;
  readonly efficiency: ByEnd;
  readonly overheadSeconds: number;
}

/** With fewer, chance decides. */
export const leastSamples = 5;
/** A record further from the line than so many times the usual distance (and a second) is none of its kind. */
const outlierAt = 3;
/** Median absolute deviation to standard deviation. */
const usual = 1.4826;
/** Pairs whose sizes differ by less say nothing of the slope: times are whole seconds. */
const leastApart = 2;
/** Efficiencies outside are measuring errors; above 1 where the way is faster than anybody told. */
const believable = { least: 0.02, most: 20 } as const;

/**
 * The line through the samples that half of them may be wrong about: the median of the slopes of all pairs, then the
 * median of what is left as overhead (Theil, Sen); where sizes hardly differ the slope is the median of ratios, over
 * the assumed overhead. Samples far from the line are left out and the rest fitted again; the ends of the interval are
 * the quartiles of the ratios. Undefined for too few samples, or no believable line.
 */
export function fit(samples: readonly Sample[]): Fit | undefined {
  const first = lineThrough(samples);
  if (samples.length < leastSamples || first === undefined) return undefined;
  const away = samples.map((sample) => Math.abs(residual(sample, first.slope) - first.overhead));
  const most = Math.max(1, outlierAt * usual * medianOf(away));
  const kept = samples.filter((_, index) => (away[index] ?? 0) <= most);
  const line = lineThrough(kept);
  if (kept.length < leastSamples || line === undefined) return undefined;
  const ratios = kept.map(({ linkSeconds, seconds }) =>
    Math.max(1e-9, (seconds - line.overhead) / linkSeconds),
  );
  const slopes = {
    low: Math.min(line.slope, quantileOf(ratios, 0.25)),
    expected: line.slope,
    high: Math.max(line.slope, quantileOf(ratios, 0.75)),
  };
  return {
    samples: kept.length,
    efficiency: byEnd((end) => Math.min(believable.most, Math.max(believable.least, 1 / slopes[end]))),
    overheadSeconds: line.overhead,
  };
}

interface Line {
  /** Seconds a second of the link. */
  readonly slope: number;
  readonly overhead: number;
}

const residual = ({ linkSeconds, seconds }: Sample, slope: number): number => seconds - slope * linkSeconds;

function lineThrough(samples: readonly Sample[]): Line | undefined {
  const slopes = samples.flatMap((a, index) =>
    samples.slice(index + 1).flatMap((b) => {
      const apart = a.linkSeconds - b.linkSeconds;
      return Math.abs(apart) < leastApart ? [] : [(a.seconds - b.seconds) / apart];
    }),
  );
  const slope = slopes.length >= samples.length ? medianOf(slopes) : ratioOf(samples);
  if (!(1 / slope >= believable.least && 1 / slope <= believable.most)) return undefined;
  const overhead = medianOf(samples.map((sample) => residual(sample, slope)));
  return { slope, overhead: Math.max(0, overhead) };
}

const ratioOf = (samples: readonly Sample[]): number =>
  medianOf(samples.map(({ linkSeconds, seconds }) => (seconds - assumedOverhead.expected) / linkSeconds));

const medianOf = (values: readonly number[]): number => quantileOf(values, 0.5);

/** Between the two values around it, in proportion; 0 of none. */
function quantileOf(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return below + (above - below) * (at - Math.floor(at));
}
