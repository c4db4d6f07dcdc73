import type { Capacity, SpareRoom } from '../constraints/primitive.ts';
import type { Assignment } from '../model/cloud.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import { groupBy } from '../shared/collections.ts';
import { amountTolerance } from './compile/compiled.ts';
import type { PlacementProblem } from './placement-problem.ts';

/**
 * Losses after which what the servers of a host ask for is more than what is free elsewhere, in words: of each capacity
 * by itself, on all hosts that are open at the end, whoever may go there. Where nobody is emptied hosts stay open.
 */
export function checkSpareRoom(
  problem: PlacementProblem,
  { broken, evacuated, limits }: SpareRoom,
  after: Assignment,
): string[] {
  const residents = groupBy(after.keys(), (server) => after.get(server));
  const lost = [...problem.cloud.hosts.keys()].filter((host) => !broken.has(host) && residents.has(host));
  return limits.flatMap((capacity) => {
    if (capacity.kind !== 'capacity') return [];
    const free = freeOn(problem, capacity, residents);
    if ([...problem.cloud.hosts.keys()].some((host) => !capacity.limits.has(host))) return []; // no limit there
    const all = [...free.values()].reduce((sum, amount) => sum + amount, 0);
    return lost.flatMap((host) => {
      const asked = (residents.get(host) ?? [])
        .filter((server) => evacuated.has(server))
        .reduce((sum, server) => sum + (capacity.demand.get(server) ?? 0), 0);
      const elsewhere = all - (free.get(host) ?? 0);
      return asked <= elsewhere + amountTolerance
        ? []
        : [`${asked} of ${capacity.resource} on ${host}, ${elsewhere} free elsewhere`];
    });
  });
}

/** What is free on the hosts that may be open at the end. */
function freeOn(
  { start, mustEmpty, cloud }: PlacementProblem,
  { limits, demand, held }: Capacity,
  residents: ReadonlyMap<HostId | undefined, readonly ServerId[]>,
): ReadonlyMap<HostId, number> {
  const emptied = new Set(mustEmpty);
  const free = new Map<HostId, number>();
  for (const host of cloud.hosts.keys()) {
    if (emptied.has(host)) continue;
    let amount = limits.get(host) ?? 0;
    for (const server of residents.get(host) ?? []) {
      const asks = demand.get(server) ?? 0;
      amount -= start.get(server) === host ? (held.get(server) ?? asks) : asks;
    }
    free.set(host, Math.max(0, amount));
  }
  return free;
}
