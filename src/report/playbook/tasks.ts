import type { Plan, Step } from '../../plan/plan.ts';
import { type Client, commandOf } from '../client.ts';
import type { ScriptClock } from '../script-calendar.ts';
import type { serverNames } from '../step-words.ts';
import { list, task, type Task, unsafe, yaml } from './yaml.ts';

/** What the tasks of a step are written with. */
export interface Writing {
  readonly plan: Plan;
  readonly client: Client;
  readonly clock: ScriptClock | undefined;
  readonly nameOf: ReturnType<typeof serverNames>;
  /** The steps that come after it. */
  readonly later: readonly Step[];
}

/** The instant at which a task is carried out, in seconds since 1970. */
export const instant = "{{ lookup('ansible.builtin.pipe', 'date +%s') }}";

const at = (register: string, column: string): string => `(${register}.stdout | from_json)['${column}']`;
export const seen = (column: string): string => at('planner_server', column);
export const host = 'OS-EXT-SRV-ATTR:host';
const taskState = 'OS-EXT-STS:task_state';

const busy = ['MIGRATING', 'RESIZE', 'REVERT_RESIZE', 'REBUILD'];
export const past = `${seen(host)} in planner_past`;
export const notPast = `${seen(host)} not in planner_past`;
/** A live migration that fails after the switch leaves its server on the new host, in ERROR. */
export const notInError = `${seen('status')} != 'ERROR'`;

/** Looks until the server is at rest, and in none of these statuses. */
export function settle(
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

export const claim = (title: string, that: readonly string[], failure: string, when?: string): Task =>
  task(title, {
    'ansible.builtin.assert': list({
      that: that.map((each) => yaml(each)),
      fail_msg: unsafe(failure),
      quiet: 'true',
    }),
    ...(when !== undefined && { when: yaml(when) }),
  });

/** A command, its words as they are: no shell and no template looks at them. */
export const argv = (program: string, words: readonly string[]): string =>
  list({ argv: [program, ...words].map((word) => unsafe(word)) });

/** A piece of the script's functions, with values in its environment. */
export const helper = (
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
    environment: list({
      ...Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, unsafe(value)])),
      planner_begun: yaml('{{ planner_begun | default(0) }}'),
    }),
    changed_when: 'false',
    when: yaml(when),
  });

export function request(title: string, step: Step, { client, plan }: Writing, when: string): Task {
  const command = commandOf(step, plan, client);
  return command === undefined
    ? task(title, {
        'ansible.builtin.fail': list({ msg: unsafe('the client cannot force a server to a host') }),
        when: yaml(when),
      })
    : task(title, { 'ansible.builtin.command': argv(command.program, command.words), when: yaml(when) });
}
