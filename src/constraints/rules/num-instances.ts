import type { Host } from '../../model/host.ts';
import type { HostId, ServerId } from '../../model/ids.ts';
import { pythonInt } from '../../nova/python-text.ts';
import { runsFilter, valuesOf } from '../aggregates.ts';
import { canForce, type RuleContext } from '../context.ts';
import type { Capacity } from '../primitive.ts';
import { type Rule, yes } from '../rule.ts';

/**
 * A host runs at most so many servers, those on their way counted at both ends. Holds where NumInstancesFilter is
 * enabled (`max_instances_per_host`), or AggregateNumInstancesFilter, for which the least value that an aggregate of the
 * host names goes first.
 *
 *     for all hosts h:  |{ s : s claims h }| <= max(h)
 *
 * Nova counts arrivals only once they are there; counting their claims can only be stricter.
 * Source: scheduler/filters/num_instances_filter.py.
 */
export const numInstances: Rule = {
  id: 'num-instances',
  scope: 'host',
  holds: 'always',
  lasting: true,

  judge({ server, to, forced }, state) {
    const host = state.context.cloud.hosts.get(to);
    const limit = host === undefined ? undefined : limitOf(host, state.context);
    if (limit === undefined || forced === true) return yes;
    const others = new Set(state.claimsOn(to).map((claim) => claim.server));
    others.delete(server.id);
    const measured = others.size + 1;
    return measured <= limit ? yes : { kind: 'no', measured, limit, unit: 'servers', where: to };
  },

  audit: (state) =>
    [...state.context.cloud.hosts.values()].flatMap((host) => {
      const limit = limitOf(host, state.context);
      if (limit === undefined) return [];
      const servers = [...new Set(state.claimsOn(host.id).map((claim) => claim.server))].toSorted();
      if (servers.length <= limit) return [];
      const where = host.id;
      const measured = servers.length;
      return [
        { rule: 'num-instances', host: where, servers, measured, limit, unit: 'servers', where, key: where },
      ];
    }),

  compile(context) {
    if (canForce(context)) return [];
    const limits = new Map<HostId, number>();
    for (const host of context.cloud.hosts.values()) {
      const limit = limitOf(host, context);
      if (limit !== undefined) limits.set(host.id, limit);
    }
    if (limits.size === 0) return [];
    const demand = new Map<ServerId, number>();
    for (const { id, host } of context.cloud.servers.values()) if (host !== undefined) demand.set(id, 1);
    const servers: Capacity = {
      kind: 'capacity',
      rule: 'num-instances',
      resource: 'servers',
      unit: 'servers',
      bothEnds: true,
      limits,
      demand,
      held: new Map(),
    };
    return [servers];
  },

  describe: ({ where, measured, limit }) => `host ${where} would run ${measured} servers, limit ${limit}`,
};

/** Undefined where no filter counts. */
function limitOf(host: Host, { cloud }: RuleContext): number | undefined {
  const { maxInstancesPerHost } = cloud.config;
  const limits: number[] = [];
  if (runsFilter(cloud, 'NumInstancesFilter')) limits.push(maxInstancesPerHost.value);
  if (runsFilter(cloud, 'AggregateNumInstancesFilter'))
    limits.push(leastOf(valuesOf(host, 'max_instances_per_host', cloud)) ?? maxInstancesPerHost.value);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

/** The least of an aggregate's numbers; undefined when there is none, or one is not a number, as in Nova. */
export function leastOf(values: readonly string[]): number | undefined {
  const numbers = values.map((value) => pythonInt(value) ?? Number.NaN);
  return numbers.length === 0 || numbers.some(Number.isNaN) ? undefined : Math.min(...numbers);
}
