import type { Plan } from '../plan/plan.ts';
import { groupBy } from '../shared/collections.ts';
import { escapeControls, showName } from '../shared/text.ts';
import { joinSections, labelledLines, listSection } from './list-section.ts';
import { type Paint, plainPaint } from './paint.ts';
import { isMigration, noReturnTexts, stepsInWords } from './step-words.ts';
import { table } from './table.ts';
import { wrapText } from './text-width.ts';
import { counted, decimal, duration, nameList, percent, shellWord, wholeSecond } from './words.ts';

export interface ShowOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** Where the plan stands, for the next command; absent when it stands in no file. */
  readonly planFile?: string;
  /** The inventory to verify it with, where it is not the one that `planner verify` takes by itself. */
  readonly inventoryFile?: string;
  /** Whether the table of steps follows. */
  readonly steps: boolean;
  readonly paint?: Paint;
}

/** A plan as text: ten lines with what an operator wants to know first, what to look at, and the steps by wave. */
export function showPlan(plan: Plan, options: ShowOptions): string {
  const { paint = plainPaint, steps, width } = options;
  const limit = steps ? undefined : fewEntries;
  const warnings = plan.warnings.map((warning) => textWith(warning.text, warning.steps));
  const assumptions = plan.assumptions.map((entry) => assumption(entry));
  return joinSections(
    [
      summaryLines(plan, options),
      listSection('warnings', warnings, width, limit),
      listSection('assumptions', assumptions, width, limit),
      listSection('not done', notDoneTexts(plan.notDone), width, limit),
      steps ? listSection('points of no return', noReturnTexts(plan.steps), width) : [],
      steps ? stepTable(plan, width, paint) : whereStepsAre(plan, options),
    ],
    paint,
  );
}

/** Entries of a list where the steps are not shown either. */
const fewEntries = 5;

function whereStepsAre({ steps }: Plan, { planFile, width }: ShowOptions): string[] {
  if (planFile === undefined || steps.length === 0) return [];
  return wrapText(
    escapeControls(
      `planner show ${shellWord(planFile)} has the ${counted(steps.length, 'step')} by wave, and the lists in full`,
    ),
    width,
  );
}

/** What a plan comes to, one fact a line: label and words. */
export function planFacts(
  plan: Plan,
  options: Pick<ShowOptions, 'planFile' | 'inventoryFile'>,
): [string, string][] {
  const { basedOn, summary } = plan;
  return [
    [
      'plan',
      `${plan.id}: ${showName(basedOn.goal.name)} on ${showName(basedOn.profile)}, cloud as of ${wholeSecond(basedOn.capturedAt)}`,
    ],
    ['hosts freed', hostsFreed(plan)],
    ['moves', moves(plan)],
    ['copies', `${decimal(summary.memoryGiB)} GiB of memory, ${decimal(summary.diskGiB)} GiB of disk`],
    ...startFact(plan),
    ['time', time(plan)],
    ['result', result(plan)],
    ['violations', `${summary.violationsBefore} before, ${summary.violationsAfter} after`],
    ['warnings', countOrNone(plan.warnings.length)],
    ['assumptions', countOrNone(plan.assumptions.length)],
    ['next', nextCommand(plan, options)],
  ];
}

function summaryLines(plan: Plan, options: ShowOptions): string[] {
  const facts = planFacts(plan, options);
  const next = facts.slice(-1); // a command stays on one line, so that it can be copied
  return [
    ...labelledLines(facts.slice(0, -1), options.width),
    ...next.map(([label, words]) => label.padEnd(13) + words),
  ];
}

function hostsFreed({ summary: { hostsFreed: freed, spareHosts } }: Plan): string {
  if (freed.length === 0) return 'none';
  const spares = spareHosts.length === 0 ? '' : `; enabled as spares: ${nameList(spareHosts)}`;
  return `${freed.length}: ${nameList(freed)}${spares}`;
}

function moves({ summary: s }: Plan): string {
  if (s.moves === 0) return 'none';
  const { evacuations = 0 } = s;
  const migrations = counted(s.liveMigrations + s.coldMigrations + evacuations, 'migration');
  const evacuated = evacuations === 0 ? '' : `, ${evacuations} by evacuate`;
  const stopOvers = s.stopOvers === 0 ? '' : `, ${counted(s.stopOvers, 'stop-over')}`;
  return `${counted(s.moves, 'server')} in ${migrations}: ${s.liveMigrations} live, ${s.coldMigrations} cold${evacuated}${stopOvers}`;
}

/** When a plan with a calendar starts, and what that calendar is. */
function startFact({ basedOn, steps }: Plan): [string, string][] {
  const { calendar } = basedOn.options;
  return calendar === undefined || steps.length === 0 ? [] : [['starts', startWords(calendar)]];
}

/** `2026-11-23 22:00 +01:00, windows 22:00-06:00 on mon, deadline 4h30m`. */
export function startWords({
  startsAt,
  windows,
  days,
  freezes,
  deadline,
}: NonNullable<Plan['basedOn']['options']['calendar']>): string {
  const on = days.length === 0 ? '' : ` on ${days.join(', ')}`;
  return [
    instantWords(startsAt),
    ...(windows.length === 0 ? [] : [`windows ${windows.join(', ')}${on}`]),
    ...(freezes.length === 0 ? [] : [counted(freezes.length, 'freeze')]),
    ...(deadline === undefined ? [] : [`deadline ${instantWords(deadline)}`]),
  ].join(', ');
}

/** `2026-11-23T22:00:00Z` as `2026-11-23 22:00 +00:00`; what is no instant as it is. */
const instantWords = (text: string): string =>
  text
    .replace(/^(\S+)T(\d\d:\d\d)(?::00)?(:\d\d)?(Z|[+-]\d\d:\d\d)$/, '$1 $2$3 $4')
    .replace(/ Z$/, ' +00:00');

function time({ summary, steps, timetable }: Plan): string {
  if (steps.length === 0) return 'none';
  const downtimes = steps.filter(isMigration).map((step) => step.predicted.downtimeMs);
  const longest = downtimes.reduce((most, downtime) => Math.max(most, downtime), 0);
  const waves = new Set(steps.map((step) => step.wave)).size;
  const down = longest === 0 ? '' : `; at most ${downtime(longest)} down at a time`;
  return `about ${duration(summary.expectedSeconds)} in ${counted(waves, 'wave')}${shortest(timetable)}${down}`;
}

/** What is known of how short it could be; nothing where that was not asked. */
export function shortest({
  boundSeconds,
  outcome,
}: Pick<Plan['timetable'], 'boundSeconds' | 'outcome'>): string {
  if (outcome === 'optimal') return ', proven to be the shortest';
  return boundSeconds === undefined ? '' : `, no order is done before ${duration(boundSeconds)}`;
}

const downtime = (milliseconds: number): string =>
  milliseconds < 2000 ? `${decimal(milliseconds, 0)} ms` : duration(milliseconds / 1000);

function result({ objective: o }: Plan): string {
  const values =
    o.priorities === undefined
      ? [`objective ${valueAndBound(o)}`]
      : o.priorities.map((own) => `priority ${own.priority} ${valueAndBound(own)}`);
  return `${o.outcome}: ${values.join(', ')}${stopped(o)}`;
}

function valueAndBound({
  before,
  after,
  bound,
  gap,
}: Omit<Plan['objective'], 'terms' | 'outcome' | 'rounds'>): string {
  const proven =
    bound === undefined
      ? 'no bound known'
      : `bound ${decimal(bound, 2)}${gap === undefined ? '' : `, gap ${percent(gap)}`}`;
  return `${decimal(before, 2)} → ${decimal(after, 2)} (${proven})`;
}

function stopped({ stoppedBy, rounds }: Plan['objective']): string {
  if (stoppedBy === undefined) return '';
  switch (stoppedBy) {
    case 'effort':
      return `; searched ${counted(rounds, 'round')}, more with --effort`;
    case 'time':
      return `; out of time after ${counted(rounds, 'round')}`;
    case 'cancel':
      return `; stopped by hand after ${counted(rounds, 'round')}`;
  }
}

const countOrNone = (count: number): string => (count === 0 ? 'none' : `${count}, listed below`);

function nextCommand(
  plan: Plan,
  { planFile, inventoryFile }: Pick<ShowOptions, 'planFile' | 'inventoryFile'>,
): string {
  if (plan.steps.length === 0) return 'nothing to do';
  if (planFile === undefined) return 'planner verify PLAN';
  const inventory = inventoryFile === undefined ? '' : ` --inventory ${shellWord(inventoryFile)}`;
  return escapeControls(`planner verify ${shellWord(planFile)}${inventory}`);
}

const textWith = (text: string, steps: readonly string[]): string =>
  steps.length === 0 ? text : `${text} (${nameList(steps)})`;

const assumption = ({ rule, text, missing, supply, servers }: Plan['assumptions'][number]): string =>
  `${rule}: ${text}${missing.length === 0 ? '' : `; not known: ${nameList(missing)}`}${supply.length === 0 ? '' : ` (record ${supply.join('; ')})`}; ${servers.length === 0 ? 'all of the plan rests' : `${counted(servers.length, 'server')} rest`} on it`;

/** One line a reason, with all that it keeps. */
export function notDoneTexts(entries: Plan['notDone']): string[] {
  const groups = groupBy(entries, ({ host, rule, reason }) => JSON.stringify([host, rule, reason]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const servers = group.flatMap(({ server, serverName }) => serverName ?? server ?? []);
    const subject = [nameList(servers), first.host === undefined ? '' : showName(first.host)];
    return [
      `${[subject.filter((part) => part !== '').join(' on '), first.reason].filter((part) => part !== '').join(': ')} (${first.rule})`,
    ];
  });
}

function stepTable(plan: Plan, width: number, paint: Paint): string[] {
  if (plan.steps.length === 0) return [];
  let wave = 0;
  const rows = stepsInWords(plan).map((step) => {
    const first = step.wave !== wave;
    wave = step.wave;
    const { id, what, server, from, to, copies, takes, after, back } = step;
    return [first ? String(step.wave) : '', id, what, server, from, to, copies, takes, after, back];
  });
  const [header = '', ...lines] = table(stepColumns, rows, width);
  return [paint.heading(header), ...lines];
}

const stepColumns = [
  { header: 'wave', align: 'right' },
  { header: 'step' },
  { header: 'do' },
  { header: 'server', shrinksTo: 10 },
  { header: 'host', shrinksTo: 8 },
  { header: 'to', shrinksTo: 8 },
  { header: 'copies', align: 'right' },
  { header: 'takes', align: 'right' },
  { header: 'after', shrinksTo: 6 },
  { header: 'way back', shrinksTo: 8 },
] as const;
