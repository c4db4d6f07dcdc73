import type { Assignment } from '../../model/cloud.ts';
import type { HostId, ServerId } from '../../model/ids.ts';
import { usedByHost } from '../../objective/host-terms.ts';
import type { LoadTable } from '../../objective/loads.ts';

/** Says what a move does to the load of the host that it leaves. */
export interface LoadWords {
  /** Of its capacity. */
  percent(server: ServerId, host: HostId, resource: string): string;
  units(server: ServerId, host: HostId, resource: string): string;
}

export function createLoadWords(loads: LoadTable, start: Assignment, end: Assignment): LoadWords {
  const tables = new Map<string, { readonly today: Used; readonly then: Used }>();
  const tableOf = (resource: string) => {
    const known = tables.get(resource);
    if (known !== undefined) return known;
    const table = { today: usedByHost(start, loads, resource), then: usedByHost(end, loads, resource) };
    tables.set(resource, table);
    return table;
  };
  const amounts = (server: ServerId, host: HostId, resource: string) => {
    const { today, then } = tableOf(resource);
    return {
      today: today(host),
      end: then(host),
      staying: then(host) + loads.amount(server, host, resource),
    };
  };
  return {
    percent(server, host, resource) {
      const { today, end, staying } = amounts(server, host, resource);
      const share = (units: number): number => (100 * units) / loads.capacity(host, resource);
      if (today > end) {
        const [from, to] = apart(share(today), share(end));
        return `brings the load of ${host} down: ${resource} from ${from} % to ${to} %`;
      }
      const [without, to] = apart(share(staying), share(end));
      return `keeps the load of ${host} at ${to} % of ${resource} instead of ${without} %`;
    },
    units(server, host, resource) {
      const { today, end, staying } = amounts(server, host, resource);
      return today > end
        ? `brings what is used on ${host} down: ${resource} from ${today} to ${end}`
        : `keeps what is used on ${host} at ${end} of ${resource} instead of ${staying}`;
    },
  };
}

type Used = (host: HostId) => number;

/** Whole numbers, or one digit more where these would look the same. */
function apart(one: number, other: number): readonly [string, string] {
  const whole = [one.toFixed(0), other.toFixed(0)] as const;
  return whole[0] === whole[1] ? [one.toFixed(1), other.toFixed(1)] : whole;
}
