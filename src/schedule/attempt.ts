import type { HostId } from '../model/ids.ts';
import type { Undo } from '../replay/state.ts';
import { invariant } from '../shared/invariant.ts';
import type { Ask } from './ways.ts';
import { certify } from './certificate.ts';
import { idleComponents } from './components.ts';
import { handleEvent } from './end-leg.ts';
import { type Detour, findEscapes, relocationOf } from './escapes.ts';
import { reserve } from './hypothesis.ts';
import type { Leg } from './lane.ts';
import type { Deadlock } from './ordered.ts';
import { isCrowdedOut, isReady, tryRequest, waitsForLink } from './request-leg.ts';
import { redirect, type Run } from './run.ts';
import { inTurn } from './turn-order.ts';

/** A point at which there were several ways out of a deadlock, and which was taken. */
export interface Decision {
  readonly taken: number;
  readonly ways: number;
}

export type AttemptEnd =
  | { readonly kind: 'done' }
  /** Arrivals on these hosts came in an order in which Nova finds no cells for the last of them. */
  | { readonly kind: 'misfit'; readonly hosts: readonly HostId[]; readonly deadlock: Deadlock }
  | { readonly kind: 'stuck'; readonly deadlock: Deadlock };

/**
 * Plays through the timetable: requests what may be requested, waits for the next end, and breaks deadlocks of legs
 * that nothing under way can help. `path` says which way out to take at each decision, the first where it ends.
 */
export function play(
  run: Run,
  path: readonly number[],
  ask: Ask,
  decisions: Decision[],
  rescue?: Rescue,
): AttemptEnd {
  const choices: Choices = { path, ask, decisions, hopeless: new Set() };
  let turnsWithNothing = 0;
  for (let untilCheck = 0; ; untilCheck -= 1) {
    requestAll(run);
    const last = run.queue.nextTime() === undefined;
    if (last && run.pending.size === 0) return { kind: 'done' };
    const never = last ? neverOpen(run) : [];
    if (never.length > 0) return { kind: 'stuck', deadlock: certify(run, never) };
    if (last || untilCheck <= 0) {
      const end = run.script === undefined ? helpIdle(run, choices, last) : scriptEnds(run, last);
      if (end !== undefined && (run.script !== undefined || rescue?.(run) !== true)) return end;
      untilCheck = Math.max(leastTurnsBetweenChecks, run.pending.size / checksOfEachLeg);
    }
    turnsWithNothing = last ? turnsWithNothing + 1 : 0;
    invariant(turnsWithNothing < mostTurnsWithNothing, 'legs that may be requested are not requested');
    if (run.dirty.size === 0) passTime(run);
  }
}

/** Legs that the calendar lets go at no time: neither time nor other hosts help them. */
const neverOpen = (run: Run): readonly Leg[] =>
  [...run.pending].filter((leg) => run.waitingUntil.get(leg) === Infinity);

/** Called where legs are stuck and nothing is under way; true when it gave the pending legs a script to follow. */
export type Rescue = (run: Run) => boolean;

/** A script is made so that there is always a leg that may go. */
const scriptEnds = (run: Run, last: boolean): AttemptEnd | undefined =>
  last && run.dirty.size === 0 ? { kind: 'stuck', deadlock: certify(run, [...run.pending]) } : undefined;

/** Goes on to the next end, if there is one. */
function passTime(run: Run): void {
  run.now = run.queue.nextTime() ?? run.now;
  for (const event of run.queue.takeNext()) handleEvent(run, event);
}

/** Looking for idle legs costs time in proportion to the pending ones: so it is done the more seldom. */
const leastTurnsBetweenChecks = 4;
const checksOfEachLeg = 16;
/** Far more than asking again, letting go of fixed orders and choosing a way out take one after the other. */
const mostTurnsWithNothing = 100;

interface Choices {
  readonly path: readonly number[];
  readonly ask: Ask;
  readonly decisions: Decision[];
  /** Legs without a way out, until nothing is under way any more. */
  readonly hopeless: Set<Leg>;
}

/** Gives legs that nothing under way can help another try, or a way out. `last`: nothing is under way at all. */
function helpIdle(run: Run, choices: Choices, last: boolean): AttemptEnd | undefined {
  if (last) choices.hopeless.clear();
  const idle = idleComponents(run).filter((legs) => last || !legs.some((leg) => waitsForOthers(run, leg)));
  const blocked = retry(run, idle).filter((legs) => !legs.some((leg) => choices.hopeless.has(leg)));
  return blocked.length === 0 ? undefined : breakDeadlocks(run, blocked, choices, last);
}

function requestAll(run: Run): void {
  while (run.dirty.size > 0) {
    const ready = [...run.dirty].filter((leg) => isReady(run, leg));
    run.dirty.clear();
    for (const leg of inTurn(run, ready)) if (run.pending.has(leg)) tryRequest(run, leg);
  }
}

/** Crowded out, on a link that others use, or its turn may depend on members of a serial set that are elsewhere. */
const waitsForOthers = (run: Run, leg: Leg): boolean =>
  isCrowdedOut(run, leg) || run.waitingUntil.has(leg) || leg.serialSets.length > 0 || waitsForLink(run, leg);

/** Asks again where arrivals since have changed the host: Nova's search is not monotone. Returns what stays idle. */
function retry(run: Run, components: readonly (readonly Leg[])[]): readonly (readonly Leg[])[] {
  return components.filter((legs) => {
    const changed = legs.filter(
      (leg) => leg.refused !== undefined && leg.refused.changed !== run.lanes(leg.refused.to).changed,
    );
    for (const leg of changed) {
      leg.refused = undefined;
      run.dirty.add(leg);
    }
    return changed.length === 0;
  });
}

/**
 * Finds a way out for each component. Where arrivals came in a bad order none is looked for: the next attempt starts
 * with a better one, and this one goes on as far as it can to find all such hosts at once.
 */
function breakDeadlocks(
  run: Run,
  components: readonly (readonly Leg[])[],
  choices: Choices,
  last: boolean,
): AttemptEnd | undefined {
  const reserved: Undo[] = [];
  const stuck = components.filter((legs) => {
    if (misfitHosts(run, legs, isLastToMove).length > 0) return true;
    const detours = chooseEscape(run, legs, choices);
    for (const detour of detours) reserved.push(reserve(run.state, relocationOf(detour)));
    for (const { leg, by } of detours) redirect(run, leg, by);
    return detours.length === 0 && !releaseOrders(run, legs);
  });
  for (const undo of reserved.reverse()) undo();
  const legs = stuck.flat();
  for (const leg of legs) choices.hopeless.add(leg);
  return last && stuck.length === components.length ? giveUp(run, legs) : undefined;
}

function giveUp(run: Run, legs: readonly Leg[]): AttemptEnd {
  const deadlock = certify(run, legs);
  const surely = misfitHosts(run, legs, isLastToMove);
  const hosts = surely.length > 0 ? surely : misfitHosts(run, legs, () => true);
  return hosts.length > 0 ? { kind: 'misfit', hosts, deadlock } : { kind: 'stuck', deadlock };
}

function chooseEscape(run: Run, legs: readonly Leg[], { path, ask, decisions }: Choices): readonly Detour[] {
  for (const leg of legs) redirect(run, leg, leg.target);
  const escapes = findEscapes(run, legs, ask);
  if (escapes.length === 0) return [];
  const taken = Math.min(path[decisions.length] ?? 0, escapes.length - 1);
  decisions.push({ taken, ways: escapes.length });
  return escapes[taken]?.detours ?? [];
}

/** Hosts without a fixed order on which a cell or device was refused. */
function misfitHosts(
  run: Run,
  legs: readonly Leg[],
  counts: (run: Run, leg: Leg) => boolean,
): readonly HostId[] {
  const refused = legs.filter((leg) => leg.cellular && leg.refused?.to === leg.target && counts(run, leg));
  return [...new Set(refused.map((leg) => leg.target))].filter((host) => !run.fixedOrders.has(host)).sort();
}

/** Nobody who is still to leave can make room for it. */
function isLastToMove(run: Run, leg: Leg): boolean {
  const { departures, leaving } = run.lanes(leg.target);
  return departures.size === 0 && leaving === 0;
}

/** Lets arrivals come in any order again, where holding them back is all that stops them. */
function releaseOrders(run: Run, legs: readonly Leg[]): boolean {
  const held = new Set(
    legs.map((leg) => leg.target).filter((host) => run.fixedOrders.get(host)?.released === false),
  );
  for (const host of held) {
    const order = run.fixedOrders.get(host);
    if (order !== undefined) order.released = true;
  }
  for (const leg of legs) if (held.has(leg.target)) run.dirty.add(leg);
  return held.size > 0;
}
