import { leftOutNotices } from '../constraints/evacuation/left-out.ts';
import type { Violation } from '../constraints/rule.ts';
import { surviveHostLoss } from '../constraints/rules/survive-host-loss.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { Warning } from '../plan/plan.ts';
import { firstOf } from '../shared/text.ts';
import type { Run } from './run.ts';

const { id } = surviveHostLoss();

/** What `--survive-host-loss` does not come to: losses that stay without room, and servers that nothing helps. */
export function hostLossWarnings(
  { context, request }: Run,
  before: readonly Violation[],
  after: readonly Violation[],
): readonly Warning[] {
  if (request.options.surviveHostLoss !== true) return [];
  const lossesOf = (violations: readonly Violation[]): readonly HostId[] =>
    violations.flatMap(({ rule, host }) => (rule === id && host !== undefined ? [host] : []));
  const [today, then] = [lossesOf(before), lossesOf(after)];
  const nameOf = (server: ServerId): string => context.cloud.servers.get(server)?.name ?? server;
  const texts = [
    ...(today.length === 0
      ? []
      : [
          `today not all servers of ${hosts(today)} find room when their host is lost; the plan makes none of this worse and leaves it so for ${then.length === 0 ? 'none' : hosts(then)}`,
        ]),
    ...leftOutNotices(context).map(({ text, servers }) => `${text}: ${firstOf(servers.map(nameOf))}`),
  ];
  return texts.map((text) => ({ code: `plan.${id}`, text, steps: [] }));
}

const hosts = (names: readonly HostId[]): string =>
  `${names.length === 1 ? '1 host' : `${names.length} hosts`} (${firstOf(names)})`;
