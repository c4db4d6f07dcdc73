import type { Arrival, Method } from '../constraints/arrival.ts';
import type { RuleContext } from '../constraints/context.ts';
import { keepsCells, keptFit } from '../constraints/kept-cells.ts';
import type { Claim, Role, StateView } from '../constraints/state-view.ts';
import { type Assignment, currentAssignment } from '../model/cloud.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import { withMoves } from '../model/moved.ts';
import { addClaim, releaseClaim } from '../nova/claim.ts';
import type { FoundFit } from '../nova/numa-fit.ts';
import { invariant } from '../shared/invariant.ts';
import { arrivingClaim } from './arriving-claim.ts';
import { type ClaimBook, createClaimBook } from './claim-book.ts';
import type { ReplayEvent } from './event.ts';
import { createFitMemo, type FitMemo } from './fit-memo.ts';
import { createHostStates, type HostStates } from './host-states.ts';
import { initialClaims, initialUsage, type Usage } from './initial.ts';

/** Takes back the event that it was returned for. Undo in the reverse order of applying. */
export type Undo = () => void;

/** The state of a cloud in motion: what rules read, and events that change it. */
export interface State extends StateView {
  /**
   * Applies an event. Rules are not asked here (`legality.ts`); a request whose NUMA topology does not fit is
   * claimed without cells. Throws (a bug) on an event that makes no sense, such as completing what was not requested.
   */
  apply(event: ReplayEvent): Undo;
  /** Where each server runs now: its resident claim's host, or the source while it is on its way. */
  assignment(): Assignment;
}

/** Everything that events change. */
interface Moving {
  readonly context: RuleContext;
  readonly hosts: HostStates;
  readonly usage: Usage;
  readonly claims: ClaimBook;
  readonly fits: FitMemo;
  readonly services: Map<HostId, 'enabled' | 'disabled'>;
  readonly vmStates: Map<ServerId, string>;
  /** How servers on their way travel. */
  readonly methods: Map<ServerId, Method>;
}

/** Today's state of the cloud of a context; a new one each call, independent of others. */
export function createState(context: RuleContext): State {
  const hosts = createHostStates(context);
  const moving: Moving = {
    context,
    hosts,
    usage: initialUsage(context),
    claims: createClaimBook(initialClaims(context, hosts)),
    fits: createFitMemo(context, hosts),
    services: new Map(),
    vmStates: new Map(),
    methods: new Map(),
  };
  const { claims, usage, fits, services, vmStates } = moving;
  const { cloud } = context;
  return {
    context,
    claimsOn: claims.onHost,
    claimsOf: claims.ofServer,
    residentOn: claims.residentOn,
    used: usage.of,
    serviceStatus: (host) => services.get(host) ?? cloud.hosts.get(host)?.service.status ?? 'disabled',
    hostState: hosts.of,
    fit: fits.of,
    vmState: (server) => vmStates.get(server) ?? cloud.servers.get(server)?.vmState ?? 'unknown',
    apply: (event) => apply(event, moving),
    predict: (server, host, method) => predict(server, host, method, moving),
    suppose: (work) => suppose(work, moving),
    assignment: () => assignment(moving),
  };
}

function suppose<Answer>(work: (request: (arrival: Arrival) => void) => Answer, moving: Moving): Answer {
  const undos: Undo[] = [];
  try {
    return work((arrival) => void undos.push(request(arrival, moving)));
  } finally {
    for (const undo of undos.toReversed()) undo();
  }
}

function apply(event: ReplayEvent, moving: Moving): Undo {
  switch (event.kind) {
    case 'request':
      return request(event.arrival, moving);
    case 'complete':
      return complete(event.server, moving);
    case 'confirm':
      return change(moving.claims.withRole(event.server, 'unconfirmed'), undefined, moving);
    case 'revert':
      return revert(event.server, moving);
    case 'fail':
      return fail(event.server, moving);
    case 'service':
      return setIn(moving.services, event.host, event.status);
    case 'power':
      return setIn(moving.vmStates, event.server, event.vmState);
    case 'gone':
      return change(moving.claims.withRole(event.server, 'resident'), undefined, moving);
  }
}

function request({ server, to, method }: Arrival, moving: Moving): Undo {
  const { context, claims, usage, hosts, methods } = moving;
  const resident = claims.withRole(server.id, 'resident');
  const target = context.cloud.hosts.get(to);
  invariant(
    target !== undefined && to !== resident.host,
    `a request goes to another host that exists, not ${to}`,
  );
  const fit = predict(server.id, to, method, moving);
  const arriving = arrivingClaim(server, target, context, usage.of, hosts.of(to), fit, method);
  // A host that it was evacuated from may still hold a claim of it: the new one takes its place.
  const left = claims.ofServer(server.id).find((claim) => claim.host === to);
  const travelling = both(setIn(methods, server.id, method), rename(resident, 'outgoing', moving));
  return both(travelling, change(left, arriving, moving));
}

/** Live frees the source; cold keeps it until it is confirmed, evacuate until the source comes back. */
function complete(server: ServerId, moving: Moving): Undo {
  const { claims, methods } = moving;
  const outgoing = claims.withRole(server, 'outgoing');
  const arrived = rename(claims.withRole(server, 'incoming'), 'resident', moving);
  const method = methods.get(server);
  if (method === 'live') return both(arrived, change(outgoing, undefined, moving));
  return both(arrived, rename(outgoing, method === 'cold' ? 'unconfirmed' : 'residue', moving));
}

function fail(server: ServerId, moving: Moving): Undo {
  const outgoing = moving.claims.withRole(server, 'outgoing');
  const dropped = change(moving.claims.withRole(server, 'incoming'), undefined, moving);
  return both(dropped, rename(outgoing, 'resident', moving));
}

function revert(server: ServerId, moving: Moving): Undo {
  const left = moving.claims.withRole(server, 'unconfirmed');
  const dropped = change(moving.claims.withRole(server, 'resident'), undefined, moving);
  return both(dropped, rename(left, 'resident', moving));
}

const rename = (claim: Claim, role: Role, { claims }: Moving): Undo => {
  claims.put({ ...claim, role });
  return () => {
    claims.put(claim);
  };
};

/** Drops a claim and what it holds, or adds one. */
function change(gone: Claim | undefined, come: Claim | undefined, moving: Moving): Undo {
  const replace = (out: Claim | undefined, into: Claim | undefined): void => {
    if (out !== undefined) {
      moving.claims.drop(out);
      charge(out, -1, moving);
    }
    if (into !== undefined) {
      moving.claims.put(into);
      charge(into, 1, moving);
    }
  };
  replace(gone, come);
  return () => {
    replace(come, gone);
  };
}

/** Adds (1) or takes away (−1) what a claim holds of Placement, NUMA cells and devices. */
function charge({ host, amounts, guest }: Claim, sign: 1 | -1, { usage, hosts, fits }: Moving): void {
  for (const { provider, resource, amount } of amounts) usage.add(provider, resource, sign * amount);
  const state = guest === undefined ? undefined : hosts.of(host);
  if (state !== undefined && guest !== undefined) {
    if (sign === 1) addClaim(state, guest);
    else releaseClaim(state, guest);
  }
  fits.forget(host);
}

function predict(
  server: ServerId,
  host: HostId,
  method: Method,
  { context, hosts, fits }: Moving,
): FoundFit | undefined {
  if (method === 'live' && keepsCells(server, context)) {
    const to = hosts.of(host);
    return to === undefined ? undefined : keptFit(server, context, to);
  }
  const limited = method !== 'live' || context.profile.switches.liveClaimHasLimits;
  const fit = limited ? fits.of(server, host) : fits.withoutLimits(server, host);
  return fit?.fits === true ? fit : undefined;
}

function assignment({ claims, context }: Moving): Assignment {
  const today = currentAssignment(context.cloud);
  const moves = new Map<ServerId, HostId>();
  for (const server of claims.changed()) {
    const home = claims
      .ofServer(server)
      .find((claim) => claim.role === 'resident' || claim.role === 'outgoing')?.host;
    if (home !== undefined && home !== today.get(server)) moves.set(server, home);
  }
  return withMoves(today, moves);
}

function setIn<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): Undo {
  const before = map.get(key);
  map.set(key, value);
  return () => {
    if (before === undefined) map.delete(key);
    else map.set(key, before);
  };
}

const both =
  (first: Undo, second: Undo): Undo =>
  () => {
    second();
    first();
  };
