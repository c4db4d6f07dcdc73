import type { Cloud } from '../../model/cloud.ts';
import type { Host } from '../../model/host.ts';
import type { HostId, ServerId } from '../../model/ids.ts';
import type { PlaceKind } from '../../model/selector.ts';
import type { OperatorRule } from './document.ts';

/** A rule of an operator with the servers and hosts that it speaks of in one cloud. */
export interface ResolvedRule {
  /** Place in the document. */
  readonly index: number;
  readonly rule: OperatorRule;
  /** Ascending. */
  readonly servers: readonly ServerId[];
  /** Hosts that the rule names; all of them where it names none. */
  readonly hosts: ReadonlySet<HostId>;
  /** Of `among`, its groups; of rules with `per`, the domains. */
  readonly groups: readonly ReadonlySet<HostId>[];
}

export const ruleId = ({ name }: OperatorRule): string => `operator:${name}`;

/** Where a host is: which host, rack or zone. */
export interface Domain {
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

/** The hosts of each domain. */
export function domainsOf(per: PlaceKind, cloud: Cloud): readonly ReadonlySet<HostId>[] {
  const byKey = new Map<string, Set<HostId>>();
  for (const host of cloud.hosts.keys()) {
    const { key } = domainOf(host, per, cloud);
    const domain = byKey.get(key) ?? new Set<HostId>();
    byKey.set(key, domain);
    domain.add(host);
  }
  return [...byKey.values()];
}
