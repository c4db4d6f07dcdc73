import type { Arrival } from '../constraints/arrival.ts';
import type { HostId } from '../model/ids.ts';
import type { Need } from './dependencies.ts';
import { freesInWords } from './frees.ts';
import type { Leg } from './lane.ts';
import type { Pool } from './pool.ts';
import { type RouteLink, routeOf } from '../replay/network.ts';
import { applyEvent, type Flight, redirect, removeLeg, type Run } from './run.ts';
import { type Transfer, transferOf } from '../replay/transfer/transfer.ts';
import { legalArrival } from './ways.ts';

/**
 * Seconds after a request in which the record has surely left `accepted` (cold: `pre-migrating`): until then the
 * destination gets no other request, so that its claims happen in the order of the plan.
 */
export const acceptedSeconds = 5;

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
  if (!isOpen(run, leg, to)) return false;
  const { rules, context } = run.request;
  const arrival = legalArrival({ server: leg.server, from: leg.from, to }, run.state, rules);
  if (arrival === undefined) {
    const { freed, changed } = run.lanes(to);
    leg.refused = { to, freed, changed };
    return false;
  }
  const transfer = transferOf(arrival, context.cloud);
  if (!hasBandwidth(run, leg, to, transfer.mbps)) return false;
  if (run.underWay >= Math.max(1, run.request.options.maxParallel ?? Number.POSITIVE_INFINITY)) {
    run.crowdedOut.add(leg);
    return false;
  }
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

/** Whether every link on the way has so much left; where one has not, the leg waits there. */
function hasBandwidth(run: Run, leg: Leg, to: HostId, mbps: number): boolean {
  const full = linksOf(run, leg.from, to, mbps).find((link) => !run.links(link).pool.has(mbps));
  if (full !== undefined) run.links(full).waiting.add(leg);
  return full === undefined;
}

/** A link on its way is full, of migrations between other hosts where its own are idle. */
export const waitsForLink = (run: Run, leg: Leg): boolean =>
  linksOf(run, leg.from, leg.to, leg.mbps).some((link) => !run.links(link).pool.has(leg.mbps));

/** What a migration holds bandwidth of; nothing when it copies nothing. */
const linksOf = (run: Run, from: HostId, to: HostId, mbps: number): readonly RouteLink[] =>
  mbps > 0 ? routeOf(from, to, run.request.context.cloud).links : [];

function request(run: Run, leg: Leg, arrival: Arrival, transfer: Transfer): void {
  const { server, from, to } = { server: leg.server, from: leg.from, to: leg.to };
  run.requested += 1;
  const step = `m${run.requested}`;
  const links = linksOf(run, from, to, transfer.mbps);
  const flight: Flight = { leg, arrival, step, mbps: transfer.mbps, links };
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
    startSeconds: run.now,
    endSeconds: run.now + transfer.seconds.expected,
  });
  applyEvent(run, { kind: 'request', arrival });
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
  run.underWay += 1;
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

/** What a request waits for, the most telling reason first. Takes the slots and bandwidth that it needs. */
function needsOf(run: Run, { leg, mbps, links }: Flight): readonly Need[] {
  const { server, from, to } = leg;
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
    slot(run.lanes(from).outbound, `out ${from}`, 'outgoing', from),
    slot(run.lanes(to).inbound, `in ${to}`, 'incoming', to),
    ...links.map((link): Need => {
      const { pool } = run.links(link);
      return {
        key: link.key,
        reason: () => `the ${link.label} is taken until then (${Math.round(pool.capacity)} Mbit/s)`,
        take: (isKnown) => pool.take(mbps, isKnown),
      };
    }),
  ];
}

const slot = (pool: Pool, key: string, way: 'outgoing' | 'incoming', host: HostId): Need => ({
  key,
  reason: () =>
    pool.capacity === 1
      ? `one ${way} migration of ${host} at a time`
      : `at most ${pool.capacity} ${way} migrations of ${host} at a time`,
  take: (isKnown) => pool.take(1, isKnown),
});
