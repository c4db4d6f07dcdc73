import type { HostId } from '../model/ids.ts';
import type {
  FreeSlots,
  HighestLoad,
  HostsUsed,
  LoadAbove,
  LoadAboveMean,
  StrandedCapacity,
} from './goal.ts';
import {
  hostPrices,
  type HostLoad,
  slotHosts,
  slotsOf,
  strandedOn,
  usedByHost,
  wantedSlots,
} from './host-terms.ts';
import type { LoadTable } from './loads.ts';
import type { Facts } from './measure.ts';
import type { Change, Ending, Shift } from './shift.ts';

export function shiftOfHostsUsed(term: HostsUsed, { selectors }: Facts, { end }: Ending): Shift {
  const priceOf = hostPrices(term, selectors);
  const counts = new Map<HostId, number>();
  for (const host of end.values()) counts.set(host, (counts.get(host) ?? 0) + 1);
  return ({ from, to }) => {
    if (from === to) return 0;
    const opened = (counts.get(to) ?? 0) === 0 ? priceOf(to) : 0;
    return opened - (counts.get(from) === 1 ? priceOf(from) : 0);
  };
}

/** What is used of a resource on a host at the end, as planned and with the change. */
type Uses = (
  resource: string,
  host: HostId,
  change: Change,
) => { readonly planned: number; readonly changed: number };

function usesOf(loads: LoadTable, resources: readonly string[], { end }: Ending): Uses {
  const used = new Map(resources.map((resource) => [resource, usedByHost(end, loads, resource)]));
  return (resource, host, { server, from, to }) => {
    const planned = used.get(resource)?.(host) ?? 0;
    if (from === to || (host !== from && host !== to)) return { planned, changed: planned };
    const amount = loads.amount(server, host, resource);
    return { planned, changed: host === to ? planned + amount : planned - amount };
  };
}

const bothEnds = ({ from, to }: Change): readonly HostId[] => (from === to ? [] : [from, to]);

/** @param hosts those that count for a resource */
export function shiftOfLoad(
  { weight, resources }: LoadAbove | LoadAboveMean,
  above: HostLoad,
  hosts: (resource: string) => readonly HostId[],
  loads: LoadTable,
  ending: Ending,
): Shift {
  const uses = usesOf(loads, resources, ending);
  const counted = new Map(resources.map((resource) => [resource, new Set(hosts(resource))]));
  return (change) => {
    let sum = 0;
    for (const resource of resources)
      for (const host of bothEnds(change)) {
        if (counted.get(resource)?.has(host) !== true) continue;
        const { planned, changed } = uses(resource, host, change);
        sum += above(resource, host, changed) - above(resource, host, planned);
      }
    return weight * sum;
  };
}

export function shiftOfHighestLoad(
  { weight, resource }: HighestLoad,
  loads: LoadTable,
  ending: Ending,
): Shift {
  const uses = usesOf(loads, [resource], ending);
  const used = usedByHost(ending.end, loads, resource);
  const percent = (host: HostId, units: number): number => (100 * units) / loads.capacity(host, resource);
  const holders = new Set(loads.holders(resource));
  const byLoad = [...holders]
    .map((host) => ({ host, load: percent(host, used(host)) }))
    .sort((a, b) => b.load - a.load);
  return (change) => {
    const others = byLoad.find(({ host }) => host !== change.from && host !== change.to)?.load ?? 0;
    const ends = bothEnds(change).filter((host) => holders.has(host));
    const highest = ends.reduce(
      (most, host) => Math.max(most, percent(host, uses(resource, host, change).changed)),
      others,
    );
    return bothEnds(change).length === 0 ? 0 : weight * (highest - (byLoad[0]?.load ?? 0));
  };
}

export function shiftOfStranded(term: StrandedCapacity, loads: LoadTable, ending: Ending): Shift {
  const uses = usesOf(loads, [term.resource, term.needs], ending);
  const stranded = strandedOn(term, loads);
  const holders = new Set(loads.holders(term.resource));
  return (change) => {
    let sum = 0;
    for (const host of bothEnds(change)) {
      if (!holders.has(host)) continue;
      const [one, other] = [uses(term.resource, host, change), uses(term.needs, host, change)];
      sum += stranded(host, one.changed, other.changed) - stranded(host, one.planned, other.planned);
    }
    return term.weight * sum;
  };
}

export function shiftOfFreeSlots(term: FreeSlots, facts: Facts, ending: Ending): Shift {
  const { loads } = facts;
  const resources = Object.keys(term.amounts);
  const uses = usesOf(loads, resources, ending);
  const used = new Map(resources.map((resource) => [resource, usedByHost(ending.end, loads, resource)]));
  const hosts = new Set(slotHosts(term, facts));
  const slotsOn = slotsOf(term, loads);
  const wanted = wantedSlots(term, facts);
  let slots = 0;
  for (const host of hosts) slots += slotsOn(host, (resource) => used.get(resource)?.(host) ?? 0);
  return (change) => {
    let more = 0;
    for (const host of bothEnds(change)) {
      if (!hosts.has(host)) continue;
      more += slotsOn(host, (resource) => uses(resource, host, change).changed);
      more -= slotsOn(host, (resource) => uses(resource, host, change).planned);
    }
    return term.weight * (Math.max(0, wanted - slots - more) - Math.max(0, wanted - slots));
  };
}
