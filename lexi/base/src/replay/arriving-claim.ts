import type { Method } from '../constraints/arrival.ts';
import { chooseProviders } from '../constraints/rules/capacity.ts';
import type { RuleContext } from '../constraints/context.ts';
import { amountsOn } from '../constraints/demand.ts';
import type { Claim } from '../constraints/state-view.ts';
import type { Host } from '../model/host.ts';
import type { ProviderId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import { claimFromFit } from '../nova/claim.ts';
import type { HostState } from '../nova/host-state.ts';
import type { FoundFit } from '../nova/numa-fit.ts';

/** What a server holds at a destination from its request on. */
export function arrivingClaim(
  server: Server,
  to: Host,
  { cloud, demands }: RuleContext,
  used: (provider: ProviderId, resource: string) => number,
  state: HostState | undefined,
  fit: FoundFit | undefined,
  via: Method,
): Claim {
  const demand = demands.get(server.id);
  const amounts = demand === undefined ? [] : chooseProviders(amountsOn(demand, to), to, cloud, used);
  const claim = { server: server.id, host: to.id, role: 'incoming', via, amounts } as const;
  if (state === undefined || fit === undefined || demand?.fit === undefined) return claim;
  return { ...claim, guest: claimFromFit(state.layout, demand.fit, fit) };
}
