import type { RuleContext } from '../constraints/context.ts';
import { fitOptions } from '../constraints/fit-options.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { Fit } from '../nova/numa-fit.ts';
import { fitGuest } from '../nova/numa-fit.ts';
import type { HostStates } from './host-states.ts';

/** Fits asked for since a host last changed, so that several rules can ask for the same one. */
export interface FitMemo {
  readonly of: (server: ServerId, host: HostId) => Fit | undefined;
  readonly forget: (host: HostId) => void;
}

const nothingAsked: Fit = { fits: true, cells: [], pci: [], collides: false };

export function createFitMemo(context: RuleContext, hosts: HostStates): FitMemo {
  const options = fitOptions(context);
  const known = new Map<HostId, Map<ServerId, Fit | undefined>>();
  const compute = (server: ServerId, host: HostId): Fit | undefined => {
    const demand = context.demands.get(server)?.fit;
    if (demand === undefined) return undefined;
    if (demand.cells.length === 0 && demand.pciRequests.length === 0) return nothingAsked;
    const state = hosts.of(host);
    return state === undefined ? undefined : fitGuest(state, demand, options(host));
  };
  return {
    of(server, host) {
      const here = known.get(host) ?? new Map<ServerId, Fit | undefined>();
      known.set(host, here);
      if (!here.has(server)) here.set(server, compute(server, host));
      return here.get(server);
    },
    forget: (host) => void known.delete(host),
  };
}
