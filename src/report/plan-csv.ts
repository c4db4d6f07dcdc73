import type { Plan, Step } from '../plan/plan.ts';
import { escapeControls } from '../shared/text.ts';
import { type Client, clientOf, commandText } from './client.ts';
import { isMigration } from './step-words.ts';

/** The columns, and what stands in them. Empty where it does not apply. */
const columns: readonly (readonly [name: string, cell: (step: Step, of: Of) => string])[] = [
  ['step', ({ id }) => id],
  ['wave', ({ wave }) => String(wave)],
  ['kind', ({ kind }) => kind],
  ['server_id', (step) => ('server' in step ? step.server : '')],
  ['server_name', (step) => ('serverName' in step ? step.serverName : '')],
  ['host', (step) => ('host' in step ? step.host : isMigration(step) ? step.from : '')],
  ['to_host', (step) => (isMigration(step) ? step.to : '')],
  ['stop_over', (step) => (isMigration(step) ? yesOrNo(step.stopOver) : '')],
  ['forced', (step) => (isMigration(step) ? yesOrNo(step.forced) : '')],
  ['storage', (step) => (isMigration(step) ? step.storage : '')],
  ['start_seconds', ({ startSeconds }) => String(startSeconds)],
  ['end_seconds', ({ endSeconds }) => String(endSeconds)],
  ['expected_seconds', (step) => (isMigration(step) ? String(step.predicted.seconds.expected) : '')],
  ['downtime_ms', (step) => (isMigration(step) ? String(step.predicted.downtimeMs) : '')],
  ['bytes', (step) => (isMigration(step) ? String(step.predicted.bytes) : '')],
  ['request_after', ({ requestAfter }) => requestAfter.join(' ')],
  ['depends_on', ({ dependsOn }) => dependsOn.map(({ step }) => step).join(' ')],
  ['microversion', ({ microversion }) => microversion],
  ['command', (step, { client, plan }) => commandText(step, plan, client)],
  ['way_back', ({ undo }) => (undo.kind === 'none' ? 'none' : (undo.untilStep ?? 'open'))],
  ['reason', ({ reason }) => reason],
];

interface Of {
  readonly plan: Plan;
  readonly client: Client;
}

/**
 * A plan as a table, one row a step in the order of their requests: RFC 4180, UTF-8, a header, lines end in CRLF. Text
 * that a spreadsheet would take for a formula has an apostrophe before it.
 */
export function planCsv(plan: Plan): string {
  const of = { plan, client: clientOf(plan) };
  const rows = plan.steps.map((step) => columns.map(([, cell]) => cell(step, of)));
  return [columns.map(([name]) => name), ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

const yesOrNo = (value: boolean): string => (value ? 'yes' : 'no');

/** `=`, `+`, `-` and `@` begin a formula, and so does what a spreadsheet skips before them. */
const formula = /^[\s\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20]/u;

function quoted(text: string): string {
  const shown = escapeControls(text);
  const safe = formula.test(shown) ? `'${shown}` : shown;
  return /[",\r\n']|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
