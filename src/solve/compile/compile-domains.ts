import type { DomainCount } from '../../constraints/primitive.ts';
import type { CompiledDomain } from './compiled.ts';
import type { Indexed } from './indexed.ts';

/** Domain constraints with today's counts as floors of what they allow. */
export function compileDomains(indexed: Indexed): {
  readonly domains: readonly CompiledDomain[];
  readonly domainsOf: readonly (readonly number[])[];
} {
  const domainsOf: number[][] = indexed.servers.map(() => []);
  const byKind = new Map<string, { readonly domainOf: Int32Array; readonly count: number }>();
  const equalLimits = createEqualLimits();
  const domains = indexed.domainCounts.map((primitive, d) => {
    const numbered = byKind.get(primitive.per) ?? numberDomains(indexed, primitive.per);
    byKind.set(primitive.per, numbered);
    const members = [...new Set(primitive.members)]
      .map((server) => indexed.serverIndex.get(server))
      .filter((v) => v !== undefined)
      .sort((a, b) => a - b);
    for (const v of members) domainsOf[v]?.push(d);
    return domainFrom(indexed, primitive, members, { ...numbered, equalLimits });
  });
  return { domains, domainsOf };
}

function domainFrom(
  indexed: Indexed,
  primitive: DomainCount,
  members: readonly number[],
  {
    domainOf,
    count,
    equalLimits,
  }: { readonly domainOf: Int32Array; readonly count: number; readonly equalLimits: EqualLimits },
): CompiledDomain {
  const today = new Map<number, number>();
  for (const v of members) {
    const domain = domainOf[indexed.start[v] ?? 0] ?? 0;
    today.set(domain, (today.get(domain) ?? 0) + 1);
  }
  const usual = primitive.atMost ?? Infinity;
  const crowded = [...today].filter(([, members]) => members > usual);
  const atMost = equalLimits(count, usual);
  return {
    members,
    per: primitive.per,
    domainOf,
    count,
    atMost: crowded.length === 0 ? atMost : raised(atMost, crowded),
    atLeast: Math.min(primitive.atLeast ?? 0, today.size),
  };
}

type EqualLimits = (count: number, limit: number) => Float64Array;

/** Arrays of one limit, shared: a cloud can have thousands of groups, each with a limit for every host. */
function createEqualLimits(): EqualLimits {
  const known = new Map<string, Float64Array>();
  return (count, limit) => {
    const key = `${count} ${limit}`;
    const limits = known.get(key) ?? new Float64Array(count).fill(limit);
    known.set(key, limits);
    return limits;
  };
}

function raised(limits: Float64Array, crowded: readonly (readonly [number, number])[]): Float64Array {
  const own = limits.slice();
  for (const [domain, members] of crowded) own[domain] = members;
  return own;
}

function numberDomains(indexed: Indexed, per: DomainCount['per']) {
  const known = new Map<string, number>();
  const domainOf = Int32Array.from(indexed.hosts, (id) => {
    const host = indexed.problem.cloud.hosts.get(id);
    const place = per === 'rack' ? host?.rack : per === 'zone' ? host?.availabilityZone : undefined;
    const key = place === undefined ? `host ${id}` : `${per} ${place}`;
    const domain = known.get(key) ?? known.size;
    known.set(key, domain);
    return domain;
  });
  return { domainOf, count: known.size };
}
