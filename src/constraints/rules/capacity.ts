import type { Cloud } from '../../model/cloud.ts';
import type { Host } from '../../model/host.ts';
import type { ProviderId, ServerId } from '../../model/ids.ts';
import type { ResourceAmounts, ResourceInventory, ResourceProvider } from '../../model/placement.ts';
import { capacityUnits, isCandidate, keepsUnits } from '../../nova/placement-capacity.ts';
import { capacityParts } from '../capacity-parts.ts';
import type { RuleContext } from '../context.ts';
import { amountsOn } from '../demand.ts';
import { pairMask } from '../pair-mask.ts';
import type { Capacity } from '../primitive.ts';
import { offering } from '../providers.ts';
import { type No, type Rule, type Verdict, type Violation, yes } from '../rule.ts';
import type { Claim, StateView } from '../state-view.ts';

/**
 * Placement has room for what the server asks: for every resource class some provider of the host with
 *
 *     used + amount ≤ floor((total − reserved) × ratio),  min ≤ amount ≤ max,  amount mod step = 0
 *
 * Both ends of a migration are charged until it completes (cold: until it is confirmed).
 * Source: placement objects/allocation.py _check_capacity_exceeded.
 */
export const capacity: Rule = {
  id: 'capacity',
  scope: 'host',
  holds: 'always',

  judge({ server, to }, state) {
    const host = state.context.cloud.hosts.get(to);
    const demand = state.context.demands.get(server.id);
    if (host === undefined || demand === undefined) return yes;
    return judgeAmounts(amountsOn(demand, host), host, state.context.cloud, (provider, resource) =>
      state.used(provider, resource),
    );
  },

  audit(state) {
    const { hosts, otherProviders = [] } = state.context.cloud;
    return [
      ...[...hosts.values()].flatMap((host) => auditHost(host, state)),
      ...otherProviders.flatMap((provider) => auditShared(provider, state)),
    ];
  },

  compile: (context) => [
    ...pairMask(
      'capacity',
      context,
      (server) => {
        const demand = context.demands.get(server.id);
        return JSON.stringify([demand?.amounts, demand?.legacyAmounts]);
      },
      (server, host) => {
        const demand = context.demands.get(server.id);
        return demand === undefined
          ? yes
          : judgeAmounts(amountsOn(demand, host), host, context.cloud, () => 0);
      },
    ),
    ...capacityPrimitives(context),
  ],

  describe: ({ where, measured, limit, unit, names }) =>
    names === undefined
      ? `${unit.startsWith(sharedUnit) ? 'resource provider' : 'host'} ${where}: ${measured} of ${limit} ${unit}`
      : `host ${where} gives ${names.join(', ')} ${unit}, not ${measured}`,
};

/**
 * Where Placement would charge each class of a request: the first provider with room, the host's own from the root
 * down, then those that share with it.
 */
export function chooseProviders(
  amounts: ResourceAmounts,
  host: Host,
  cloud: Cloud,
  used: Used,
): readonly { readonly provider: ProviderId; readonly resource: string; readonly amount: number }[] {
  return Object.entries(amounts).flatMap(([resource, amount]) => {
    const offers = offering(host, resource, cloud);
    const fitting = offers.find(({ id, inventory }) => isCandidate(inventory, used(id, resource), amount));
    const provider = (fitting ?? offers[0])?.id;
    return provider === undefined ? [] : [{ provider, resource, amount }];
  });
}

type Used = (provider: ProviderId, resource: string) => number;

function judgeAmounts(amounts: ResourceAmounts, host: Host, cloud: Cloud, used: Used): Verdict {
  if (host.providers.length === 0)
    return {
      kind: 'unknown',
      missing: ['hosts[].providers'],
      safe: 'no',
      assumption: 'what Placement knows of some hosts is not known: nothing moves there',
    };
  for (const [resource, amount] of Object.entries(amounts)) {
    const no = judgeResource(resource, amount, host, cloud, used);
    if (no !== undefined) return no;
  }
  return yes;
}

/** Undefined when some provider has room; else what the one that comes nearest to it lacks. */
function judgeResource(
  resource: string,
  amount: number,
  host: Host,
  cloud: Cloud,
  used: Used,
): No | undefined {
  const nothing: No = { kind: 'no', measured: amount, limit: 0, unit: resource, where: host.id };
  let nearest: No | undefined;
  for (const { id, inventory } of offering(host, resource, cloud)) {
    const inUse = used(id, resource);
    if (isCandidate(inventory, inUse, amount)) return undefined;
    const miss = missOf(inventory, inUse, amount, nothing);
    if (nearest === undefined || miss.measured - miss.limit < nearest.measured - nearest.limit)
      nearest = miss;
  }
  return nearest ?? nothing;
}

function missOf(inventory: ResourceInventory, inUse: number, amount: number, nothing: No): No {
  const { minUnit, maxUnit, stepSize } = inventory;
  const unit = nothing.unit;
  if (keepsUnits(inventory, amount))
    return { ...nothing, measured: inUse + amount, limit: capacityUnits(inventory) };
  if (amount > maxUnit) return { ...nothing, limit: maxUnit, unit: `${unit} for one server` };
  const names = amount < minUnit ? [`no less than ${minUnit}`] : [`multiples of ${stepSize}`];
  return { ...nothing, limit: amount < minUnit ? minUnit : stepSize, unit: `${unit} a server`, names };
}

const sharedUnit = 'shared ';

/** A host's own tree; what hosts share is over its capacity once, not once a host. */
const auditHost = (host: Host, state: StateView): readonly Violation[] =>
  host.providers.flatMap((provider) =>
    overused(provider, state).map(({ resource, ...over }) => ({
      ...over,
      rule: 'capacity',
      host: host.id,
      servers: usersOf(provider.id, resource, state.claimsOn(host.id)),
      unit: resource,
      where: host.id,
    })),
  );

function auditShared(provider: ResourceProvider, state: StateView): readonly Violation[] {
  return overused(provider, state).map(({ resource, ...over }) => {
    const claims = [...state.context.cloud.hosts.keys()].flatMap((host) => state.claimsOn(host));
    const servers = usersOf(provider.id, resource, claims);
    return { ...over, rule: 'capacity', servers, unit: `${sharedUnit}${resource}`, where: provider.name };
  });
}

/** The classes of which more is used than a provider has. */
function overused({ id, inventories }: ResourceProvider, state: StateView) {
  return [...inventories].flatMap(([resource, inventory]) => {
    const measured = state.used(id, resource);
    const limit = capacityUnits(inventory);
    return measured <= limit ? [] : [{ resource, measured, limit, key: `${id} ${resource}` }];
  });
}

const usersOf = (provider: ProviderId, resource: string, claims: readonly Claim[]): readonly ServerId[] =>
  [
    ...new Set(
      claims
        .filter(({ amounts }) => amounts.some((a) => a.provider === provider && a.resource === resource))
        .map(({ server }) => server),
    ),
  ].toSorted();

function capacityPrimitives(context: RuleContext): readonly Capacity[] {
  const resources = new Set(
    [...context.demands.values()].flatMap((d) => [
      ...Object.keys(d.amounts),
      ...Object.keys(d.legacyAmounts),
    ]),
  );
  return [...resources].toSorted().flatMap((resource) =>
    capacityParts(context, resource).map(({ kind, ...part }): Capacity => ({
      kind: 'capacity',
      rule: 'capacity',
      resource: kind === 'legacy' ? `${resource} (legacy)` : resource,
      unit: resource,
      bothEnds: true,
      ...part,
    })),
  );
}
