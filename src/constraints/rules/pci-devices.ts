import type { Host } from '../../model/host.ts';
import type { HostId, ServerId } from '../../model/ids.ts';
import type { DemandPciRequest, GuestDemand } from '../../nova/guest-demand.ts';
import type { HostState } from '../../nova/host-state.ts';
import { explainMisfit } from '../../nova/misfit.ts';
import { filterPools } from '../../nova/pci-pools.ts';
import type { RuleContext } from '../context.ts';
import { emptiedHosts } from '../emptied-hosts.ts';
import { fitOptions } from '../fit-options.ts';
import { pairMask } from '../pair-mask.ts';
import type { Capacity } from '../primitive.ts';
import { type Rule, type Verdict, yes } from '../rule.ts';
import type { StateView } from '../state-view.ts';

/**
 * The destination has free PCI devices for every request, near the guest's NUMA cells where the policy asks for it.
 *
 * Source: pci/stats.py _filter_pools. Devices and cells are chosen together, in `nova/numa-fit.ts`.
 */
export const pciDevices: Rule = {
  id: 'pci-devices',
  scope: 'host',
  holds: 'always',

  judge({ server, to }, state) {
    const demand = state.context.demands.get(server.id);
    if (demand === undefined) return yes;
    if (demand.pci.kind === 'unknown') return unknownRequests(demand.pci.missing);
    if (demand.pci.kind === 'assumed-none') return assumedNone(demand.pci.missing);
    if (demand.pci.requests.length === 0) return yes;
    const host = knowsDevices(state.context.cloud.hosts.get(to)) ? state.hostState(to) : undefined;
    if (host === undefined || demand.fit === undefined) return unknownDevices;
    if (state.fit(server.id, to)?.fits === true) return yes;
    return misfit(demand.fit, to, host, state);
  },

  // Nobody can hold a device that is not there, and what holds it keeps it: nothing to find.
  audit: () => [],

  compile: (context) => {
    const requests = distinctRequests(context);
    return [
      ...pairMask(
        'pci-devices',
        context,
        (server) =>
          JSON.stringify([
            context.demands.get(server.id)?.pci.kind,
            context.demands.get(server.id)?.fit?.pciRequests,
          ]),
        (server, host) => {
          const demand = context.demands.get(server.id);
          if (demand === undefined) return yes;
          if (demand.pci.kind === 'unknown') return unknownRequests(demand.pci.missing);
          if (demand.pci.kind === 'assumed-none') return assumedNone(demand.pci.missing);
          if (demand.pci.requests.length === 0) return yes;
          return knowsDevices(host) && emptiedHosts(context).has(host.id) ? yes : unknownDevices;
        },
      ),
      ...[...requests].map(([key, { request, demand }]) => devices(key, request, demand, context)),
    ];
  },

  describe: ({ where, measured, limit, names }) =>
    `host ${where} has ${limit} of ${measured} PCI devices ${(names ?? []).join(', ')}`,
};

function misfit(demand: GuestDemand, to: HostId, host: HostState, state: StateView): Verdict {
  const cause = explainMisfit(host, demand, fitOptions(state.context)(to));
  if (cause?.kind !== 'pci') return yes; // told by the rule `numa-fit`
  const { measured, limit, request } = cause;
  const names = [showRequest(demand.pciRequests[request])];
  return { kind: 'no', measured, limit, unit: 'PCI devices', where: to, names };
}

const knowsDevices = (host: Host | undefined): boolean => host?.pciPools !== undefined;

const unknownDevices: Verdict = {
  kind: 'unknown',
  missing: ['hosts[].pciPools'],
  safe: 'no',
  assumption: 'PCI devices of some hosts are not known: servers that ask for devices stay',
};

// The one assumption that can be wrong: such a server would be refused, or its port detached for a moment.
const assumedNone = (missing: readonly string[]): Verdict => ({
  kind: 'unknown',
  missing,
  safe: 'yes',
  assumption: 'the ports of some servers are not known: they are taken to have no SR-IOV port',
});

const unknownRequests = (missing: readonly string[]): Verdict => ({
  kind: 'unknown',
  missing,
  safe: 'no',
  assumption: 'the PCI requests of some servers are not known: they stay',
});

interface RequestDemand {
  readonly request: DemandPciRequest;
  readonly demand: Map<ServerId, number>;
}

/** Requests that ask for the same devices, and how many each server asks for. */
function distinctRequests({ demands }: RuleContext): ReadonlyMap<string, RequestDemand> {
  const distinct = new Map<string, RequestDemand>();
  for (const [server, { fit }] of demands)
    for (const request of fit?.pciRequests ?? []) {
      const key = JSON.stringify(request.specs);
      let known = distinct.get(key);
      if (known === undefined) distinct.set(key, (known = { request, demand: new Map() }));
      known.demand.set(server, (known.demand.get(server) ?? 0) + request.count);
    }
  return distinct;
}

function devices(
  key: string,
  request: DemandPciRequest,
  demand: ReadonlyMap<ServerId, number>,
  context: RuleContext,
): Capacity {
  const limits = new Map<HostId, number>();
  // Devices that no source told of are free in no pool, so they are not held either.
  const held = new Map([...demand.keys()].map((server) => [server, 0]));
  for (const [id, { state, held: claims }] of emptiedHosts(context)) {
    const pools = new Set(poolsFor(state, request));
    limits.set(
      id,
      [...pools].reduce((sum, pool) => sum + (state.pciFree[pool] ?? 0), 0),
    );
    for (const [server, claim] of claims) {
      const count = claim.pci.reduce((sum, [pool, taken]) => sum + (pools.has(pool) ? taken : 0), 0);
      if (count > 0) held.set(server, count);
    }
  }
  return {
    kind: 'capacity',
    rule: 'pci-devices',
    resource: `pci ${key}`,
    unit: 'PCI devices',
    bothEnds: true,
    limits,
    demand,
    held,
  };
}

function poolsFor({ layout, pciFree }: HostState, request: DemandPciRequest): readonly number[] {
  const every = pciFree.map(() => 1);
  const found = filterPools(layout, every, layout.poolOrder, { ...request, count: 1 }, undefined);
  return found.ok ? found.pools : [];
}

const showRequest = (request: DemandPciRequest | undefined): string =>
  (request?.specs ?? [])
    .map((spec) => spec.map(([name, value]) => `${name}=${value}`).join(' '))
    .join(' or ');
