import type { Arrival } from '../constraints/arrival.ts';
import type { HostId } from '../model/ids.ts';
import type { Need } from './dependencies.ts';
import { freesInWords } from './frees.ts';
import { bandwidthOf, heldBy, type Limit, needOf, slotsOfAll } from './holdings.ts';
import type { Leg } from './lane.ts';
import { acceptedSeconds } from '../replay/limits.ts';
import { linksBetween } from '../replay/network.ts';
import { applyEvent, type Flight, redirect, removeLeg, type Run } from './run.ts';
import { confirmSeconds, type Transfer, transferOf } from '../replay/transfer/transfer.ts';
import { legalArrival } from './ways.ts';

/** Whether it is worth asking the rules: nothing but them, and links, may keep the leg from going now. */
export function isReady(run: Run, leg: Leg): boolean {
  return isOpen(run, leg, leg.to) || (leg.to !== leg.target && isOpen(run, leg, leg.target));
}

const isOpen = (run: Run, leg: Leg, to: HostId): boolean =>
  hasTurn(run, leg, to) && !isRefusedStill(run, leg, to);

/** Requests a leg if it is its turn now and rules allow it. */
export function tryRequest(run: Run, leg: Leg): void {
  if (leg.to !== leg.target && tryRequestTo(run, leg, leg.target)) return;
  tryRequestTo(run, leg, leg.to);
}

function tryRequestTo(run: Run, leg: Leg, to: HostId): boolean {
  const { rules, context } = run.request;
  if (!isOpen(run, leg, to) || isCrowdedStill(run, leg, to)) return false;
  const arrival = legalArrival({ server: leg.server, from: leg.from, to }, run.state, rules);
  if (arrival === undefined) {
    const { freed, changed } = run.lanes(to);
    leg.refused = { to, freed, changed };
    return false;
  }
  const transfer = transferOf(arrival, context.cloud);
  if (!hasBandwidth(run, leg, to, transfer.mbps)) return false;
  if (isCrowded(run, leg)) {
    leg.allowed = { to, changed: run.lanes(to).changed };
    return false;
  }
  if (waitsForTime(run, leg, arrival, transfer)) return false;
  redirect(run, leg, to);
  request(run, leg, arrival, transfer);
  return true;
}

/** Everything but rules: slots, order, and what keeps the NUMA cells the same in every execution. */
function hasTurn(run: Run, leg: Leg, to: HostId): boolean {
  const source = run.lanes(leg.from);
  const destination = run.lanes(to);
  if (!source.outbound.has(1) || !destination.inbound.has(1) || run.now < destination.opensAt) return false;
  if (to === leg.target && !hasBandwidth(run, leg, to, leg.mbps)) return false; // spares asking the rules
  if (leg.cellular && !keepsCells(run, leg, to)) return false;
  if (leg.serialSets.some((set) => run.serialSetsUnderWay.has(set))) return false;
  if (run.script !== undefined) return run.script.hasTurn(leg, to);
  return to !== leg.target || !leg.serialSets.some((set) => isOutranked(run, leg, set));
}

/**
 * Whether what Nova finds on both hosts stays the same in every execution: nobody who takes cells is just leaving the
 * destination, and the last such request at the source has been accepted.
 */
function keepsCells(run: Run, leg: Leg, to: HostId): boolean {
  const source = run.lanes(leg.from);
  const unsettled = run.now < source.opensAt && source.lastCellularRequest === source.lastRequest;
  return !unsettled && run.lanes(to).cellularLeaving === 0 && !isHeld(run, leg, to);
}

/** Somebody of the set goes first. That does not hold back who steps aside: others may need it to. */
function isOutranked(run: Run, { server }: Leg, set: string): boolean {
  const first = run.promoted.get(set)?.find((id) => run.pendingServers.has(id));
  return first !== undefined && first !== server.id;
}

/** On a host whose arrivals have a fixed order, cells are taken in that order and after the departures. */
export function isHeld(run: Run, leg: Leg, to: HostId): boolean {
  const order = run.fixedOrders.get(to);
  if (order === undefined || order.released || !leg.cellular || !order.servers.includes(leg.server.id))
    return false;
  if (order.servers[order.next] !== leg.server.id) return true;
  return [...run.lanes(to).departures].some((departure) => departure.cellular);
}

/** Nothing has left since rules refused it; what other hosts hold matters only to members of serial sets. */
function isRefusedStill(run: Run, leg: Leg, to: HostId): boolean {
  if (leg.refused?.to !== to || leg.serialSets.length > 0) return false;
  return leg.refused.freed === run.lanes(to).freed;
}

/** As many migrations as may run at a time are under way. */
const isCrowded = (run: Run, leg: Leg): boolean =>
  !finds(run, leg, slotsOfAll(run.request.options.maxParallel), 1);

/** Still crowded out: there is no need to ask rules that allowed it, since nothing has changed on the host. */
function isCrowdedStill(run: Run, leg: Leg, to: HostId): boolean {
  if (leg.allowed?.to !== to || leg.serialSets.length > 0) return false;
  return leg.allowed.changed === run.lanes(to).changed && isCrowded(run, leg);
}

/** Whether every link on the way has so much left; where one has not, the leg waits there. */
const hasBandwidth = (run: Run, leg: Leg, to: HostId, mbps: number): boolean =>
  linksOf(run, leg.from, to, mbps).every((link) => finds(run, leg, link, mbps));

/** Whether so much of it is left; where it is not, the leg is woken when somebody gives some back. */
function finds(run: Run, leg: Leg, limit: Limit, amount: number): boolean {
  if (run.pools(limit).has(amount)) return true;
  const waiting = run.lacking.get(limit.resource) ?? new Set();
  run.lacking.set(limit.resource, waiting.add(leg));
  return false;
}

/** A link on its way is full, of migrations between other hosts where its own are idle. */
export const waitsForLink = (run: Run, leg: Leg): boolean =>
  linksOf(run, leg.from, leg.to, leg.mbps).some((link) => !run.pools(link).has(leg.mbps));

/** It had its turn when as many migrations as may run at a time were under way. */
export const isCrowdedOut = (run: Run, leg: Leg): boolean =>
  run.lacking.get(slotsOfAll(run.request.options.maxParallel).resource)?.has(leg) === true;

/** What a migration holds bandwidth of; nothing when it copies nothing. */
const linksOf = (run: Run, from: HostId, to: HostId, mbps: number): readonly Limit[] =>
  mbps > 0 ? linksBetween(from, to, run.request.context.cloud).map(bandwidthOf) : [];

/**
 * Whether the calendar, or the distance that the operator wants in a group, keeps a request back; then it is looked at
 * again when that is over. A cold migration is to be confirmed in the same open time.
 */
function waitsForTime(run: Run, leg: Leg, arrival: Arrival, transfer: Transfer): boolean {
  const { calendar } = run.request.options;
  const seconds = transfer.seconds.expected + (arrival.method === 'cold' ? confirmSeconds : 0);
  const apart = leg.serialSets.reduce((last, set) => Math.max(last, run.apartUntil.get(set) ?? 0), run.now);
  const trip = { server: leg.server.id, from: arrival.from, to: arrival.to };
  const opens = calendar === undefined ? apart : calendar.opensAt(trip, apart, seconds);
  if (opens <= run.now) return false;
  const known = run.waitingUntil.get(leg);
  run.waitingUntil.set(leg, opens);
  if (opens < Infinity && known !== opens) run.queue.add(opens, { kind: 'opens', leg });
  return true;
}

function request(run: Run, leg: Leg, arrival: Arrival, transfer: Transfer): void {
  const { server, from, to } = { server: leg.server, from: leg.from, to: leg.to };
  run.requested += 1;
  const step = `m${run.requested}`;
  const { context, options } = run.request;
  const held = heldBy(arrival, transfer.mbps, context.cloud, options.maxParallel);
  const flight: Flight = { leg, arrival, step, held };
  const drawn = run.dependencies.draw(step, needsOf(run, flight));
  const requestAfter = [
    run.lanes(to).lastRequest,
    leg.cellular ? run.lanes(from).lastCellularRequest : undefined,
  ];
  const fit = run.state.predict(server.id, to, arrival.method);
  run.steps.push({
    kind: 'migrate',
    id: step,
    arrival,
    stopOver: to !== leg.target,
    requestAfter: [...new Set(requestAfter)]
      .filter((one) => one !== undefined)
      .filter((one) => !drawn.ended.has(one)),
    dependsOn: drawn.dependsOn,
    wave: drawn.wave,
    ...(fit !== undefined && { fit }),
    bytes: transfer.bytes,
    seconds: transfer.seconds,
    downtimeMs: transfer.downtimeMs,
    downtimeHighMs: transfer.downtimeHighMs,
    startSeconds: run.now,
    endSeconds: run.now + transfer.seconds.expected,
  });
  applyEvent(run, { kind: 'request', arrival });
  run.script?.requested(server.id);
  removeLeg(run, leg);
  depart(run, flight, transfer.seconds.expected);
}

/** Books what the flight takes until it ends. */
function depart(run: Run, flight: Flight, seconds: number): void {
  const { leg, step } = flight;
  const source = run.lanes(leg.from);
  const destination = run.lanes(leg.to);
  run.servers.set(step, leg.server);
  run.travelling.set(leg.server.id, flight);
  for (const set of leg.serialSets) run.serialSetsUnderWay.add(set);
  source.leaving += 1;
  destination.opensAt = run.now + acceptedSeconds;
  destination.lastRequest = step;
  destination.changed += 1;
  if (leg.cellular) {
    source.cellularLeaving += 1;
    destination.lastCellularRequest = step;
  }
  const order = run.fixedOrders.get(leg.to);
  if (order?.servers[order.next] === leg.server.id && leg.to === leg.target) order.next += 1;
  run.queue.add(destination.opensAt, { kind: 'open', host: leg.to });
  run.queue.add(run.now + seconds, { kind: 'transferred', flight });
}

/** What a request waits for, the most telling reason first. Takes the slots and bandwidth that it holds. */
function needsOf(run: Run, { leg, held }: Flight): readonly Need[] {
  const { server, to } = leg;
  const { demands } = run.request.context;
  const leaves = (step: string): string => {
    const left = run.servers.get(step);
    return left === undefined ? `leaves ${to}` : freesInWords(left, demands.get(left.id), to);
  };
  return [
    { key: `server ${server.id}`, reason: () => 'the server is on its way until then' },
    { key: `room ${to}`, reason: leaves },
    ...leg.serialSets.map((set) => ({
      key: `set ${set}`,
      reason: () => `members of ${set} move one after the other`,
    })),
    ...held.map((one) => needOf(one, run.pools)),
  ];
}
