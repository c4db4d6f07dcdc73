import type { Host } from '../../model/host.ts';
import type { HostId } from '../../model/ids.ts';
import type { Server } from '../../model/server.ts';
import { canForce } from '../context.ts';
import { obstacle } from '../pair-rule.ts';
import { ratiosOf } from '../ratios.ts';
import { type Rule, type Verdict, yes } from '../rule.ts';
import type { StateView } from '../state-view.ts';

/**
 * What Nova asks of a live migration that is forced past the scheduler, besides the checks of both hosts: that the
 * release can do it, that all of the server's allocation is on one provider, and memory
 *
 *     total × ratio − reserved − used > memory of the flavor
 *
 * at the destination, where the scheduler would have been content with as much as is asked for.
 *
 * Source: conductor/tasks/live_migrate.py _check_destination_has_enough_memory; scheduler/utils.py
 * claim_resources_on_destination.
 */
export const forced: Rule = {
  id: 'forced',
  scope: 'host',
  holds: 'always',

  judge({ server, to, method, forced: isForced }, state) {
    if (isForced !== true) return yes;
    const { context } = state;
    if (method !== 'live') return obstacle(server.name, 'only a live migration is forced');
    if (!context.profile.switches.forcedLive)
      return obstacle(server.name, 'this release forces no live migration past the scheduler');
    if (!canForce(context))
      return obstacle(server.name, 'it would go past the scheduler by force: allow forced');
    const verdict = judgeAllocation(server);
    return verdict.kind === 'yes' ? judgeMemory(server, context.cloud.hosts.get(to), state) : verdict;
  },

  audit: () => [],
  // Every server that can be forced has a live way, which asks for none of this.
  compile: () => [],

  describe: ({ where, measured, limit, unit, names }) =>
    unit === 'MiB'
      ? `host ${where}: a forced migration of ${measured} MiB needs more than that free, ${limit} MiB are`
      : `server ${where}: ${(names ?? []).join(', ')}`,
};

function judgeAllocation({ allocations, name }: Server): Verdict {
  if (allocations === undefined) return unknownAllocation;
  const providers = new Set(
    allocations.filter(({ resources }) => Object.keys(resources).length > 0).map(({ provider }) => provider),
  );
  if (providers.size <= 1) return yes;
  return obstacle(
    name,
    `its allocation is on ${providers.size} resource providers, and Nova forces none such`,
  );
}

function judgeMemory({ flavor }: Server, to: Host | undefined, state: StateView): Verdict {
  const free = to === undefined ? undefined : freeMemoryMiB(to, state);
  if (to === undefined || free === undefined) return unknownMemory;
  return free > flavor.memoryMiB ? yes : tooLittle(to.id, flavor.memoryMiB, Math.floor(free));
}

function freeMemoryMiB(host: Host, state: StateView): number | undefined {
  for (const { id, inventories } of host.providers) {
    const memory = inventories.get('MEMORY_MB');
    if (memory === undefined) continue;
    const { total, reserved } = memory;
    return total * ratiosOf(host).ram - reserved - state.used(id, 'MEMORY_MB');
  }
  return undefined;
}

const tooLittle = (where: HostId, measured: number, limit: number): Verdict => ({
  kind: 'no',
  measured,
  limit,
  unit: 'MiB',
  where,
});

const unknownAllocation: Verdict = {
  kind: 'unknown',
  missing: ['servers[].allocations'],
  safe: 'no',
  assumption: 'what some servers hold in Placement is not known: they are not forced',
};

const unknownMemory: Verdict = {
  kind: 'unknown',
  missing: ['hosts[].providers'],
  safe: 'no',
  assumption: 'the memory of some hosts is not known: no server is forced there',
};
