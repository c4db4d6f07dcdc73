import type { ConfirmStep } from '../../plan/plan.ts';
import { confirmed, laterHosts, waitSeconds } from '../client.ts';
import { argv, claim, helper, host, notInError, past, request, seen, settle, type Writing } from './tasks.ts';
import { list, task, type Task, unsafe, yaml } from './yaml.ts';

/** Confirms a cold migration of the plan and nothing else. */
export function confirmBlock(step: ConfirmStep, writing: Writing): Task {
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
      claim(
        `${id}: the server is where the plan has it`,
        [past, notInError],
        `server ${name} is not on ${to}, or in ERROR there`,
      ),
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
