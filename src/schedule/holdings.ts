import type { Arrival } from '../constraints/arrival.ts';
import type { Cloud } from '../model/cloud.ts';
import type { HostId } from '../model/ids.ts';
import { inboundLimit, outboundLimit } from '../replay/limits.ts';
import { linksBetween, type RouteLink } from '../replay/network.ts';
import type { Need } from './dependencies.ts';
import type { Pools } from './pool.ts';

/** Something of which migrations hold a part from their request to their end. */
export interface Limit {
  /** Tells it from everything else that is held. */
  readonly resource: string;
  /** What all migrations may hold of it together; Infinity where there is no limit. */
  readonly capacity: number;
  /** Why a step waits for those that held it before. */
  readonly reason: () => string;
}

/** A part of it. */
export interface Held extends Limit {
  readonly amount: number;
}

/**
 * What a migration holds while it runs, at so many Mbit/s of each link on its way: a slot of its source and of its
 * destination, the links, and one of as many migrations as the operator wants at a time. Only what has a limit.
 */
export function heldBy(
  { from, to }: Arrival,
  mbps: number,
  cloud: Cloud,
  maxParallel?: number,
): readonly Held[] {
  const slots = [outboundSlots(from, cloud), inboundSlots(to, cloud)];
  const links = mbps > 0 ? linksBetween(from, to, cloud) : [];
  return [
    ...slots.map((limit): Held => ({ ...limit, amount: 1 })),
    ...links.map((link): Held => ({ ...bandwidthOf(link), amount: mbps })),
    { ...slotsOfAll(maxParallel), amount: 1 },
  ].filter(({ capacity }) => Number.isFinite(capacity));
}

export const outboundSlots = (host: HostId, cloud: Cloud): Limit =>
  slotsOf('outgoing', host, outboundLimit(cloud.hosts.get(host), cloud));

export const inboundSlots = (host: HostId, cloud: Cloud): Limit =>
  slotsOf('incoming', host, inboundLimit(cloud));

const slotsOf = (way: 'outgoing' | 'incoming', host: HostId, capacity: number): Limit => ({
  resource: `${way} ${host}`,
  capacity,
  reason: () =>
    capacity === 1
      ? `one ${way} migration of ${host} at a time`
      : `at most ${capacity} ${way} migrations of ${host} at a time`,
});

export const bandwidthOf = ({ key, capacityMbps, label }: RouteLink): Limit => ({
  resource: key,
  capacity: capacityMbps,
  reason: () => `the ${label} is taken until then (${Math.round(capacityMbps)} Mbit/s)`,
});

/** Of the whole cloud. */
export function slotsOfAll(maxParallel = Infinity): Limit {
  const capacity = Math.max(1, maxParallel);
  return {
    resource: 'all',
    capacity,
    reason: () => (capacity === 1 ? 'one migration at a time' : `at most ${capacity} migrations at a time`),
  };
}

/** The need of a step that holds it: makes the step wait for those whose part it takes. */
export const needOf = (held: Held, pools: Pools): Need => ({
  key: held.resource,
  reason: held.reason,
  take: (isKnown) => pools(held).take(held.amount, isKnown),
});
