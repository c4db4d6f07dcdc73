import type { Change, LegTrace, PlanTrace, Stays, TraceLink } from '../planning/trace/plan-trace.ts';
import { escapeControls, showName } from '../shared/text.ts';
import { cloudSections } from './explain-report.ts';
import { joinSections, listLines } from './list-section.ts';
import { type Paint, plainPaint } from './paint.ts';
import { wrapText } from './text-width.ts';
import { counted, decimal, duration } from './words.ts';

/** Steps of a chain that anybody reads; those between are counted. */
const mostLinks = 12;

/** One server's way through a plan: why it moves, why there, why then, what else could have been, and its way back. */
export function planTraceReport(trace: PlanTrace, width: number, paint: Paint = plainPaint): string {
  const { legs, stays } = trace;
  return joinSections(
    [
      headLines(trace, width),
      ...(stays === undefined ? [whyLines(trace, width)] : staysSections(stays, trace, width, paint)),
      ...legs.flatMap((leg) => legSections(leg, legs.length > 1, width, paint)),
    ],
    paint,
  );
}

const wrap = (text: string, width: number): string[] => wrapText(escapeControls(text), width);

function headLines({ server, plan, goal, legs, otherInventory }: PlanTrace, width: number): string[] {
  const name = `${showName(server.name)} (${showName(server.id)})`;
  const way = legs.map(({ to }) => showName(to)).join(', then ');
  const does =
    legs.length === 0
      ? `stays${server.host === undefined ? '' : ` on ${showName(server.host)}`}`
      : `goes from ${showName(legs[0]?.from ?? '')} to ${way}`;
  return [
    ...wrap(`${name} ${does} in plan ${plan} (goal ${showName(goal)})`, width),
    ...(otherInventory
      ? wrap('the plan was made from another inventory: what follows is judged on this one', width)
      : []),
  ];
}

function whyLines({ legs, staying }: PlanTrace, width: number): string[] {
  const reasons = legs.map(({ step, reason }) => (legs.length > 1 ? `${step}: ${reason}` : reason));
  return [
    'why it moves',
    ...listLines([...reasons, ...(staying === undefined ? [] : [stayingWords(staying)])], width),
  ];
}

function stayingWords(staying: Change): string {
  const others = isBetter(staying) ? '; that would suit the goal, so it moves for others or for a rule' : '';
  return `if it alone stayed: ${changeWords(staying)}${others}`;
}

function legSections(leg: LegTrace, several: boolean, width: number, paint: Paint): string[][] {
  const of = several ? ` (${leg.step})` : '';
  return [
    [...wrapText(`why to ${showName(leg.to)}${of}`, width), ...listLines(whyThere(leg), width)],
    ...(leg.hosts === undefined ? [] : cloudSections(leg.hosts, width, paint)),
    [`why then${of}`, ...listLines(whyThen(leg), width)],
    [`its way back${of}`, ...listLines(wayBack(leg), width)],
  ];
}

function whyThere({ stale, stopOver, second, to }: LegTrace): string[] {
  if (stale !== undefined) return [`${stale}: plan again, or ask with the inventory of the plan`];
  const asked = `below is what every host answered at the instant of the request`;
  if (stopOver) return [`a stop-over: ${to} holds it until its own place is free`, asked];
  if (second === undefined) return [asked];
  return [
    second.kind === 'none'
      ? 'second best: none, no other host took it at that instant'
      : `second best of all changes of this one server: ${second.host}, ${changeWords(second.change)}; whether the rest of the plan could still be ordered then was not asked`,
    asked,
  ];
}

function whyThen({ chain, startSeconds, endSeconds }: LegTrace): string[] {
  const lines = chain.map(linkWords);
  const hidden = lines.length - mostLinks;
  const shown =
    hidden <= 0
      ? lines
      : [...lines.slice(0, mostLinks - 2), `… ${counted(hidden, 'step')} of the chain …`, ...lines.slice(-2)];
  const times =
    startSeconds === 0 ? 'at the start of the plan' : `${duration(startSeconds)} after the start of the plan`;
  return [`${times}, for ${duration(endSeconds - startSeconds)}`, ...shown];
}

function linkWords({ step, what, after, idleSeconds }: TraceLink): string {
  const idle =
    idleSeconds < 1
      ? ''
      : `, and another ${duration(idleSeconds)} for its turn in the timetable (calendar, or distance within a group)`;
  return after === undefined
    ? `${step} (${what}) waits for no step${idle}`
    : `${step} (${what}) waits for ${after.step}: ${after.reason}${idle}`;
}

const wayBack = ({ undo }: LegTrace): string[] =>
  undo.kind === 'none'
    ? [`none: ${undo.because}`]
    : [`${undo.how}; until: ${undo.until}`, ...undo.needs.map((need) => `needs ${need}`)];

function staysSections(stays: Stays, { server }: PlanTrace, width: number, paint: Paint): string[][] {
  return [
    ['why it stays', ...listLines(whyItStays(stays, server), width)],
    ...cloudSections(stays.hosts, width, paint),
  ];
}

function whyItStays({ notDone, best, hosts }: Stays, { host }: PlanTrace['server']): string[] {
  const told = notDone === undefined ? [] : [`the plan says: ${notDone.reason} (${notDone.rule})`];
  if (host === undefined) return [...told, 'it runs on no host'];
  if (best === undefined)
    return [
      ...told,
      `no host takes it when the plan has ended (${counted(hosts.hosts.length, 'host')} asked)`,
    ];
  const words = `the best move of this one server after the plan: to ${best.host}, ${changeWords(best.change)}`;
  return isBetter(best.change)
    ? [...told, `${words}; the plan leaves it out, by a limit or as the search did not find it`]
    : [...told, `nothing is gained by moving it; ${words}`];
}

/** In the first priority that changes. */
function isBetter({ objective }: Change): boolean {
  const first = objective.find(({ planned, changed }) => Math.abs(changed - planned) > 1e-6);
  return first !== undefined && first.changed < first.planned;
}

/** `objective 6400 → 9600 (+3200: hosts-used +3264, migration-cost −64)`. */
function changeWords({ objective, terms }: Change): string {
  const values = objective.map(({ planned, changed }, k) => {
    const name = objective.length === 1 ? 'objective' : `priority ${k + 1}`;
    return `${name} ${decimal(planned, 2)} → ${decimal(changed, 2)} (${signed(changed - planned)})`;
  });
  const parts = terms.map(({ kind, by }) => `${kind} ${signed(by)}`);
  return `${values.join(', ')}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}

const signed = (value: number): string => {
  const shown = decimal(Math.abs(value), 2);
  if (shown === '0') return '±0';
  return value < 0 ? `−${shown}` : `+${shown}`;
};
