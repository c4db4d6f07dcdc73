import type { Guard, MigrationStep, Plan } from '../../plan/plan.ts';
import { laterHosts, recordsPlacement, waitSeconds } from '../client.ts';
import { clockOf, type ScriptClock } from '../script-calendar.ts';
import {
  argv,
  claim,
  helper,
  host,
  instant,
  notInError,
  notPast,
  past,
  request,
  seen,
  settle,
  type Writing,
} from './tasks.ts';
import { list, task, type Task, unsafe, yaml } from './yaml.ts';

/** Requests a migration where its server is still at the source, and waits until it has arrived. */
export function migrationBlock(step: MigrationStep, writing: Writing): Task {
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
              // in a text the name of one host may stand within that of another
              ['planner_fenced_hosts is not string', 'planner_from in planner_fenced_hosts'],
              `make sure that ${from} is powered off, then name it in the list planner_fenced_hosts`,
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
      claim(
        `${id}: the server is well`,
        [notInError],
        `server ${name} is in ERROR on ${to}; see openstack server event list`,
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
                [endOf(id)]: yaml(instant),
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
