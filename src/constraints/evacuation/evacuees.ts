import type { HostId, ServerId } from '../../model/ids.ts';
import type { RuleContext } from '../context.ts';
import type { Primitive } from '../primitive.ts';
import { rules } from '../registry.ts';
import type { Rule } from '../rule.ts';
import { antiAffinity } from '../rules/anti-affinity.ts';
import { capacity } from '../rules/capacity.ts';
import { numInstances } from '../rules/num-instances.ts';
import { numaFit } from '../rules/numa-fit.ts';

/** Who would be evacuated if their host failed, and where to, as far as the state of the cloud plays no part. */
export interface Evacuees {
  /** The context in which rules are asked about evacuations. */
  readonly context: RuleContext;
  /** What limits where evacuated servers go. */
  readonly primitives: readonly Primitive[];
  /** By server: hosts that would take it if nobody else were in the cloud. */
  readonly hostsOf: ReadonlyMap<ServerId, ReadonlySet<HostId>>;
  /** Servers that no host but their own would take even then, or that Nova does not evacuate at all. */
  readonly leftOut: readonly ServerId[];
}

/** What says no most often where hosts fill up is asked first. */
const first: readonly Rule[] = [capacity, numInstances, antiAffinity, numaFit];

/** Nova's rules, without those about the migrations of one run: an evacuation is none of them. */
export const evacuationRules: readonly Rule[] = [
  ...first,
  ...rules.filter((rule) => rule.scope !== 'batch' && !first.includes(rule)),
];

const made = new WeakMap<RuleContext, Evacuees>();

/** Made once a context. */
export function evacueesOf(context: RuleContext): Evacuees {
  const known = made.get(context);
  if (known !== undefined) return known;
  const found = findEvacuees(context);
  made.set(context, found);
  return found;
}

function findEvacuees(judged: RuleContext): Evacuees {
  const allow = new Set([...judged.allow].filter((word) => word !== 'forced'));
  const context: RuleContext = { ...judged, allow, evacuation: true };
  const primitives = evacuationRules.flatMap((rule) => rule.compile(context));
  const fixed = new Set(primitives.flatMap((one) => (one.kind === 'fixed' ? one.servers : [])));
  const filters = filtersOf(primitives);
  const byKey = new Map<string, ReadonlySet<HostId>>();
  const hostsOf = new Map<ServerId, ReadonlySet<HostId>>();
  const leftOut: ServerId[] = [];
  for (const { id, host } of context.cloud.servers.values()) {
    if (host === undefined) continue;
    const key = filters.map(({ keyOf }) => keyOf(id)).join();
    const hosts = byKey.get(key) ?? takers(id, filters, context);
    byKey.set(key, hosts);
    const isTaken = hosts.size > 1 || (hosts.size === 1 && !hosts.has(host));
    if (isTaken && !fixed.has(id)) hostsOf.set(id, hosts);
    else leftOut.push(id);
  }
  return { context, primitives, hostsOf, leftOut: leftOut.toSorted() };
}

/** One reason for which a host refuses a server that would be alone there; servers of one key are refused alike. */
interface Filter {
  readonly keyOf: (server: ServerId) => number;
  readonly takes: (server: ServerId, host: HostId) => boolean;
}

function filtersOf(primitives: readonly Primitive[]): readonly Filter[] {
  return primitives.flatMap((primitive): readonly Filter[] => {
    if (primitive.kind === 'capacity') {
      const { demand, limits } = primitive;
      const keyOf = (server: ServerId): number => demand.get(server) ?? 0;
      return [{ keyOf, takes: (server, host) => keyOf(server) <= (limits.get(host) ?? Infinity) }];
    }
    if (primitive.kind !== 'pairMask') return [];
    const setOf = new Map(primitive.sets.flatMap(({ servers }, i) => servers.map((id) => [id, i] as const)));
    const keyOf = (server: ServerId): number => setOf.get(server) ?? -1;
    return [{ keyOf, takes: (server, host) => primitive.sets[keyOf(server)]?.hosts.has(host) ?? true }];
  });
}

const takers = (server: ServerId, filters: readonly Filter[], { cloud }: RuleContext): ReadonlySet<HostId> =>
  new Set([...cloud.hosts.keys()].filter((host) => filters.every(({ takes }) => takes(server, host))));
