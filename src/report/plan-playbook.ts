import type { ConfirmStep, Guard, MigrationStep, Plan, PowerStep, ServiceStep, Step } from '../plan/plan.ts';
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
import { placementFunctions, scriptFunctions } from './script-functions.ts';
import { isMigration, serverNames } from './step-words.ts';
import { block, list, task, type Task, unsafe, yaml } from './yaml.ts';

/**
 * A plan as an Ansible playbook: the steps one after the other in the order of the plan, each with a look at the server
 * before and after. It stops at the first that does not end as planned, and may be run again: a server that is where a
 * step brings it, or farther, is left alone. Nothing that a name holds is ever taken for a template or a command.
 */
export function planPlaybook(plan: Plan, clock?: ScriptClock): string {
  const client = clientOf(plan);
  const nameOf = serverNames(plan);
  const tasks = plan.steps.flatMap((step, at) =>
    tasksOf(step, { plan, client, clock, nameOf, later: plan.steps.slice(at + 1) }),
  );
  return [
    ...header(plan, client, clock),
    '- name: ' + unsafeTitle(`Plan ${plan.id}`),
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

interface Writing {
  readonly plan: Plan;
  readonly client: Client;
  readonly clock: ScriptClock | undefined;
  readonly nameOf: ReturnType<typeof serverNames>;
  readonly later: readonly Step[];
}

function header(plan: Plan, client: Client, clock: ScriptClock | undefined): string[] {
  const { id, basedOn, steps } = plan;
  const lines = [
    `planner plan ${id}: ${basedOn.goal.name} on ${basedOn.profile}, ${steps.length} steps, cloud as of ${basedOn.capturedAt}`,
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
    ...(clock === undefined ? [] : [clockSettings(clock), clockFunctions]),
  ].join('\n');
  return [`    planner_functions: ${unsafe(text)}`];
}

function tasksOf(step: Step, writing: Writing): Task[] {
  switch (step.kind) {
    case 'live':
    case 'cold':
    case 'evacuate':
      return [migrationBlock(step, writing)];
    case 'confirm':
      return [confirmBlock(step, writing)];
    case 'stop':
    case 'start':
      return [powerBlock(step, writing)];
    case 'disable-service':
    case 'enable-service':
      return [serviceBlock(step, writing)];
    case 'wait':
      return [
        task(`${step.id}: wait`, { 'ansible.builtin.pause': yaml({ seconds: Math.ceil(step.seconds) }) }),
      ];
  }
}

const at = (register: string, column: string): string => `(${register}.stdout | from_json)['${column}']`;
const seen = (column: string): string => at('planner_server', column);
const host = 'OS-EXT-SRV-ATTR:host';
const taskState = 'OS-EXT-STS:task_state';

const busy = ['MIGRATING', 'RESIZE', 'REVERT_RESIZE', 'REBUILD'];
const past = `${seen(host)} in planner_past`;
const notPast = `${seen(host)} not in planner_past`;

/** Looks until the server is at rest, and in none of these statuses. */
function settle(
  title: string,
  step: { readonly server: string; readonly microversion: string },
  seconds: number,
  ...not: string[]
): Task {
  const statuses = JSON.stringify([...busy, ...not]).replaceAll('"', "'");
  return task(title, {
    'ansible.builtin.command': argv('openstack', [
      '--os-compute-api-version',
      step.microversion,
      ...['server', 'show', '-f', 'json', '-c', 'status', '-c', taskState, '-c', host, '--'],
      step.server,
    ]),
    register: 'planner_server',
    changed_when: 'false',
    until: yaml(
      `planner_server.rc == 0 and ${seen('status')} not in ${statuses} and ${seen(taskState)} in [none, '', 'None', 'null']`,
    ),
    retries: yaml(`{{ [(${seconds} / ([planner_poll_seconds | float, 1] | max)) | int, 5] | max }}`),
    delay: yaml('{{ planner_poll_seconds | int }}'),
  });
}

const claim = (title: string, that: readonly string[], failure: string, when?: string): Task =>
  task(title, {
    'ansible.builtin.assert': list({
      that: that.map((each) => yaml(each)),
      fail_msg: unsafe(failure),
      quiet: 'true',
    }),
    ...(when !== undefined && { when: yaml(when) }),
  });

/** A command, its words as they are: no shell and no template looks at them. */
const argv = (program: string, words: readonly string[]): string =>
  list({ argv: [program, ...words].map((word) => unsafe(word)) });

/** A piece of the script's functions, with values in its environment. */
const helper = (
  title: string,
  call: string,
  environment: Readonly<Record<string, string>>,
  when: string,
): Task =>
  task(title, {
    'ansible.builtin.shell': list({
      cmd: yaml(`{{ planner_functions }}\n${call}\n`),
      executable: yaml('/bin/bash'),
    }),
    environment: list(
      Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, unsafe(value)])),
    ),
    changed_when: 'false',
    when: yaml(when),
  });

function request(title: string, step: Step, { client, plan }: Writing, when: string): Task {
  const command = commandOf(step, plan, client);
  return command === undefined
    ? task(title, {
        'ansible.builtin.fail': list({ msg: unsafe('the client cannot force a server to a host') }),
        when: yaml(when),
      })
    : task(title, { 'ansible.builtin.command': argv(command.program, command.words), when: yaml(when) });
}

function migrationBlock(step: MigrationStep, writing: Writing): Task {
  const { client, clock, later, nameOf, plan } = writing;
  const { from, guards, id, kind, server, to } = step;
  const name = nameOf(step);
  const seconds = waitSeconds(step);
  const status = guards.find((guard) => guard.kind === 'server-status' && guard.server === server);
  const environment = {
    step: id,
    server,
    server_label: name,
    from,
    to,
    host: to,
    version: step.microversion,
  };
  return {
    ...task(`${id}: ${kind} ${name} ${from} -> ${to}`, {
      vars: list({
        planner_from: unsafe(from),
        planner_to: unsafe(to),
        planner_past: [to, ...laterHosts(server, later, to, from)].map((each) => unsafe(each)),
      }),
    }),
    block: [
      settle(`${id}: look at the server`, step, seconds),
      ...(clock === undefined
        ? []
        : [clockTask(step, plan, clock, id), settle(`${id}: look again`, step, seconds)]),
      claim(
        `${id}: the server is where the plan has it`,
        [
          `${seen(host)} == planner_from`,
          ...(status?.kind === 'server-status' ? [`${seen('status')} == '${word(status.status)}'`] : []),
        ],
        `server ${name} is not on ${from} as planned: plan again`,
        notPast,
      ),
      ...guards.flatMap((guard) => guardTasks(guard, step)),
      ...(kind === 'evacuate'
        ? [
            claim(
              `${id}: the host is off`,
              ['planner_from in planner_fenced_hosts'],
              `make sure that ${from} is powered off, then name it in planner_fenced_hosts`,
              notPast,
            ),
          ]
        : []),
      ...(recordsPlacement(step, client)
        ? [helper(`${id}: record CPUs and NUMA nodes`, 'record_placement', environment, notPast)]
        : []),
      request(`${id}: request it`, step, writing, notPast),
      settle(`${id}: wait for its end`, step, seconds),
      claim(
        `${id}: the server has arrived`,
        [past],
        `server ${name} is not on ${to}: the migration failed; see openstack server event list`,
      ),
      ...(recordsPlacement(step, client)
        ? [
            helper(
              `${id}: compare CPUs and NUMA nodes`,
              'compare_placement',
              environment,
              `${seen(host)} == planner_to`,
            ),
          ]
        : []),
      ...(clock?.apartSeconds === undefined
        ? []
        : [
            task(`${id}: note the time`, {
              'ansible.builtin.set_fact': list({
                [endOf(id)]: yaml("{{ lookup('ansible.builtin.pipe', 'date +%s') }}"),
              }),
            }),
          ]),
    ],
  };
}

/** A word of Nova's own: upper case letters only, whatever a plan says. */
const word = (text: string): string => text.replace(/[^A-Z_a-z]/g, '_');

function clockTask(step: MigrationStep, plan: Plan, clock: ScriptClock, id: string): Task {
  const { apartFrom, freezes, seconds } = clockOf(step, plan, clock);
  const ready = apartFrom === undefined ? '0' : `$(({{ ${endOf(apartFrom)} | default(0) | int }} + apart))`;
  return helper(
    `${id}: wait for the times of the plan`,
    `keep_clock ${seconds} '${freezes.join(' ')}' "${ready}"`,
    { step: id },
    notPast,
  );
}

const endOf = (id: string): string => `planner_ended_${id.replace(/\W/g, '_')}`;

function guardTasks(guard: Guard, step: MigrationStep): Task[] {
  const { id, microversion, to } = step;
  const version = ['--os-compute-api-version', microversion];
  if (guard.kind === 'service' && guard.host === to) {
    return [
      task(`${id}: look at the destination`, {
        'ansible.builtin.command': argv('openstack', [
          ...version,
          ...[
            'compute',
            'service',
            'list',
            `--host=${guard.host}`,
            '--service=nova-compute',
            '-f',
            'json',
            '-c',
            'Status',
            '-c',
            'State',
          ],
        ]),
        register: 'planner_service',
        changed_when: 'false',
        when: yaml(notPast),
      }),
      claim(
        `${id}: the destination is as planned`,
        [
          `(planner_service.stdout | from_json | first)['Status'] == '${guard.status}'`,
          `(planner_service.stdout | from_json | first)['State'] == '${guard.state}'`,
        ],
        `nova-compute on ${guard.host} is not ${guard.status} and ${guard.state} as planned`,
        notPast,
      ),
    ];
  }
  if (guard.kind !== 'runs-only') return [];
  return [
    task(`${id}: look who is there`, {
      'ansible.builtin.command': argv('openstack', [
        ...version,
        'server',
        'list',
        '--all-projects',
        `--host=${guard.host}`,
        '-f',
        'json',
        '-c',
        'ID',
      ]),
      register: 'planner_there',
      changed_when: 'false',
      when: yaml(notPast),
    }),
    {
      ...claim(
        `${id}: nobody else is there`,
        ["planner_there.stdout | from_json | map(attribute='ID') | difference(planner_batch) | length == 0"],
        `${guard.host} is to run nothing but servers of this batch: move the others away, or plan again`,
        notPast,
      ),
      vars: list({ planner_batch: [step.server, ...guard.servers].map((each) => unsafe(each)) }),
    },
  ];
}

function confirmBlock(step: ConfirmStep, writing: Writing): Task {
  const { client, later, nameOf, plan } = writing;
  const { id, microversion, server } = step;
  const migration = confirmed(step, plan);
  const to = migration?.to ?? '';
  const seconds = migration === undefined ? 600 : waitSeconds(migration);
  const name = nameOf(step);
  const waits = `${seen('status')} == 'VERIFY_RESIZE' and ${seen(host)} == planner_to`;
  const listed =
    client === 'current'
      ? task(`${id}: look at its migrations`, {
          'ansible.builtin.command': argv('openstack', [
            ...[
              '--os-compute-api-version',
              microversion,
              'server',
              'migration',
              'list',
              `--server=${server}`,
            ],
            ...['--type=cold-migration', '--status=finished', '-f', 'value', '-c', 'Dest Compute'],
          ]),
          changed_when: 'false',
          when: yaml(waits),
        })
      : helper(
          `${id}: look at its migrations`,
          'migrations finished',
          { server, version: microversion },
          waits,
        );
  return {
    ...task(`${id}: confirm ${name} on ${to}`, {
      vars: list({
        planner_to: unsafe(to),
        planner_past: [to, ...laterHosts(server, later, to)].map((each) => unsafe(each)),
      }),
    }),
    block: [
      settle(`${id}: look at the server`, step, seconds),
      claim(`${id}: the server is where the plan has it`, [past], `server ${name} is not on ${to}`),
      ...(step.confirmPolicy === 'manual'
        ? [
            claim(
              `${id}: somebody has confirmed it`,
              [`${seen('status')} != 'VERIFY_RESIZE'`],
              `confirm or revert the migration of server ${name} by hand`,
            ),
          ]
        : [
            { ...listed, register: 'planner_migrations' },
            claim(
              `${id}: it is this migration`,
              ['planner_migrations.stdout | trim == planner_to'],
              `server ${name} waits for a confirmation, but not of the migration to ${to}; it is not confirmed here`,
              waits,
            ),
            request(`${id}: confirm it`, step, writing, waits),
            settle(`${id}: wait for its end`, step, seconds, 'VERIFY_RESIZE'),
          ]),
    ],
  };
}

function powerBlock(step: PowerStep, writing: Writing): Task {
  const { id, kind, server } = step;
  const wanted = kind === 'stop' ? 'SHUTOFF' : 'ACTIVE';
  const name = writing.nameOf(step);
  const gone = kind === 'stop' ? laterHosts(server, writing.later) : [];
  const needed = `${seen('status')} != '${wanted}' and ${notPast}`;
  return {
    ...task(`${id}: ${kind} ${name}`, { vars: list({ planner_past: gone.map((each) => unsafe(each)) }) }),
    block: [
      settle(`${id}: look at the server`, step, 1200),
      request(`${id}: ${kind} it`, step, writing, needed),
      settle(`${id}: wait for its end`, step, 1200),
      claim(
        `${id}: it is ${wanted}`,
        [`${seen('status')} == '${wanted}' or ${past}`],
        `server ${name} is not ${wanted}`,
      ),
    ],
  };
}

const service = (column: string): string => `(planner_service.stdout | from_json | first)['${column}']`;

function serviceBlock(step: ServiceStep, writing: Writing): Task {
  const { client, clock, plan } = writing;
  const { id, kind } = step;
  const wanted = kind === 'disable-service' ? 'disabled' : 'enabled';
  const disabling = plan.steps.find(
    (other): other is ServiceStep => other.kind === 'disable-service' && other.host === step.host,
  );
  const own =
    kind === 'enable-service' && disabling !== undefined ? disableReason(plan, disabling) : undefined;
  const look = (title: string): Task =>
    task(title, {
      'ansible.builtin.command': argv('openstack', [
        ...[
          '--os-compute-api-version',
          serviceVersion(step.microversion, client),
          'compute',
          'service',
          'list',
          '--long',
        ],
        ...[
          `--host=${step.host}`,
          '--service=nova-compute',
          '-f',
          'json',
          '-c',
          'Status',
          '-c',
          'Disabled Reason',
        ],
      ]),
      register: 'planner_service',
      changed_when: 'false',
      failed_when: yaml('planner_service.rc != 0 or (planner_service.stdout | from_json | length) != 1'),
    });
  const needed = `${service('Status')} != '${wanted}'`;
  return {
    ...task(`${id}: ${kind === 'disable-service' ? 'disable' : 'enable'} ${step.host}`, {
      vars: list({ planner_reason: unsafe(own ?? '') }),
    }),
    block: [
      look(`${id}: look at nova-compute`),
      ...(own === undefined
        ? []
        : [
            claim(
              `${id}: it was disabled by this plan`,
              [`${service('Disabled Reason')} == planner_reason`],
              `${step.host} is disabled for another reason by now`,
              needed,
            ),
          ]),
      ...(clock !== undefined && kind === 'disable-service'
        ? [helper(`${id}: wait for the times of the plan`, "keep_clock 0 '' 0", { step: id }, needed)]
        : []),
      request(`${id}: ask for it`, step, writing, needed),
      look(`${id}: look again`),
      claim(
        `${id}: it is ${wanted}`,
        [`${service('Status')} == '${wanted}'`],
        `nova-compute on ${step.host} is not ${wanted}`,
      ),
    ],
  };
}

const unsafeTitle = (text: string): string => yaml(text);
