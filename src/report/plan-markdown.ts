import type { Guard, Plan, Step } from '../plan/plan.ts';
import { clientOf, commandText, recordsPlacement } from './client.ts';
import { markdownCode, markdownTable, markdownText } from './markdown.ts';
import { planFacts } from './show-plan.ts';
import { isMigration, noReturnTexts, serverNames, stepsInWords } from './step-words.ts';
import { timelineText } from './timeline-text.ts';
import { timelineOf } from './timeline.ts';
import { dataSize, decimal, duration, percent, wholeSecond } from './words.ts';

/** A plan as a Markdown document for review: what it comes to, every step with its reason, guards and way back. */
export function planMarkdown(plan: Plan): string {
  const sections = [
    `# Plan ${plan.id}`,
    markdownTable(
      ['', ''],
      planFacts(plan, {})
        .filter(([label]) => label !== 'plan' && label !== 'next')
        .map(([label, words]) => [label, markdownText(words)]),
    ),
    basis(plan),
    objective(plan),
    list(
      'Warnings',
      plan.warnings.map(
        ({ code, text, steps }) => `${markdownText(text)} (${[code, ...steps].map(markdownCode).join(', ')})`,
      ),
    ),
    list(
      'Assumptions',
      plan.assumptions.map((assumption) => assumptionText(assumption)),
    ),
    list(
      'Not done',
      plan.notDone.map((entry) => notDoneText(entry)),
    ),
    list('Points of no return', noReturnTexts(plan.steps).map(markdownText)),
    steps(plan),
    timetable(plan),
    details(plan),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function basis({ basedOn }: Plan): string {
  const { calendar, important, ...others } = basedOn.options;
  const given: Readonly<Record<string, string | number | boolean | readonly string[]>> = {
    ...others,
    ...(important !== undefined && { important: important.map((rank) => rank.join(' and ')) }),
    ...(calendar !== undefined && calendarFacts(calendar)),
  };
  const options = Object.entries(given).map(([option, value]) => [
    markdownText(option),
    markdownCode(typeof value === 'object' ? value.join(', ') : String(value)),
  ]);
  const facts = [
    ['cloud as of', markdownCode(wholeSecond(basedOn.capturedAt))],
    ['inventory', markdownCode(basedOn.inventoryDigest)],
    ['profile', markdownCode(basedOn.profile)],
    ['goal', markdownCode(basedOn.goal.name)],
    ['planner', markdownCode(`${basedOn.planner}, solver ${basedOn.solver}`)],
    ['seed, effort', markdownCode(`${basedOn.seed}, ${basedOn.effort}`)],
  ];
  return `## Based on\n\n${markdownTable(['', ''], [...facts, ...options])}`;
}

const calendarFacts = ({
  freezes,
  ...rest
}: NonNullable<Plan['basedOn']['options']['calendar']>): Readonly<
  Record<string, string | readonly string[]>
> => ({ ...rest, freezes: freezes.map(({ of, from, to }) => `${of} from ${from} to ${to}`) });

function objective({ objective: { terms, priorities }, basedOn: { goal } }: Plan): string {
  const rows = terms.map(({ kind, before, after }, index) => [
    ...(priorities === undefined ? [] : [String(goal.terms[index]?.priority ?? 1)]),
    markdownText(kind),
    decimal(before, 2),
    decimal(after, 2),
  ]);
  const termTable = markdownTable(
    [...(priorities === undefined ? [] : ['priority']), 'term', 'before', 'after'],
    rows,
  );
  return [
    '## Objective',
    priorities === undefined
      ? 'Less is better.'
      : 'Less is better; a priority counts where those before it are as good as can be.',
    ...(priorities === undefined ? [] : [prioritiesTable(priorities)]),
    termTable,
  ].join('\n\n');
}

const prioritiesTable = (priorities: NonNullable<Plan['objective']['priorities']>): string =>
  markdownTable(
    ['priority', 'before', 'after', 'bound', 'gap'],
    priorities.map(({ priority, before, after, bound, gap }) => [
      String(priority),
      decimal(before, 2),
      decimal(after, 2),
      bound === undefined ? 'none known' : decimal(bound, 2),
      gap === undefined ? '' : percent(gap),
    ]),
  );

const list = (title: string, items: readonly string[]): string =>
  items.length === 0 ? '' : `## ${title}\n\n${items.map((item) => `- ${item}`).join('\n')}`;

const assumptionText = ({ rule, text, missing, supply, servers }: Plan['assumptions'][number]): string =>
  `${markdownCode(rule)}: ${markdownText(text)}.${missing.length === 0 ? '' : ` Not known: ${missing.map(markdownCode).join(', ')}`}${supply.length === 0 ? '' : ` (record ${markdownText(supply.join('; '))})`}${servers.length === 0 ? '' : `. Servers: ${servers.map(markdownCode).join(', ')}`}`;

function notDoneText({ server, serverName, host, rule, reason }: Plan['notDone'][number]): string {
  const subject = [serverName ?? server, host].filter((name) => name !== undefined).map(markdownCode);
  return `${[subject.join(' on '), markdownText(reason)].filter((part) => part !== '').join(': ')} (${markdownCode(rule)})`;
}

function steps(plan: Plan): string {
  if (plan.steps.length === 0) return '## Steps\n\nNone.';
  const rows = stepsInWords(plan).map(({ wave, id, what, server, from, to, copies, takes, after, back }) => [
    String(wave),
    id,
    what,
    markdownCode(server),
    markdownCode(from),
    markdownCode(to),
    copies,
    takes,
    after,
    back,
  ]);
  const headers = ['wave', 'step', 'do', 'server', 'host', 'to', 'copies', 'takes', 'after', 'way back'];
  return `## Steps\n\nSteps of one wave may overlap.\n\n${markdownTable(headers, rows)}`;
}

/** Lines that still fit a page, and their length. */
const timelineLimit = 60;
const timelineWidth = 100;

/** The chart of `planner timeline`, where it fits; in a fence that no name can close. */
function timetable(plan: Plan): string {
  if (plan.steps.length === 0 || plan.steps.length > timelineLimit) return '';
  const chart = timelineText(timelineOf(plan, 'step'), { width: timelineWidth, limit: timelineLimit });
  const longest = Math.max(2, ...[...chart.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `## Timetable\n\n${fence}text\n${chart}${fence}`;
}

function details(plan: Plan): string {
  if (plan.steps.length === 0) return '';
  const nameOf = serverNames(plan);
  return ['## Step by step', ...plan.steps.map((step) => stepDetails(step, plan, nameOf))].join('\n\n');
}

function stepDetails(step: Step, plan: Plan, nameOf: ReturnType<typeof serverNames>): string {
  const client = clientOf(plan);
  const command = commandText(step, plan, client);
  const subject =
    'server' in step ? ` ${markdownCode(nameOf(step))}` : 'host' in step ? ` ${markdownCode(step.host)}` : '';
  const lines = [
    markdownText(step.reason),
    ...step.dependsOn.map(({ step: other, reason }) => `after ${other}: ${markdownText(reason)}`),
    ...(isMigration(step) ? [prediction(step)] : []),
    ...(step.guards.length === 0 ? [] : [`needs: ${step.guards.map(guardText).join('; ')}`]),
    `way back: ${undoText(step)}`,
    `microversion: ${step.microversion}`,
    ...(command === '' ? [] : [`command: ${markdownCode(command)}`]),
    ...(isMigration(step) && recordsPlacement(step, client)
      ? [
          'before it and after it: `virsh vcpuinfo` and `virsh numatune` of the server on its host, to compare',
        ]
      : []),
  ];
  return `### ${step.id}: ${step.kind}${subject}\n\n${lines.map((line) => `- ${line}`).join('\n')}`;
}

function prediction({
  storage,
  predicted: { bytes, cells, downtimeHighMs, downtimeMs, seconds },
}: Extract<Step, { readonly to: string }>): string {
  const numa = cells.map(({ hostCellId, pinnedCpuCount, pageSizeKiB }) => {
    const pages = pageSizeKiB === undefined ? '' : `, pages of ${pageSizeKiB} KiB`;
    return `NUMA cell ${hostCellId} (${pinnedCpuCount} pinned CPUs${pages})`;
  });
  const time = `${duration(seconds.expected)} (${duration(seconds.low)} to ${duration(seconds.high)})`;
  const parts = [
    `${dataSize(bytes)} over ${storage} storage`,
    time,
    `${decimal(downtimeMs, 0)} ms down${downtimeHighMs === undefined || downtimeHighMs === downtimeMs ? '' : ` (at worst ${decimal(downtimeHighMs, 0)})`}`,
    ...numa,
  ];
  return `expected: ${parts.join(', ')}`;
}

function guardText(guard: Guard): string {
  switch (guard.kind) {
    case 'server-on-host':
      return `on ${markdownCode(guard.host)}`;
    case 'server-status':
      return `status ${markdownCode(guard.status)}`;
    case 'server-flavor':
      return `flavor ${markdownCode(guard.flavor)} (${guard.vcpus} VCPUs, ${guard.memoryMiB} MiB)`;
    case 'service':
      return `${markdownCode(guard.host)} ${guard.status} and ${guard.state}`;
    case 'free':
      return `${decimal(guard.atLeast, 2)} ${markdownText(guard.resource)} free on ${markdownCode(guard.host)}`;
    case 'group-members':
      return `at most ${guard.atMost} members of group ${markdownCode(guard.group)} on ${markdownCode(guard.host)}`;
    case 'runs-only':
      return guard.servers.length === 0
        ? `nothing on ${markdownCode(guard.host)}`
        : `nothing on ${markdownCode(guard.host)} but ${guard.servers.map(markdownCode).join(', ')}`;
  }
}

const undoText = ({ undo }: Step): string =>
  'because' in undo
    ? `none, this is a point of no return: ${markdownText(undo.because)}`
    : `${markdownText(undo.how)}, until ${markdownText(undo.until)}${undo.needs.length === 0 ? '' : `; needs ${undo.needs.map(markdownText).join(', ')}`}`;
