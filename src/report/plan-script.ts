import type { ConfirmStep, MigrationStep, Plan, PowerStep, ServiceStep, Step } from '../plan/plan.ts';
import { invariant } from '../shared/invariant.ts';
import { escapeControls } from '../shared/text.ts';
import { clockLines, clockWarning } from './script-calendar.ts';
import { scriptFunctions } from './script-functions.ts';
import { isMigration, serverNames } from './step-words.ts';
import { shellQuote } from './words.ts';

/** Nova's limit for the reason of a disabled service. */
const longestReason = 255;

/**
 * A plan as a bash script for the `openstack` client: the steps one after the other in the order of the plan, which
 * satisfies every `dependsOn` and `requestAfter`. It stops at the first step that does not end as planned, and may be
 * run again: a server that is where a step brings it, or farther, is left alone.
 */
export function planScript(plan: Plan): string {
  const nameOf = serverNames(plan);
  const steps = plan.steps.map((step, index) =>
    stepLines(step, plan, plan.steps.slice(index + 1), nameOf).join('\n'),
  );
  return [header(plan), scriptFunctions, ...steps.map((step) => `${step}\n`), footer(plan)].join('\n');
}

/** What the script writes as the reason of a host that it disables; names the plan. */
const disableReason = (plan: Plan, step: ServiceStep): string =>
  Array.from(escapeControls(`planner plan ${plan.id}: ${step.disabledReason ?? step.reason}`))
    .slice(0, longestReason)
    .join('');

function header(plan: Plan): string {
  const { id, basedOn, steps } = plan;
  const about = `planner plan ${id}: ${basedOn.goal.name} on ${basedOn.profile}, ${steps.length} steps, cloud as of ${basedOn.capturedAt}`;
  return `#!/usr/bin/env bash
${comment(about)}
#
# Made by: planner export --format sh. Needs bash, the openstack client, and an administrator's credentials in the
# environment. Takes one step after the other and stops at the first that does not end as planned. It may be run
# again at any time: servers that are where a step brings them, or farther, are left alone.
#
# Settings:
#   PLANNER_POLL_SECONDS  seconds between two looks at a server (5)
#   PLANNER_WAIT_SECONDS  longest wait for a step (three times what the plan expects at most, and 10 minutes)
#   PLANNER_FENCED_HOSTS  hosts that are known to be powered off, where the plan evacuates
${clockComments(plan)}set -euo pipefail

poll_seconds="\${PLANNER_POLL_SECONDS:-5}"
wait_limit="\${PLANNER_WAIT_SECONDS:-}"
fenced_hosts="\${PLANNER_FENCED_HOSTS:-}"
step='-'
trap 'printf "interrupted at step %s; what Nova has begun goes on; run this script again\\n" "$step" >&2; exit 130' INT TERM

command -v openstack >/dev/null 2>&1 || { printf 'there is no openstack command here\\n' >&2; exit 1; }
${clockNotice(plan)}`;
}

/** What the plan asks of the clock, as comments. */
function clockComments(plan: Plan): string {
  const lines = clockLines(plan);
  if (lines.length === 0) return '';
  return [
    '#',
    comment(`Warning: ${clockWarning}. The plan asks for`),
    ...lines.map((line) => comment(`  ${line}`)),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** Says the same when the script starts. */
const clockNotice = (plan: Plan): string =>
  clockLines(plan).length === 0 ? '' : `printf 'warning: %s\\n' ${shellQuote(clockWarning)} >&2\n`;

const footer = ({ id }: Plan): string => `step='-'\nlog ${shellQuote(`plan ${id} is done`)}\n`;

/** A comment on one line, whatever the text holds. */
const comment = (text: string): string => `# ${escapeControls(text)}`;

/** A value that goes to bash as it is. */
function word(text: string): string {
  invariant(!text.includes('\0'), 'a plan has no names with a NUL character');
  return shellQuote(text);
}

/** A name to show: on one line, quoted. */
const label = (text: string): string => shellQuote(escapeControls(text));

type NameOf = ReturnType<typeof serverNames>;

function stepLines(step: Step, plan: Plan, later: readonly Step[], nameOf: NameOf): string[] {
  const head = [
    comment(`${step.id}: ${step.reason}`),
    `step=${word(step.id)} version=${word(step.microversion)}`,
  ];
  switch (step.kind) {
    case 'live':
    case 'cold':
    case 'evacuate':
      return [...head, ...serverLines(step, nameOf), ...migrationLines(step), migrationCall(step, later)];
    case 'confirm':
      return [...head, ...serverLines(step, nameOf), ...confirmLines(step, plan, later)];
    case 'stop':
    case 'start':
      return [...head, ...serverLines(step, nameOf), ...powerLines(step, later)];
    case 'disable-service':
    case 'enable-service':
      return [...head, ...serviceLines(step, plan)];
    case 'wait':
      return [...head, `log 'wait'`, `sleep ${Math.ceil(step.seconds)}`];
  }
}

function confirmLines(step: ConfirmStep, plan: Plan, later: readonly Step[]): string[] {
  const migration = plan.steps.find((other) => other.id === step.of);
  invariant(migration !== undefined && isMigration(migration), 'a confirm step names a migration');
  const call = `confirm_migration${hostWords(laterHosts(step.server, later, migration.to))}`;
  return [...migrationLines(migration), `confirm=${word(step.confirmPolicy)}`, call];
}

function powerLines({ kind, server }: PowerStep, later: readonly Step[]): string[] {
  // A server that has moved on was stopped for that, and runs again by now.
  const call =
    kind === 'stop' ? `power stop SHUTOFF${hostWords(laterHosts(server, later))}` : 'power start ACTIVE';
  return [`expected_status='' wait_seconds=1200`, call];
}

function serviceLines(step: ServiceStep, plan: Plan): string[] {
  const call =
    step.kind === 'disable-service'
      ? `disable_service ${word(disableReason(plan, step))}`
      : `enable_service${reasonOfDisabling(step, plan)}`;
  return [`service_host=${word(step.host)} service_label=${label(step.host)}`, call];
}

const serverLines = (step: Extract<Step, { readonly server: string }>, nameOf: NameOf): string[] => [
  `server=${word(step.server)} server_label=${label(nameOf(step))}`,
];

function migrationLines(step: MigrationStep): string[] {
  const status = step.guards.find((guard) => guard.kind === 'server-status' && guard.server === step.server);
  const service = step.guards.find((guard) => guard.kind === 'service' && guard.host === step.to);
  const expected = status?.kind === 'server-status' ? status.status : '';
  const alone = step.guards.find((guard) => guard.kind === 'runs-only');
  const wanted = service?.kind === 'service' ? `${service.status} ${service.state}` : '';
  return [
    `from=${word(step.from)} from_label=${label(step.from)}`,
    `to=${word(step.to)} to_label=${label(step.to)}`,
    `expected_status=${word(expected)} to_service=${word(wanted)} wait_seconds=${waitSeconds(step)}`,
    alone?.kind === 'runs-only' ? `batch=${word([step.server, ...alone.servers].join(' '))}` : `batch=''`,
  ];
}

const waitSeconds = (step: MigrationStep): number => Math.ceil(step.predicted.seconds.high * 3) + 600;

/** Below these the client does not send a destination (`--host`), and Nova would force it. */
const leastMinor = { live: 30, cold: 56, evacuate: 29 } as const;

function migrationCall(step: MigrationStep, later: readonly Step[]): string {
  const minor = Number(step.microversion.split('.')[1]);
  if (step.forced || minor < leastMinor[step.kind]) {
    return `stop 'the openstack client cannot force a server to a host'`;
  }
  const call = { live: 'live_migrate', cold: 'cold_migrate', evacuate: 'evacuate' }[step.kind];
  return call + hostWords(laterHosts(step.server, later, step.to, step.from));
}

/** Hosts to which later steps bring the server: on one of them, it is past this step. */
function laterHosts(server: string, later: readonly Step[], ...but: readonly string[]): string[] {
  const hosts = later.filter(isMigration).filter((step) => step.server === server);
  return [...new Set(hosts.map((step) => step.to))].filter((host) => !but.includes(host));
}

const hostWords = (hosts: readonly string[]): string => hosts.map((host) => ` ${word(host)}`).join('');

/** A host that this plan disabled is enabled only while it is still disabled for that reason. */
function reasonOfDisabling(step: ServiceStep, plan: Plan): string {
  const disabling = plan.steps.find((other) => other.kind === 'disable-service' && other.host === step.host);
  return disabling?.kind === 'disable-service' ? ` ${word(disableReason(plan, disabling))}` : '';
}
