import { groupBy } from '../../src/shared/collections.ts';
import type { RowResult } from './rows.ts';

/** A row as it is kept in `results.json`. */
export interface Kept extends RowResult {
  readonly id: string;
  readonly group: string;
  readonly command: string;
  /** When and on what it was measured. */
  readonly machine: string;
  readonly measuredAt: string;
}

/** The results as Markdown: medians by group, every row, and which of `all` rows were not measured yet. */
export function renderResults(kept: readonly Kept[], all: readonly string[]): string {
  const measured = new Set(kept.map(({ id }) => id));
  const open = all.filter((id) => !measured.has(id));
  const groups = [...groupBy(kept, ({ group }) => group)];
  return [
    '# Benchmark results',
    '',
    'Written by `npm run bench` from `results.json`; `Seconds` are CPU seconds of the whole process, `wall` stands beside them. Every answer was judged by a checker that shares no code with the search; `broken` counts what it found. The command that repeats a row is in `results.json`.',
    '',
    `Machines: ${[...new Set(kept.map(({ machine }) => machine))].join('; ')}.`,
    '',
    '## Medians',
    '',
    ...table(
      ['case', 'rows', 'objective', 'above bound', 'outcomes', 'seconds', 'wall', 'MiB', 'broken'],
      groups.map(([group, rows]) => [
        group,
        String(rows.length),
        String(median(rows.map(({ objective }) => objective))),
        percent(medianOf(rows.map(gapOf))),
        tally(rows.map(({ outcome }) => outcome)),
        String(median(rows.map(({ cpuSeconds }) => cpuSeconds))),
        String(median(rows.map(({ wallSeconds }) => wallSeconds))),
        String(median(rows.map(({ peakMiB }) => peakMiB))),
        String(rows.reduce((sum, { broken }) => sum + broken, 0)),
      ]),
    ),
    '',
    ...growth(kept),
    '## Rows',
    '',
    ...table(
      [
        'row',
        'outcome',
        'objective',
        'bound',
        'above bound',
        'figures',
        'seconds',
        'wall',
        'MiB',
        'measured',
      ],
      kept.map((row) => [
        row.id,
        row.outcome,
        String(row.objective),
        row.bound === undefined ? '–' : String(row.bound),
        percent(gapOf(row)),
        Object.entries(row.figures ?? {})
          .map(([name, value]) => `${name} ${value}`)
          .join(', '),
        String(row.cpuSeconds),
        String(row.wallSeconds),
        String(row.peakMiB),
        row.measuredAt.slice(0, 16),
      ]),
    ),
    '',
    ...(open.length === 0 ? [] : ['## Not measured yet', '', ...open.map((id) => `- ${id}`), '']),
  ].join('\n');
}

/** How time grows with servers: least squares of log seconds over log servers, goal (a) from 1,200 servers on. */
export function exponentOf(points: readonly (readonly [servers: number, seconds: number])[]): number {
  const logs = points.map(([servers, seconds]) => [Math.log(servers), Math.log(seconds)] as const);
  const mean = (pick: 0 | 1): number => logs.reduce((sum, log) => sum + log[pick], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const over = logs.reduce((sum, log) => sum + (log[0] - x) * (log[1] - y), 0);
  return over / logs.reduce((sum, log) => sum + (log[0] - x) ** 2, 0);
}

function growth(kept: readonly Kept[]): string[] {
  const bySize = groupBy(
    kept.filter(({ group }) => /^synthetic a (?!.*load)/u.test(group)),
    ({ group }) => Number(/\/(\d+)/u.exec(group)?.[1]),
  );
  const points = [...bySize]
    .filter(([servers]) => servers >= 1200)
    .map(([servers, rows]) => [servers, median(rows.map(({ cpuSeconds }) => cpuSeconds))] as const);
  if (points.length < 2) return [];
  const [first, last] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 0];
  return [
    `Goal (a) from ${first} to ${last} servers: seconds grow with servers to the power of ${exponentOf(points).toFixed(2)}.`,
    '',
  ];
}

const gapOf = ({ objective, bound }: RowResult): number | undefined =>
  bound === undefined ? undefined : objective / bound - 1;

function medianOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : median(known);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

const percent = (share: number | undefined): string =>
  share === undefined ? '–' : `${(100 * Math.max(0, share)).toFixed(3)} %`;

const tally = (words: readonly string[]): string =>
  [...groupBy(words, (word) => word)].map(([word, all]) => `${all.length} ${word}`).join(', ');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => '---').join('|')}|`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
];
