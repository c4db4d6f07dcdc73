import type { Plan } from '../../plan/plan.ts';
import type { NewServer } from '../driver.ts';
import { emptied, hostsOf } from './other-runs.ts';
import type { PreflightFinding } from './finding.ts';

/**
 * Servers that have come since the plan's inventory was read. They matter on a host that is to be empty; on another host
 * of the plan they take room, for which Placement is asked before each migration; elsewhere they are only counted.
 */
export function newcomers(plan: Plan, servers: readonly NewServer[]): readonly PreflightFinding[] {
  const hosts = hostsOf(plan);
  const empty = emptied(plan);
  const moved = new Set(plan.steps.flatMap((step) => ('server' in step ? [step.server] : [])));
  const others = servers.filter(({ id }) => !moved.has(id));
  const far = others.filter(({ host }) => host === undefined || !hosts.has(host));
  return [
    ...others.flatMap(({ name, host }): readonly PreflightFinding[] => {
      if (host === undefined || !hosts.has(host)) return [];
      const text = `${name} has come to ${host} since the inventory was read`;
      return empty.has(host)
        ? [{ blocks: true, text: `${text}: the plan wants ${host} to be empty, and leaves it there` }]
        : [{ blocks: false, text: `${text}: it takes room on a host of the plan` }];
    }),
    ...(far.length === 0
      ? []
      : [
          {
            blocks: false,
            text: `servers have come since the inventory was read (${far.length}), none on a host of the plan`,
          },
        ]),
  ];
}
