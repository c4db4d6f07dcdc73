import { compareText, groupBy } from '../shared/collections.ts';
import { firstDifference } from './first-difference.ts';
import type { Leg } from './lane.ts';
import type { Run } from './run.ts';

/**
 * The order in which legs are tried at one instant.
 *
 * `fast`: the most urgent first. Urgent is what has the most seconds still to come on its busier link, and on the
 * longest chain of servers that wait for it to leave. Those that take NUMA cells of one host share their turns out
 * among themselves with the biggest first, because big servers find room in half-filled cells last.
 * `big-first`: the biggest first, wherever it goes.
 * Before all of that comes the rank that the operator's wishes give a server.
 */
export function inTurn(run: Run, legs: readonly Leg[]): readonly Leg[] {
  const { rankOf } = run.request.options;
  const turns = byPreference(run, legs);
  return rankOf === undefined ? turns : turns.toSorted((a, b) => rankOf(a.server.id) - rankOf(b.server.id));
}

function byPreference(run: Run, legs: readonly Leg[]): readonly Leg[] {
  if (run.request.options.preference === 'big-first') return legs.toSorted(bySize);
  const urgency = new Map(legs.map((leg) => [leg, urgencyOf(run, leg)]));
  const urgentFirst = legs.toSorted((a, b) =>
    firstDifference((urgency.get(b) ?? 0) - (urgency.get(a) ?? 0), bySize(a, b)),
  );
  const biggestFirst = groupBy(legs.filter((leg) => leg.cellular).sort(bySize), (leg) => leg.to);
  const next = new Map([...biggestFirst].map(([host, sorted]) => [host, sorted.values()]));
  return urgentFirst.map((leg) => (leg.cellular ? (next.get(leg.to)?.next().value ?? leg) : leg));
}

function urgencyOf(run: Run, leg: Leg): number {
  const links = Math.max(run.lanes(leg.from).toSend, run.lanes(leg.target).toReceive);
  return links + (run.behind.get(leg.server.id) ?? 0);
}

/** Biggest first: pinned CPUs, then NUMA cells or devices at all, then memory; the id decides among equals. */
export function bySize(a: Sized, b: Sized): number {
  if (a.pinnedCpus !== b.pinnedCpus) return b.pinnedCpus - a.pinnedCpus;
  if (a.cellular !== b.cellular) return a.cellular ? -1 : 1;
  const memory = b.server.flavor.memoryMiB - a.server.flavor.memoryMiB;
  return memory === 0 ? compareText(a.server.id, b.server.id) : memory;
}

/** What the size of an arrival is judged by. */
export type Sized = Pick<Leg, 'server' | 'cellular' | 'pinnedCpus'>;
