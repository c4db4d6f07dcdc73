import type { ServiceStep } from '../../plan/plan.ts';
import { disableReason, serviceVersion } from '../client.ts';
import { argv, claim, helper, request, type Writing } from './tasks.ts';
import { list, task, type Task, unsafe, yaml } from './yaml.ts';

const service = (column: string): string => `(planner_service.stdout | from_json | first)['${column}']`;

/** Disables a host, or enables it where it is disabled for the reason that this plan gave. */
export function serviceBlock(step: ServiceStep, writing: Writing): Task {
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
