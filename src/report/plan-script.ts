import type { ConfirmStep, MigrationStep, Plan, PowerStep, ServiceStep, Step } from '../plan/plan.ts';
import { invariant } from '../shared/invariant.ts';
import { escapeControls } from '../shared/text.ts';
import {
  type Client,
  clientOf,
  commandOf,
  confirmed,
  disableReason,
  laterHosts,
  recordsPlacement,
  serviceVersion,
  waitSeconds,
} from './client.ts';
import { clockFunctions, clockLines, clockOf, clockSettings, type ScriptClock } from './script-calendar.ts';
import { noClockFunctions, scriptFunctions } from './script-functions.ts';
import { noPlacementFunctions, placementFunctions } from './script-placement.ts';
import { isMigration, serverNames } from './step-words.ts';
import { shellQuote, wholeSecond } from './words.ts';

/**
 * A plan as a bash script for the clients of its release: the steps one after the other in the order of the plan, which
 * satisfies every `dependsOn` and `requestAfter`. It stops at the first step that does not end as planned, and may be
 * run again: a server that is where a step brings it, or farther, is left alone.
 */
export function planScript(plan: Plan, clock?: ScriptClock): string {
  const client = clientOf(plan);
  const nameOf = serverNames(plan);
  const steps = plan.steps.map((step, index) =>
    stepLines(step, { plan, client, clock, later: plan.steps.slice(index + 1), nameOf }).join('\n'),
  );
  const functions = [
    scriptFunctions(client),
    clock === undefined ? noClockFunctions : `${clockSettings(clock)}${clockFunctions}`,
    records(plan, client) ? placementFunctions : noPlacementFunctions,
  ];
  return [header(plan, client, clock), ...functions, ...steps.map((step) => `${step}\n`), footer(plan)].join(
    '\n',
  );
}

const records = (plan: Plan, client: Client): boolean =>
  plan.steps.some((step) => isMigration(step) && recordsPlacement(step, client));

function header(plan: Plan, client: Client, clock: ScriptClock | undefined): string {
  const { id, basedOn, steps } = plan;
  const about = `planner plan ${id}: ${basedOn.goal.name} on ${basedOn.profile}, ${steps.length} steps, cloud as of ${wholeSecond(basedOn.capturedAt)}`;
  const programs = client === 'current' ? ['openstack'] : ['openstack', 'nova'];
  const needs = {
    current: 'the openstack client (5.5 or later)',
    train: 'the openstack and nova clients of Train',
    queens: 'the openstack and nova clients of Queens',
  }[client];
  return `#!/usr/bin/env bash
${comment(about)}
#
# Made by: planner export --format sh. Needs bash, ${needs}, and an administrator's
# credentials in the environment. Takes one step after the other and stops at the first that does not end as planned.
# It may be run again at any time: servers that are where a step brings them, or farther, are left alone.
#
# Settings:
#   PLANNER_POLL_SECONDS  seconds between two looks at a server (5)
#   PLANNER_WAIT_SECONDS  longest wait for a step (three times what the plan expects at most, and 10 minutes)
#   PLANNER_FENCED_HOSTS  hosts that are known to be powered off, where the plan evacuates
${clockComments(plan, clock)}${placementComments(plan, client)}# shellcheck disable=SC2016,SC2034,SC2119,SC2120,SC2317,SC2329
set -euo pipefail

poll_seconds="\${PLANNER_POLL_SECONDS:-5}"
wait_limit="\${PLANNER_WAIT_SECONDS:-}"
fenced_hosts="\${PLANNER_FENCED_HOSTS:-}"
${placementSettings(plan, client)}step='-' waited='' storage='' confirm='' batch='' records_it='' clock_need=0 freezes='' ready_at=0
trap 'printf "interrupted at step %s; what Nova has begun goes on; run this script again\\n" "$step" >&2; exit 130' INT TERM

${programs.map((program) => `command -v ${program} >/dev/null 2>&1 || { printf 'there is no ${program} command here\\n' >&2; exit 1; }`).join('\n')}
`;
}

/** What the plan asks of the clock, as comments. */
function clockComments(plan: Plan, clock: ScriptClock | undefined): string {
  if (clock === undefined) return '';
  return `#   PLANNER_OUTSIDE       what to do outside the times of the plan: wait (usual), refuse, ignore
#   PLANNER_CLOCK_SECONDS seconds between two looks at the clock (30)
#
# The plan asks for
${clockLines(plan)
  .map((line) => comment(`  ${line}`))
  .join('\n')}
#
`;
}

const placementComments = (plan: Plan, client: Client): string =>
  records(plan, client)
    ? `#   PLANNER_SSH           how hosts are reached to record CPUs and NUMA nodes (ssh -o BatchMode=yes); none: not at all
#   PLANNER_VIRSH         how virsh is called there (sudo virsh -r)
#   PLANNER_RECORDS       where that is kept (planner-placement)
`
    : '';

const placementSettings = (plan: Plan, client: Client): string =>
  records(plan, client)
    ? `ssh_command="\${PLANNER_SSH:-ssh -o BatchMode=yes}"
virsh_command="\${PLANNER_VIRSH:-sudo virsh -r}"
records="\${PLANNER_RECORDS:-planner-placement}"
same_cells=${plan.basedOn.release.switches.cellChoice === 'same' ? 'yes' : 'no'}
`
    : '';

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

interface Writing {
  readonly plan: Plan;
  readonly client: Client;
  readonly clock: ScriptClock | undefined;
  readonly later: readonly Step[];
  readonly nameOf: ReturnType<typeof serverNames>;
}

function stepLines(step: Step, writing: Writing): string[] {
  const { client, nameOf } = writing;
  const isService = step.kind === 'disable-service' || step.kind === 'enable-service';
  const version = isService ? serviceVersion(step.microversion, client) : step.microversion;
  const head = [comment(`${step.id}: ${step.reason}`), `step=${word(step.id)} version=${word(version)}`];
  switch (step.kind) {
    case 'live':
    case 'cold':
    case 'evacuate':
      return [
        ...head,
        ...serverLines(step, nameOf),
        ...migrationLines(step),
        ...clientLines(step, writing),
        migrationCall(step, writing),
        ...(writing.clock?.apartSeconds === undefined ? [] : [`${endOf(step.id)}="$(date +%s)"`]),
      ];
    case 'confirm':
      return [...head, ...serverLines(step, nameOf), ...confirmLines(step, writing)];
    case 'stop':
    case 'start':
      return [...head, ...serverLines(step, nameOf), ...powerLines(step, writing.later)];
    case 'disable-service':
    case 'enable-service':
      return [...head, ...serviceLines(step, writing.plan)];
    case 'wait':
      return [...head, `log 'wait'`, `sleep ${Math.ceil(step.seconds)}`];
  }
}

/** What only some clients and calendars need. */
function clientLines(step: MigrationStep, { client, clock, plan }: Writing): string[] {
  const kept = clock === undefined ? undefined : clockOf(step, plan, clock);
  const from = kept?.apartFrom;
  return [
    ...(kept === undefined
      ? []
      : [
          `clock_need=${kept.seconds} freezes='${kept.freezes.join(' ')}' ready_at=${from === undefined ? '0' : `"$((\${${endOf(from)}:-0} + apart))"`}`,
        ]),
    ...(client === 'queens'
      ? [
          `records_it=${recordsPlacement(step, client) ? 'yes' : "''"} storage=${step.storage === 'block' ? '--block-migration' : '--shared-migration'}`,
        ]
      : []),
  ];
}

/** The variable that keeps when a step ended. */
const endOf = (id: string): string => `ended_${id.replace(/\W/g, (sign) => `_${sign.charCodeAt(0)}_`)}`;

function confirmLines(step: ConfirmStep, { later, plan }: Writing): string[] {
  const migration = confirmed(step, plan);
  invariant(migration !== undefined, 'a confirm step names a migration');
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

const serverLines = (
  step: Extract<Step, { readonly server: string }>,
  nameOf: Writing['nameOf'],
): string[] => [`server=${word(step.server)} server_label=${label(nameOf(step))}`];

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

function migrationCall(step: MigrationStep, { client, later, plan }: Writing): string {
  if (commandOf(step, plan, client) === undefined) {
    return `stop 'the client cannot force a server to a host'`;
  }
  const call = { live: 'live_migrate', cold: 'cold_migrate', evacuate: 'evacuate' }[step.kind];
  const forced = step.forced ? ' --forced' : '';
  return call + forced + hostWords(laterHosts(step.server, later, step.to, step.from));
}

const hostWords = (hosts: readonly string[]): string => hosts.map((host) => ` ${word(host)}`).join('');

/** A host that this plan disabled is enabled only while it is still disabled for that reason. */
function reasonOfDisabling(step: ServiceStep, plan: Plan): string {
  const disabling = plan.steps.find((other) => other.kind === 'disable-service' && other.host === step.host);
  return disabling?.kind === 'disable-service' ? ` ${word(disableReason(plan, disabling))}` : '';
}
