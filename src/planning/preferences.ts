import type { OrderPreference } from '../model/calendar.ts';
import type { ServerId } from '../model/ids.ts';
import { latestEnd } from '../shared/latest-end.ts';
import {
  type OrderedMigration,
  type OrderedStep,
  type OrderOutcome,
  stopOversOf,
} from '../schedule/ordered.ts';

/**
 * A rank by the operator's wishes, the first counting most; lower goes first. What is risky is read from an order
 * without wishes, which knows how each server travels.
 */
export function rankBy(
  preferences: readonly OrderPreference[],
  steps: readonly OrderedStep[],
): (server: ServerId) => number {
  const keysOf = new Map<ServerId, readonly number[]>();
  for (const step of steps)
    if (step.kind === 'migrate')
      keysOf.set(
        step.arrival.server.id,
        preferences.map((one) => valueOf(one, step)),
      );
  const ranked = [...keysOf].toSorted(([, a], [, b]) => compare(a, b));
  const rankOf = new Map<ServerId, number>();
  let rank = 0;
  for (const [index, [server, keys]] of ranked.entries()) {
    const before = ranked[index - 1]?.[1];
    if (before !== undefined && compare(before, keys) !== 0) rank += 1;
    rankOf.set(server, rank);
  }
  return (server) => rankOf.get(server) ?? 0;
}

const compare = (a: readonly number[], b: readonly number[]): number => {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
};

function valueOf(preference: OrderPreference, step: OrderedMigration): number {
  const { memoryMiB } = step.arrival.server.flavor;
  switch (preference) {
    case 'big-first':
      return -memoryMiB;
    case 'small-first':
      return memoryMiB;
    case 'risky-last':
      return riskOf(step);
  }
}

const longDowntimeMs = 2000;
const bigMemoryMiB = 64 * 1024;
/** The transfer may take so many times what is expected of it. */
const uncertain = 3;

/**
 * How much may go wrong: 2 where the server is down for 2 s or more (as in every cold migration of a running one), 1
 * where its time is uncertain (a high dirty rate) or it has 64 GiB of memory or more.
 */
function riskOf({ arrival, downtimeMs, seconds }: OrderedMigration): number {
  if (downtimeMs >= longDowntimeMs) return 2;
  const isBig = arrival.server.flavor.memoryMiB >= bigMemoryMiB;
  return isBig || seconds.high > uncertain * seconds.expected ? 1 : 0;
}

/** A wish never costs a stop-over or time: whether an order by wishes is as good as one without. */
export function isAsGood(wished: OrderOutcome, plain: OrderOutcome): boolean {
  if (wished.kind !== 'ordered' || plain.kind !== 'ordered') return wished.kind === 'ordered';
  const [a, b] = [costOf(wished.steps), costOf(plain.steps)];
  return a.stopOvers <= b.stopOvers && a.seconds <= b.seconds;
}

const costOf = (steps: readonly OrderedStep[]) => ({
  stopOvers: stopOversOf(steps),
  seconds: latestEnd(steps),
});
