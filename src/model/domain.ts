import type { Cloud } from './cloud.ts';
import type { Host } from './host.ts';
import type { HostId } from './ids.ts';
import type { PlaceKind } from './selector.ts';

/** Where a host is: which host, rack or zone. */
export interface Domain {
  /** Two hosts share it when they are in the same place. */
  readonly key: string;
  /** False when no source told the rack or zone; the host is then taken for a domain of its own. */
  readonly known: boolean;
}

export function domainOf(host: HostId, per: PlaceKind, { hosts }: Pick<Cloud, 'hosts'>): Domain {
  const place = placeOf(hosts.get(host), per);
  return per === 'host' || place === undefined
    ? { key: `host ${host}`, known: per === 'host' }
    : { key: `${per} ${place}`, known: true };
}

function placeOf(host: Host | undefined, per: PlaceKind): string | undefined {
  switch (per) {
    case 'host':
      return host?.id;
    case 'rack':
      return host?.rack;
    case 'zone':
      return host?.availabilityZone;
  }
}
