import type { RuleContext } from '../constraints/context.ts';
import { amountsOn } from '../constraints/demand.ts';
import type { Claim, Role } from '../constraints/state-view.ts';
import { cloudIndex } from '../model/cloud-index.ts';
import type { HostId, ProviderId, ServerId } from '../model/ids.ts';
import { isInFlight, type Migration } from '../model/migration.ts';
import type { Allocation } from '../model/placement.ts';
import type { Server } from '../model/server.ts';
import { groupBy } from '../shared/collections.ts';
import type { HostStates } from './host-states.ts';

/** Placement's usage by provider and class. */
export interface Usage {
  readonly of: (provider: ProviderId, resource: string) => number;
  readonly add: (provider: ProviderId, resource: string, amount: number) => void;
}

/**
 * What all consumers hold today, added up for a provider when it is first asked about. A server of which Placement was
 * not read counts with what it would ask for.
 */
export function initialUsage(context: RuleContext): Usage {
  const { residents, hostOfProvider, away, others } = cloudIndex(context.cloud);
  const amounts = new Map<ProviderId, Map<string, number>>();
  const usedOf = (provider: ProviderId): Map<string, number> => {
    const known = amounts.get(provider);
    if (known !== undefined) return known;
    const used = new Map<string, number>();
    const charge = (allocations: readonly Allocation[] | undefined): void => {
      for (const { provider: charged, resources } of allocations ?? [])
        if (charged === provider)
          for (const [resource, amount] of Object.entries(resources))
            used.set(resource, (used.get(resource) ?? 0) + amount);
    };
    charge(others.get(provider));
    charge(away.get(provider));
    const host = hostOfProvider.get(provider);
    if (host !== undefined)
      for (const server of residents.get(host) ?? []) charge(allocationsOf(server, context));
    amounts.set(provider, used);
    return used;
  };
  return {
    of: (provider, resource) => usedOf(provider).get(resource) ?? 0,
    add(provider, resource, amount) {
      const here = usedOf(provider);
      here.set(resource, (here.get(resource) ?? 0) + amount);
    },
  };
}

function allocationsOf(server: Server, { cloud, demands }: RuleContext): readonly Allocation[] {
  if (server.allocations !== undefined) return server.allocations;
  const host = server.host === undefined ? undefined : cloud.hosts.get(server.host);
  const root = host?.providers[0];
  const demand = demands.get(server.id);
  if (host === undefined || root === undefined || demand === undefined) return [];
  return [{ provider: root.id, resources: amountsOn(demand, host) }];
}

/** Claims of before the plan. */
export interface InitialClaims {
  /** Of servers that are there, then of the other ends of migrations in flight. */
  readonly onHost: (host: HostId) => readonly Claim[];
  /** At home first. */
  readonly ofServer: (server: ServerId) => readonly Claim[];
  /** Where it runs, as the first of its claims says. */
  readonly homeOf: (server: ServerId) => HostId | undefined;
}

/**
 * One claim for each server on its host, and one at the other end of each migration in flight; made when asked for. The
 * usage of these is in the hosts' facts already: here they are only named, so that leaving frees what they hold.
 */
export function initialClaims(context: RuleContext, hosts: HostStates): InitialClaims {
  const { cloud } = context;
  const { residents, hostOfProvider } = cloudIndex(cloud);
  const ends = cloud.migrations.filter(isInFlight).flatMap((migration) => otherEnd(migration, context));
  const endsOn = groupBy(ends, ({ host }) => host);
  const endsOf = groupBy(ends, ({ server }) => server);
  const homeClaim = (server: Server, host: HostId): Claim => {
    // What it holds of providers that hosts share goes with it too.
    const here = allocationsOf(server, context).filter(
      ({ provider }) => (hostOfProvider.get(provider) ?? host) === host,
    );
    const guest = hosts.heldBy(server.id, host);
    const claim = { server: server.id, host, role: 'resident', amounts: here.flatMap(amountsOf) } as const;
    return guest === undefined ? claim : { ...claim, guest };
  };
  return {
    onHost: (host) => [
      ...(residents.get(host) ?? []).map((server) => homeClaim(server, host)),
      ...(endsOn.get(host) ?? []),
    ],
    homeOf: (id) => cloud.servers.get(id)?.host,
    ofServer(id) {
      const server = cloud.servers.get(id);
      return server?.host === undefined ? [] : [homeClaim(server, server.host), ...(endsOf.get(id) ?? [])];
    },
  };
}

const amountsOf = ({ provider, resources }: Allocation): Claim['amounts'] =>
  Object.entries(resources).map(([resource, amount]) => ({ provider, resource, amount }));

function otherEnd(migration: Migration, { cloud }: RuleContext): readonly Claim[] {
  const server = cloud.servers.get(migration.server);
  if (server?.host === undefined) return [];
  const host = server.host === migration.source ? migration.destination : migration.source;
  if (host === undefined || host === server.host || !cloud.hosts.has(host)) return [];
  return [{ server: server.id, host, role: roleAt(migration, host), amounts: [] }];
}

function roleAt(migration: Migration, host: HostId): Role {
  if (host === migration.destination) return 'incoming';
  if (migration.type === 'evacuation') return 'residue';
  return migration.status === 'finished' ? 'unconfirmed' : 'outgoing';
}
