import type { Cloud } from '../../model/cloud.ts';
import { domainOf } from '../../model/domain.ts';
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
