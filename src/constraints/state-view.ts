import type { HostId, ProviderId, ServerId } from '../model/ids.ts';
import type { Claim as GuestClaim } from '../nova/claim.ts';
import type { Fit, FoundFit } from '../nova/numa-fit.ts';
import type { HostState } from '../nova/host-state.ts';
import type { Arrival, Method } from './arrival.ts';
import type { RuleContext } from './context.ts';

/**
 * Why a server counts on a host: it runs there; it is on its way there, or leaving; it is a cold migration's
 * source before confirm; or an evacuated server's old host that has not come back.
 */
export type Role = 'resident' | 'incoming' | 'outgoing' | 'unconfirmed' | 'residue';

/** What one server holds on one host. */
export interface Claim {
  readonly server: ServerId;
  readonly host: HostId;
  readonly role: Role;
  /** How it came in this run; absent where it was before. */
  readonly via?: Method;
  /** Placement amounts by provider. */
  readonly amounts: readonly {
    readonly provider: ProviderId;
    readonly resource: string;
    readonly amount: number;
  }[];
  /** NUMA cells, free threads, pages and PCI devices; absent when it holds none, or none is known. */
  readonly guest?: GuestClaim;
}

/** The state of a cloud in motion, as rules read it. */
export interface StateView {
  readonly context: RuleContext;
  /** Claims of servers on a host; migrations in flight of before the plan included. */
  claimsOn(host: HostId): readonly Claim[];
  /** One claim for a server at rest, two while it is on its way, none for a server without a host. */
  claimsOf(server: ServerId): readonly Claim[];
  /** The host of a server's resident claim: as `claimsOf`, without a look at what it holds where it never moved. */
  residentOn(server: ServerId): HostId | undefined;
  /** Used units of a resource class on a provider, all consumers. */
  used(provider: ProviderId, resource: string): number;
  /** Enabled or disabled, as steps of the plan have left it. */
  serviceStatus(host: HostId): 'enabled' | 'disabled';
  /** NUMA cells and PCI pools of a host; undefined when no source told them. Not to be changed by rules. */
  hostState(host: HostId): HostState | undefined;
  /**
   * Fit of a server's guest topology and PCI requests on a host as it is now; undefined when the host's cells or
   * the server's wishes are not known. A server that asks for neither fits everywhere.
   */
  fit(server: ServerId, host: HostId): Fit | undefined;
  /**
   * What the claim of such a request would take there now; undefined when it does not fit or is not known. A live
   * migration keeps its cells and pins, or claims them without the scheduler's limits, where the release does that.
   */
  predict(server: ServerId, host: HostId, method: Method): FoundFit | undefined;
  /** How its vm state stands now: steps may have stopped or started it. */
  vmState(server: ServerId): string;
  /**
   * What would be if: `work` requests arrivals one after the other, each of which is claimed at once. All of them are
   * taken back at the end.
   */
  suppose<Answer>(work: (request: (arrival: Arrival) => void) => Answer): Answer;
}

/** The claim of a server where it runs now. */
export const homeClaim = (server: ServerId, state: StateView): Claim | undefined =>
  state.claimsOf(server).find(({ role }) => role === 'resident' || role === 'outgoing');
