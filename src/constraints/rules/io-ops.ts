import type { Host } from '../../model/host.ts';
import type { HostId } from '../../model/ids.ts';
import type { Server } from '../../model/server.ts';
import { runsFilter, valuesOf } from '../aggregates.ts';
import { type RuleContext, waysOf } from '../context.ts';
import { type Rule, yes } from '../rule.ts';
import type { StateView } from '../state-view.ts';
import { leastOf } from './num-instances.ts';

/**
 * A host at which so many servers are being built, resized, migrated cold, rescued or saved takes none. Holds where
 * IoOpsFilter is enabled (`max_io_ops_per_host`), or AggregateIoOpsFilter. Live migrations do not count; a server that
 * leaves and could do so cold is taken to.
 *
 * Source: scheduler/filters/io_ops_filter.py; compute/stats.py io_workload.
 */
export const ioOps: Rule = {
  id: 'io-ops',
  scope: 'host',
  holds: 'always',

  judge({ to, forced }, state) {
    const host = state.context.cloud.hosts.get(to);
    const limit = host === undefined ? undefined : limitOf(host, state.context);
    if (limit === undefined || forced === true) return yes;
    const measured = busyOn(to, state);
    return measured < limit ? yes : { kind: 'no', measured, limit, unit: 'operations', where: to };
  },

  // It passes by itself, and says nothing of where a server is.
  audit: () => [],
  compile: () => [],

  describe: ({ where, measured, limit }) =>
    `host ${where} is busy with ${measured} servers being built, migrated cold or saved; from ${limit} on it takes none`,
};

const busyTasks: ReadonlySet<string> = new Set([
  'resize_migrating',
  'rebuilding',
  'resize_prep',
  'image_snapshot',
  'image_backup',
  'rescuing',
  'unshelving',
]);

function busyOn(host: HostId, state: StateView): number {
  const { context } = state;
  let busy = 0;
  for (const { role, server: id } of state.claimsOn(host)) {
    const server = context.cloud.servers.get(id);
    if (server === undefined) continue;
    const leavesCold = role === 'outgoing' && waysOf(server, context).some(({ method }) => method === 'cold');
    if (leavesCold || (role === 'resident' && isBusy(server, host))) busy += 1;
  }
  return busy;
}

/** As the inventory saw it, on the host where it was then. */
const isBusy = ({ host, taskState, vmState }: Server, here: HostId): boolean =>
  host === here && (vmState === 'building' || (taskState !== undefined && busyTasks.has(taskState)));

/** Undefined where no filter counts. */
function limitOf(host: Host, { cloud }: RuleContext): number | undefined {
  const { maxIoOpsPerHost } = cloud.config;
  const limits: number[] = [];
  if (runsFilter(cloud, 'IoOpsFilter')) limits.push(maxIoOpsPerHost.value);
  if (runsFilter(cloud, 'AggregateIoOpsFilter'))
    limits.push(leastOf(valuesOf(host, 'max_io_ops_per_host', cloud)) ?? maxIoOpsPerHost.value);
  return limits.length === 0 ? undefined : Math.min(...limits);
}
