import { join } from 'node:path';
import { z } from 'zod';
import { type Bundle, namesIn, noteGap, readReply } from '../bundle-files.ts';
import { parseItems } from '../replies.ts';

/** One series of a query: its labels, and its samples in seconds and numbers. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [time: number, value: number])[];
}

/** Seconds since 1970; the last one is in the year 9999. */
const time = z.number().min(0).max(253_402_300_799);
const Sample = z.tuple([time, z.string().transform(Number)]);
const labels = z.record(z.string(), z.string());

/** Replies of `GET /api/v1/query` and `query_range`. Values are texts, `NaN` among them. */
const Reply = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({
        resultType: z.literal('matrix'),
        result: z.array(z.object({ metric: labels, values: z.array(Sample) })),
      }),
      z.object({
        resultType: z.literal('vector'),
        result: z.array(z.object({ metric: labels, value: Sample })),
      }),
    ]),
    warnings: z.array(z.string()).optional(),
  }),
  z.object({ status: z.literal('error'), errorType: z.string().optional(), error: z.string() }),
]);

/** The series in `metrics/<query>.json`, gzipped or not; none when there is no file or the query failed. */
export function readSeries(bundle: Bundle, query: string): readonly Series[] {
  return namesIn(bundle, 'metrics')
    .filter((name) => name === `${query}.json` || name === `${query}.json.gz`)
    .flatMap((name) => {
      const file = join('metrics', name);
      const item = readReply(bundle, file);
      return item === undefined
        ? []
        : parseItems(Reply, [item]).flatMap((reply) => toSeries(bundle, file, reply));
    });
}

function toSeries(bundle: Bundle, file: string, reply: z.infer<typeof Reply>): Series[] {
  if (reply.status === 'error') {
    noteGap(bundle, 'failed-query', `${file} holds an error: ${reply.error.slice(0, 200)}`);
    return [];
  }
  for (const warning of reply.warnings ?? []) {
    noteGap(bundle, 'query-warning', `${file} may not be whole: ${warning.slice(0, 200)}`);
  }
  const { data } = reply;
  return data.resultType === 'matrix'
    ? data.result.map(({ metric, values }) => ({ labels: metric, samples: finite(values) }))
    : data.result.map(({ metric, value }) => ({ labels: metric, samples: finite([value]) }));
}

const finite = (samples: readonly (readonly [number, number])[]): Series['samples'] =>
  samples.filter(([, value]) => Number.isFinite(value));

/** Seconds of the window that counts: the last day of the recording. */
const windowSeconds = 24 * 3600;

/**
 * The 95th percentile (nearest rank) of the samples in the last day before `until`; `undefined` where there is none.
 * Of several series the largest sample of each instant counts: a guest that is moving has one at either end.
 */
export function percentile95(all: readonly Series[], until: number): number | undefined {
  const byTime = new Map<number, number>();
  for (const { samples } of all) {
    for (const [time, value] of samples) {
      if (time <= until - windowSeconds) continue;
      byTime.set(time, Math.max(value, byTime.get(time) ?? -Infinity));
    }
  }
  const values = [...byTime.values()].sort((a, b) => a - b);
  return values[Math.ceil(values.length * 0.95) - 1];
}

/** The series of each instant added up: the interfaces of a host. */
export function sumOf(all: readonly Series[]): Series {
  const byTime = new Map<number, number>();
  for (const { samples } of all) {
    for (const [time, value] of samples) byTime.set(time, (byTime.get(time) ?? 0) + value);
  }
  return { labels: {}, samples: [...byTime] };
}

/** The instant of the newest sample, in seconds. */
export const newestOf = (all: readonly Series[]): number | undefined =>
  all.reduce<number | undefined>((newest, { samples }) => {
    const last = samples.at(-1)?.[0];
    return last === undefined || (newest !== undefined && newest >= last) ? newest : last;
  }, undefined);
