import { escapeControls } from '../shared/text.ts';
import { listLines } from './list-section.ts';
import { whyWords } from './run-lines.ts';
import { type Paint, plainPaint } from './paint.ts';
import { table } from './table.ts';
import { wrapText } from './text-width.ts';
import { counted, duration } from './words.ts';

/** What a journal and its plan say of a run. */
export interface RunStatus {
  /** The newest of the run. */
  readonly plan: string;
  /** How often the rest was planned again. */
  readonly replans: number;
  readonly cloud: string;
  readonly simulated: boolean;
  /** `running`: its process lives; `killed`: it ended without a word; else how it ended. */
  readonly state: 'running' | 'stopping' | 'killed' | 'done' | 'stopped' | 'failed';
  readonly text: string;
  readonly process: { readonly pid: number; readonly host: string };
  readonly done: number;
  readonly steps: readonly StepStatus[];
  readonly notes: readonly string[];
  /** RFC 3339: nothing is on its way, and the calendar lets nothing be requested before that. */
  readonly waitsUntil?: string;
  /** What to do next; empty when there is nothing to do. */
  readonly next: string;
}

export interface StepStatus {
  readonly id: string;
  readonly what: string;
  readonly phase: 'waiting' | 'running' | 'done' | 'failed';
  /** Nova's word for its migration, while it runs. */
  readonly status?: string;
  readonly text?: string;
  readonly read?: string;
  /** Of a failure that is known: a word for programs, what it means, and what to do. */
  readonly code?: string;
  readonly means?: string;
  readonly next?: string;
  /** Of a failure: the server at that moment. */
  readonly seen?: { readonly host?: string; readonly status: string };
  readonly seconds?: number;
}

/** A run in words: how it stands, what is on its way, what failed and where to read why. */
export function runStatusReport(status: RunStatus, width: number, paint: Paint = plainPaint): string {
  const { plan, replans, cloud, simulated, state, text, process, done, steps, notes, next } = status;
  const where = simulated ? 'on a simulated cloud' : `on ${cloud}`;
  const by =
    state === 'running' || state === 'stopping' ? ` by process ${process.pid} on ${process.host}` : '';
  const again = replans === 0 ? '' : `, planned again ${counted(replans, 'time')},`;
  const head = `plan ${plan}${again} ${where}: ${state}${by}${text === '' ? '' : `; ${text}`}`;
  const running = steps.filter(({ phase }) => phase === 'running');
  const failed = steps.filter(({ phase }) => phase === 'failed');
  const rows = running.map(({ id, what, status: word = '', seconds }) => [
    id,
    what,
    word,
    seconds === undefined ? '' : duration(seconds),
  ]);
  return [
    ...wrapText(escapeControls(head), width).map((line) =>
      line.replace(`: ${state}`, (words) => `: ${statePaint(state, paint)(words.slice(2))}`),
    ),
    ...wrapText(
      `${done} of ${counted(steps.length, 'step')} done, ${running.length} running, ${failed.length} failed`,
      width,
    ),
    ...(rows.length === 0 ? [] : ['', ...table(columns, rows, width)]),
    ...section('Failed:', failed.map(failedText), width),
    ...section('Notes:', notes, width),
    ...(next === '' ? [] : ['', `next  ${escapeControls(next)}`]),
    '',
  ].join('\n');
}

/** How a run stands, as one hopes for it or not. */
function statePaint(state: RunStatus['state'], paint: Paint): (text: string) => string {
  if (state === 'done') return paint.good;
  if (state === 'failed' || state === 'killed') return paint.bad;
  return state === 'running' ? paint.heading : paint.warning;
}

const columns = [
  { header: 'step' },
  { header: 'what', shrinksTo: 20 },
  { header: 'status' },
  { header: 'for', align: 'right' },
] as const;

const failedText = ({ id, what, text = '', seen, ...why }: StepStatus): string =>
  [
    `${id} ${what}: ${text}`,
    ...(seen === undefined ? [] : [`last seen: ${seen.status} on ${seen.host ?? 'no host'}`]),
    ...whyWords(why),
  ].join('; ');

const section = (title: string, texts: readonly string[], width: number): readonly string[] =>
  texts.length === 0 ? [] : ['', title, ...listLines(texts, width)];
