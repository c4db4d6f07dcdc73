import type { HostId, ServerId } from '../../model/ids.ts';
import type { PageCloud } from './page-data.ts';
import type { PagedCloud } from './page-input.ts';

/** Where things stand in the lists of the page. */
export interface Places {
  readonly host: ReadonlyMap<HostId, number>;
  readonly server: ReadonlyMap<ServerId, number>;
  readonly step: ReadonlyMap<string, number>;
}

/** The cloud through the steps, in the numbers of the page. */
export function pageCloud({ cloud, history }: PagedCloud, places: Places): PageCloud {
  const metersOf = new Map(history.hosts.map((entry) => [entry.host, entry.cells]));
  const residents = new Map<HostId, number[]>();
  for (const { id, host } of cloud.servers.values()) {
    const server = places.server.get(id);
    if (host === undefined || server === undefined) continue;
    const here = residents.get(host) ?? [];
    here.push(server);
    residents.set(host, here);
  }
  return {
    resources: history.resources,
    hosts: [...places.host.keys()].map((host) => ({
      cells: (metersOf.get(host) ?? []).map(({ id, meters }) => ({
        ...(id !== undefined && { id }),
        meters: meters.flatMap(({ resource, meter }) => [resource, meter]),
      })),
      servers: residents.get(host) ?? [],
    })),
    used: history.used,
    total: history.total,
    events: history.events.map(({ step, what, atSeconds, changes }) => ({
      atSeconds,
      step: places.step.get(step) ?? 0,
      what,
      changes: changes.flatMap(({ meter, by }) => [meter, by]),
    })),
  };
}
