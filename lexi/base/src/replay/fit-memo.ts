import type { RuleContext } from '../constraints/context.ts';
import { fitOptions } from '../constraints/fit-options.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { FitOptions } from '../nova/fit-options.ts';
import type { Fit } from '../nova/numa-fit.ts';
import { fitGuest } from '../nova/numa-fit.ts';
import type { HostStates } from './host-states.ts';

/** Fits asked for since a host last changed, so that several rules can ask for the same one. */
export interface FitMemo {
  readonly of: (server: ServerId, host: HostId) => Fit | undefined;
  /** The same without ratios and network affinity, as the claim of a live migration sees it. */
  readonly withoutLimits: (server: ServerId, host: HostId) => Fit | undefined;
  readonly forget: (host: HostId) => void;
}

const nothingAsked: Fit = { fits: true, cells: [], pci: [], collides: false };

export function createFitMemo(context: RuleContext, hosts: HostStates): FitMemo {
  const options = fitOptions(context);
  const bare = (host: HostId): FitOptions => {
    const { cellOrder, pinnedChecksFreeSmallPages } = options(host);
    return { cellOrder, pinnedChecksFreeSmallPages };
  };
  const limited = createMemo((server, host) => compute(server, host, options(host)));
  const unlimited = createMemo((server, host) =>
    readsLimits(context, server) ? compute(server, host, bare(host)) : limited.of(server, host),
  );
  const compute = (server: ServerId, host: HostId, how: FitOptions): Fit | undefined => {
    const demand = context.demands.get(server)?.fit;
    if (demand === undefined) return undefined;
    if (demand.cells.length === 0 && demand.pciRequests.length === 0) return nothingAsked;
    const state = hosts.of(host);
    return state === undefined ? undefined : fitGuest(state, demand, how);
  };
  return {
    of: limited.of,
    withoutLimits: unlimited.of,
    forget(host) {
      limited.forget(host);
      unlimited.forget(host);
    },
  };
}

/** Limits bind guests with floating vCPUs, and those with networks that are near to some cells. */
function readsLimits({ demands }: RuleContext, server: ServerId): boolean {
  const fit = demands.get(server)?.fit;
  return fit !== undefined && fit.cells.length > 0 && (fit.floating || fit.networks !== undefined);
}

function createMemo(compute: FitMemo['of']): Pick<FitMemo, 'of' | 'forget'> {
  const known = new Map<HostId, Map<ServerId, Fit | undefined>>();
  return {
    of(server: ServerId, host: HostId): Fit | undefined {
      const here = known.get(host) ?? new Map<ServerId, Fit | undefined>();
      known.set(host, here);
      if (!here.has(server)) here.set(server, compute(server, host));
      return here.get(server);
    },
    forget: (host: HostId) => void known.delete(host),
  };
}
