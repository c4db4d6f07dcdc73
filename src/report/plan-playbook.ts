import type { Plan, Step } from '../plan/plan.ts';
import { escapeControls } from '../shared/text.ts';
import { type Client, clientOf, recordsPlacement } from './client.ts';
import { confirmBlock } from './playbook/confirm-block.ts';
import { migrationBlock } from './playbook/migration-block.ts';
import { powerBlock } from './playbook/power-block.ts';
import { serviceBlock } from './playbook/service-block.ts';
import { instant, type Writing } from './playbook/tasks.ts';
import { block, list, task, type Task, unsafe, yaml } from './playbook/yaml.ts';
import { clockFunctions, clockLines, clockSettings, type ScriptClock } from './script-calendar.ts';
import { scriptFunctions } from './script-functions.ts';
import { placementFunctions } from './script-placement.ts';
import { isMigration, serverNames } from './step-words.ts';
import { wholeSecond } from './words.ts';

/**
 * A plan as an Ansible playbook: the steps one after the other in the order of the plan, each with a look at the server
 * before and after. It stops at the first that does not end as planned, and may be run again: a server that is where a
 * step brings it, or farther, is left alone. Nothing that a name holds is ever taken for a template or a command.
 */
export function planPlaybook(plan: Plan, clock?: ScriptClock): string {
  const client = clientOf(plan);
  const nameOf = serverNames(plan);
  const tasks = [
    ...(clock?.deadline?.kind === 'after' ? [beginning] : []),
    ...plan.steps.map((step, at) =>
      taskOf(step, { plan, client, clock, nameOf, later: plan.steps.slice(at + 1) }),
    ),
  ];
  return [
    ...header(plan, client, clock),
    `- name: ${yaml(`Plan ${plan.id}`)}`,
    '  hosts: localhost',
    '  connection: local',
    '  gather_facts: false',
    '  vars:',
    '    planner_poll_seconds: 5',
    '    planner_fenced_hosts: []',
    ...(helps(plan, client, clock) ? helperLines(plan, client, clock) : []),
    tasks.length === 0 ? '  tasks: []' : '  tasks:',
    ...tasks.flatMap((each) => block(each, 4)),
    '',
  ].join('\n');
}

function header(plan: Plan, client: Client, clock: ScriptClock | undefined): string[] {
  const { id, basedOn, steps } = plan;
  const lines = [
    `planner plan ${id}: ${basedOn.goal.name} on ${basedOn.profile}, ${steps.length} steps, cloud as of ${wholeSecond(basedOn.capturedAt)}`,
    '',
    `Made by: planner export --format ansible. Needs ${client === 'current' ? 'the openstack client' : 'the openstack and nova clients of the release'} and an administrator's credentials in`,
    'the environment, here and nowhere else: ansible-playbook plan.yml',
    '',
    'planner_poll_seconds is between two looks at a server; planner_fenced_hosts names hosts that are known to be off,',
    'where the plan evacuates: -e \'{"planner_fenced_hosts": ["HOST"]}\'',
    ...(clock === undefined
      ? []
      : [
          'PLANNER_OUTSIDE in the environment: wait (usual), refuse or ignore outside the times of the plan:',
          ...clockLines(plan).map((line) => `  ${line}`),
        ]),
  ];
  return lines.map((line) => (line === '' ? '#' : `# ${escapeControls(line)}`));
}

/** Whether the clock, libvirt or a table of the old client has to be looked at: by the functions of the script. */
const helps = (plan: Plan, client: Client, clock: ScriptClock | undefined): boolean =>
  clock !== undefined ||
  client !== 'current' ||
  plan.steps.some((step) => isMigration(step) && recordsPlacement(step, client));

function helperLines(plan: Plan, client: Client, clock: ScriptClock | undefined): string[] {
  const { cellChoice } = plan.basedOn.release.switches;
  const text = [
    'set -euo pipefail',
    "poll_seconds=\"${PLANNER_POLL_SECONDS:-5}\" waited='' wait_limit=''",
    'ssh_command="${PLANNER_SSH:-ssh -o BatchMode=yes}" virsh_command="${PLANNER_VIRSH:-sudo virsh -r}"',
    `records="\${PLANNER_RECORDS:-planner-placement}" same_cells=${cellChoice === 'same' ? 'yes' : 'no'} records_it=yes`,
    scriptFunctions(client),
    placementFunctions,
    ...(clock === undefined ? [] : [clockSettings(clock, '$planner_begun'), clockFunctions]),
  ].join('\n');
  return [`    planner_functions: ${unsafe(text)}`];
}

/** Tasks have no memory of their own: a deadline that is a duration counts from here. */
const beginning: Task = task('note the time', {
  'ansible.builtin.set_fact': list({ planner_begun: yaml(instant) }),
});

function taskOf(step: Step, writing: Writing): Task {
  switch (step.kind) {
    case 'live':
    case 'cold':
    case 'evacuate':
      return migrationBlock(step, writing);
    case 'confirm':
      return confirmBlock(step, writing);
    case 'stop':
    case 'start':
      return powerBlock(step, writing);
    case 'disable-service':
    case 'enable-service':
      return serviceBlock(step, writing);
    case 'wait':
      return task(`${step.id}: wait`, {
        'ansible.builtin.pause': yaml({ seconds: Math.ceil(step.seconds) }),
      });
  }
}
