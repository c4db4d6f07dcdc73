import { escapeControls, showName } from '../shared/text.ts';
import { joinSections } from './list-section.ts';
import { shortest } from './show-plan.ts';
import { foldText, textWidth, wrapText } from './text-width.ts';
import { atOnce, type Scale, span, ticks } from './timeline-scale.ts';
import type { Timeline, TimelineBar, TimelineRow } from './timeline.ts';
import { counted, duration } from './words.ts';

export interface TimelineOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** Lines of the chart; what is more is counted. */
  readonly limit: number;
}

/** A timeline as a chart: a line a step or whatever it is by, on a scale that fits the width. */
export function timelineText(timeline: Timeline, options: TimelineOptions): string {
  const { rows } = timeline;
  if (rows.length === 0) return joinSections([[`plan ${timeline.plan}: nothing to do`]]);
  const shown = shownRows(timeline, options.limit);
  const names = shown.map(({ name }) => showName(name, longestName));
  const widest = ['under way', ...names].reduce((most, name) => Math.max(most, textWidth(name)), 0);
  const label = Math.min(widest, Math.max(12, Math.floor(options.width * mostOfLabel)));
  const columns = Math.max(leastColumns, options.width - label - gap.length);
  const scale: Scale = { columns, seconds: Math.max(1, timeline.makespanSeconds) };
  const lines = (name: string, chart: string): string[] =>
    foldText(name, label).map((part, index) =>
      `${padded(part, label)}${gap}${index === 0 ? chart : ''}`.trimEnd(),
    );
  const migrations = migrationsOf(rows);
  return joinSections([
    [headline(timeline, migrations.length), ...startLine(timeline), legend(shown)].flatMap((text) =>
      wrapText(text, options.width),
    ),
    [
      ...lines(
        'wave',
        marks(
          timeline.waves.map((wave) => [wave.startSeconds, String(wave.wave)]),
          scale,
        ),
      ),
      ...lines(
        'time',
        marks(
          ticks(scale, 12).map((at) => [at, duration(at)]),
          scale,
        ),
      ),
      ...shown.flatMap((row, index) => lines(names[index] ?? '', chartOf(row, scale))),
      ...lines('under way', atOnce(migrations, scale).map(digit).join('')),
    ],
    more(timeline, shown.length).flatMap((text) => wrapText(text, options.width)),
  ]);
}

/** A step, its server and two hosts. */
const longestName = 260;
/** Share of the width that names may take. */
const mostOfLabel = 0.4;
const leastColumns = 20;
const gap = '  ';

/** Where not all fit: of steps the first, of hosts, servers and links those that are busy for longest, in time. */
function shownRows({ by, rows }: Timeline, limit: number): readonly TimelineRow[] {
  if (rows.length <= limit || by === 'step') return rows.slice(0, limit);
  const busy = new Map(
    rows.map((row) => [row, row.bars.reduce((sum, bar) => sum + bar.endSeconds - bar.startSeconds, 0)]),
  );
  const busiest = new Set(rows.toSorted((a, b) => (busy.get(b) ?? 0) - (busy.get(a) ?? 0)).slice(0, limit));
  return rows.filter((row) => busiest.has(row));
}

const isMigration = ({ kind }: TimelineBar): boolean =>
  kind === 'live' || kind === 'cold' || kind === 'evacuate';

/** Each once, on however many lines it stands. */
function migrationsOf(rows: readonly TimelineRow[]): readonly TimelineBar[] {
  const bars = rows.flatMap((row) => row.bars.filter(isMigration));
  return [...new Map(bars.map((bar) => [bar.step, bar])).values()];
}

const startLine = ({ starts }: Timeline): string[] =>
  starts === undefined ? [] : [escapeControls(`starts ${starts}`)];

function headline(timeline: Timeline, migrations: number): string {
  const { plan, waves, makespanSeconds } = timeline;
  return `plan ${plan}: ${counted(migrations, 'migration')} in ${counted(waves.length, 'wave')}, ${duration(makespanSeconds)}${shortest(timeline)}`;
}

/** How a kind of step is drawn: what fills it, and what that is called. */
const fills: Readonly<Record<TimelineBar['kind'], readonly [fill: string, words: string]>> = {
  live: ['=', 'live'],
  cold: ['#', 'cold'],
  evacuate: ['%', 'evacuate'],
  confirm: ['c', 'confirm'],
  'disable-service': ['x', 'disable'],
  'enable-service': ['o', 'enable'],
  stop: ['s', 'stop'],
  start: ['a', 'start'],
  wait: ['.', 'wait'],
};
const stopOverFill = '~';

function legend(rows: readonly TimelineRow[]): string {
  const bars = rows.flatMap((row) => row.bars);
  const kinds = new Set(bars.filter(({ stopOver }) => !stopOver).map(({ kind }) => kind));
  const words = Object.entries(fills).flatMap(([kind, [fill, meaning]]) =>
    [...kinds].some((one) => one === kind) ? [`${fill} ${meaning}`] : [],
  );
  const stopOver = bars.some((bar) => bar.stopOver) ? [`${stopOverFill} stop-over`] : [];
  return ['[ request, ] end', ...words, ...stopOver, '2-9, + so many at once'].join(', ');
}

/** Steps of one line one after the other; where several run at once, how many. */
function chartOf({ bars }: TimelineRow, scale: Scale): string {
  const cells = new Array<string>(scale.columns).fill(' ');
  // Migrations last: where they share a column with a confirm, their end is what is seen.
  for (const bar of bars.toSorted((a, b) => Number(isMigration(a)) - Number(isMigration(b))))
    draw(bar, cells, scale);
  const most = bars.length > 1 ? atOnce(bars, scale) : [];
  return cells.map((cell, column) => ((most[column] ?? 0) > 1 ? digit(most[column] ?? 0) : cell)).join('');
}

function draw(bar: TimelineBar, cells: string[], scale: Scale): void {
  const { first, last } = span(bar, scale);
  const fill = bar.stopOver ? stopOverFill : fills[bar.kind][0];
  cells.fill(fill, first, last + 1);
  if (!isMigration(bar) || last === first) return;
  cells[first] = '[';
  cells[last] = ']';
}

const digit = (count: number): string => (count === 0 ? ' ' : count > 9 ? '+' : String(count));

/** Words at times, as far as there is room between them. */
function marks(words: readonly (readonly [seconds: number, word: string])[], scale: Scale): string {
  let line = '';
  for (const [at, word] of words) {
    const { first } = span({ startSeconds: at, endSeconds: at }, scale);
    if (first < line.length + (line === '' ? 0 : 1) || first + word.length > scale.columns) continue;
    line = line.padEnd(first) + word;
  }
  return line;
}

const padded = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - textWidth(text)));

function more({ by, rows }: Timeline, shown: number): readonly string[] {
  const rest = rows.length - shown;
  if (rest <= 0) return [];
  const which = by === 'step' ? 'the first' : 'the busiest';
  return [`${which} ${shown} of ${counted(rows.length, by)}; --limit ${rows.length} shows all`];
}
