import type { Assignment } from '../model/cloud.ts';
import type { HostId } from '../model/ids.ts';
import type {
  FreeSlots,
  HighestLoad,
  HostsUsed,
  LoadAbove,
  LoadAboveMean,
  StrandedCapacity,
} from './goal.ts';
import type { LoadTable } from './loads.ts';
import type { Facts, Measure } from './measure.ts';
import type { HostSelector } from '../model/selector.ts';
import type { Selectors } from './selectors.ts';

export function measureHostsUsed(term: HostsUsed, { selectors }: Facts): Measure {
  const priceOf = hostPrices(term, selectors);
  return ({ at }) => {
    let sum = 0;
    for (const host of new Set(at.values())) sum += priceOf(host);
    return sum;
  };
}

/** The price of each host that is used. */
export function hostPrices({ weight, prices = [] }: HostsUsed, selectors: Selectors) {
  const named = byHost(
    prices.map((price) => ({ hosts: price.hosts, value: price.weight })),
    selectors,
  );
  return (host: HostId): number => named.get(host) ?? weight;
}

/** The value of the first entry that names each host. */
export function byHost(
  entries: readonly { readonly hosts: HostSelector; readonly value: number }[],
  selectors: Selectors,
): ReadonlyMap<HostId, number> {
  const values = new Map<HostId, number>();
  for (const { hosts, value } of entries)
    for (const host of selectors.hosts(hosts)) if (!values.has(host)) values.set(host, value);
  return values;
}

export function measureLoadAbove(term: LoadAbove, facts: Facts): Measure {
  const above = loadAbove(term, facts);
  return ({ at }) => {
    let sum = 0;
    for (const resource of term.resources) {
      const used = usedByHost(at, facts.loads, resource);
      for (const host of facts.loads.holders(resource)) sum += above(resource, host, used(host));
    }
    return term.weight * sum;
  };
}

/** What is used of one resource of one host, in units. */
export type HostLoad = (resource: string, host: HostId, used: number) => number;

/** What a host that has the resource is above its threshold. */
export function loadAbove({ threshold }: LoadAbove, { loads, selectors }: Facts): HostLoad {
  const amounts = 'amounts' in threshold ? amountsOf(threshold.amounts, selectors) : undefined;
  return (resource, host, used) =>
    Math.max(
      0,
      'percent' in threshold
        ? (100 * used) / loads.capacity(host, resource) - threshold.percent
        : used - (amounts?.get(host) ?? Infinity),
    );
}

/** The absolute threshold of each host that has one. */
export const amountsOf = (
  amounts: readonly { readonly hosts: HostSelector; readonly amount: number }[],
  selectors: Selectors,
): ReadonlyMap<HostId, number> =>
  byHost(
    amounts.map(({ hosts, amount }) => ({ hosts, value: amount })),
    selectors,
  );

export function measureLoadAboveMean(term: LoadAboveMean, { loads }: Facts): Measure {
  return ({ at, start }) => {
    const above = loadAboveMean(term, loads, start);
    let sum = 0;
    for (const resource of term.resources) {
      const used = usedByHost(at, loads, resource);
      for (const host of loads.receivers(resource)) sum += above(resource, host, used(host));
    }
    return term.weight * sum;
  };
}

/** What a host that can receive servers is above the mean of today, by the slopes of the thresholds. */
export function loadAboveMean(
  { resources, thresholds }: LoadAboveMean,
  loads: LoadTable,
  start: Assignment,
): HostLoad {
  const means = new Map(resources.map((resource) => [resource, meanLoadPercent(loads, resource, start)]));
  return (resource, host, used) => {
    const load = (100 * used) / loads.capacity(host, resource);
    const mean = means.get(resource) ?? 0;
    let sum = 0;
    for (const { abovePercent, slope } of thresholds) sum += slope * Math.max(0, load - mean - abovePercent);
    return sum;
  };
}

/** mean(r): Σ used / Σ capacity in percent over the receivers, with today's assignment. */
export function meanLoadPercent(loads: LoadTable, resource: string, start: Assignment): number {
  const used = usedByHost(start, loads, resource);
  let total = 0;
  let capacity = 0;
  for (const host of loads.receivers(resource)) {
    total += used(host);
    capacity += loads.capacity(host, resource);
  }
  return capacity === 0 ? 0 : (100 * total) / capacity;
}

export function measureHighestLoad({ weight, resource }: HighestLoad, { loads }: Facts): Measure {
  return ({ at }) => {
    const used = usedByHost(at, loads, resource);
    let highest = 0;
    for (const host of loads.holders(resource))
      highest = Math.max(highest, (100 * used(host)) / loads.capacity(host, resource));
    return weight * highest;
  };
}

export function measureStranded(term: StrandedCapacity, { loads }: Facts): Measure {
  const { weight, resource, needs } = term;
  const stranded = strandedOn(term, loads);
  return ({ at }) => {
    const [ofOne, ofOther] = [usedByHost(at, loads, resource), usedByHost(at, loads, needs)];
    let sum = 0;
    for (const host of loads.holders(resource)) sum += stranded(host, ofOne(host), ofOther(host));
    return weight * sum;
  };
}

/** What is of no use on a host that has the resource, by what is used of it and of what goes with it. */
export const strandedOn =
  ({ resource, needs, target }: StrandedCapacity, loads: LoadTable) =>
  (host: HostId, used: number, usedOfOther: number): number => {
    const other = loads.capacity(host, needs);
    if (other === 0) return 0;
    const free = loads.capacity(host, resource) - used;
    return Math.max(0, target * free - (other - usedOfOther));
  };

export function measureFreeSlots(term: FreeSlots, facts: Facts): Measure {
  const { loads } = facts;
  const hosts = slotHosts(term, facts);
  const wanted = wantedSlots(term, facts);
  const slotsOn = slotsOf(term, loads);
  return ({ at }) => {
    const used = new Map(
      Object.keys(term.amounts).map((resource) => [resource, usedByHost(at, loads, resource)]),
    );
    let slots = 0;
    for (const host of hosts) slots += slotsOn(host, (resource) => used.get(resource)?.(host) ?? 0);
    return term.weight * Math.max(0, wanted - slots);
  };
}

/** How many servers of the wanted amounts a host has room for, by what is used of each resource. */
export function slotsOf({ amounts }: FreeSlots, loads: LoadTable) {
  const parts = Object.entries(amounts);
  return (host: HostId, used: (resource: string) => number): number =>
    Math.min(
      ...parts.map(([resource, amount]) => timesIn(loads.capacity(host, resource) - used(resource), amount)),
    );
}

/** Hosts that count for free slots: they can receive servers today and have some of every resource. */
export function slotHosts({ amounts, hosts }: FreeSlots, { loads, selectors }: Facts): readonly HostId[] {
  const [first = '', ...others] = Object.keys(amounts);
  const among = hosts === undefined ? undefined : selectors.hosts(hosts);
  return loads
    .receivers(first)
    .filter(
      (host) =>
        (among === undefined || among.has(host)) &&
        others.every((resource) => loads.capacity(host, resource) > 0),
    );
}

/** How many slots the term wants. */
export function wantedSlots(term: FreeSlots, facts: Facts): number {
  if (term.wanted !== undefined) return term.wanted;
  return slotHosts(term, facts).reduce((sum, host) => {
    const each = Object.entries(term.amounts).map(([resource, amount]) =>
      timesIn(facts.loads.capacity(host, resource), amount),
    );
    return sum + Math.min(...each);
  }, 0);
}

/** How often an amount is in what is free; what rounding takes away does not count. */
export const timesIn = (free: number, amount: number): number =>
  free <= 0 ? 0 : Math.floor((free + 1e-9) / amount);

/** What is used of a resource on each host, by servers and by others. */
export function usedByHost(at: Assignment, loads: LoadTable, resource: string): (host: HostId) => number {
  const used = loads.use(at, resource);
  return (host) => (used.get(host) ?? 0) + loads.foreign(host, resource);
}
