import type { RuleContext } from '../constraints/context.ts';
import { amountsOn } from '../constraints/demand.ts';
import type { Claim, Role } from '../constraints/state-view.ts';
import type { HostId, ProviderId } from '../model/ids.ts';
import { isInFlight, type Migration } from '../model/migration.ts';
import type { Allocation } from '../model/placement.ts';
import type { Server } from '../model/server.ts';
import type { HostStates } from './host-states.ts';

/** Placement's usage by provider and class. */
export interface Usage {
  readonly of: (provider: ProviderId, resource: string) => number;
  readonly add: (provider: ProviderId, resource: string, amount: number) => void;
}

/** What all consumers hold today. A server of which Placement was not read counts with what it would ask for. */
export function initialUsage(context: RuleContext): Usage {
  const amounts = new Map<ProviderId, Map<string, number>>();
  const add = (provider: ProviderId, resource: string, amount: number): void => {
    const here = amounts.get(provider) ?? new Map<string, number>();
    amounts.set(provider, here);
    here.set(resource, (here.get(resource) ?? 0) + amount);
  };
  for (const { allocations } of context.cloud.otherConsumers) chargeAll(allocations, add);
  for (const server of context.cloud.servers.values()) chargeAll(allocationsOf(server, context), add);
  return { of: (provider, resource) => amounts.get(provider)?.get(resource) ?? 0, add };
}

function chargeAll(allocations: readonly Allocation[], add: Usage['add']): void {
  for (const { provider, resources } of allocations)
    for (const [resource, amount] of Object.entries(resources)) add(provider, resource, amount);
}

function allocationsOf(server: Server, { cloud, demands }: RuleContext): readonly Allocation[] {
  if (server.allocations !== undefined) return server.allocations;
  const host = server.host === undefined ? undefined : cloud.hosts.get(server.host);
  const root = host?.providers[0];
  const demand = demands.get(server.id);
  if (host === undefined || root === undefined || demand === undefined) return [];
  return [{ provider: root.id, resources: amountsOn(demand, host) }];
}

/**
 * One claim for each server on its host, and one at the other end of each migration in flight. The usage of these is
 * in the hosts' facts already: here they are only named, so that leaving frees what they hold.
 */
export function initialClaims(context: RuleContext, hosts: HostStates): readonly Claim[] {
  const providerHost = new Map(
    [...context.cloud.hosts.values()].flatMap((h) => h.providers.map((p) => [p.id, h.id] as const)),
  );
  const residents = [...context.cloud.servers.values()].flatMap((server): Claim[] => {
    if (server.host === undefined) return [];
    // What it holds of providers that hosts share goes with it too.
    const here = allocationsOf(server, context).filter(
      ({ provider }) => (providerHost.get(provider) ?? server.host) === server.host,
    );
    const guest = hosts.heldBy(server.id, server.host);
    const claim = {
      server: server.id,
      host: server.host,
      role: 'resident',
      amounts: here.flatMap(amountsOf),
    } as const;
    return [guest === undefined ? claim : { ...claim, guest }];
  });
  return [...residents, ...context.cloud.migrations.filter(isInFlight).flatMap((m) => otherEnd(m, context))];
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
