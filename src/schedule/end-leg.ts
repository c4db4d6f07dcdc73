import type { HostId } from '../model/ids.ts';
import type { Held } from './holdings.ts';
import type { Leg } from './lane.ts';
import { addLeg, applyEvent, type Flight, redirect, type Run, type RunEvent } from './run.ts';
import { isGroupSet } from './serial-sets.ts';
import { confirmSeconds } from '../replay/transfer/transfer.ts';

/** Plays an event of the timetable and marks the legs that it may have freed. */
export function handleEvent(run: Run, event: RunEvent): void {
  switch (event.kind) {
    case 'open':
      mark(run, run.lanes(event.host).arrivals);
      mark(run, run.lanes(event.host).departures);
      return;
    case 'opens':
      run.waitingUntil.delete(event.leg);
      mark(run, run.pending.has(event.leg) ? [event.leg] : []);
      return;
    case 'transferred':
      endTransfer(run, event.flight);
      return;
    case 'confirmed':
      applyEvent(run, { kind: 'confirm', server: event.flight.leg.server.id });
      leave(run, event.flight, event.step);
      return;
  }
}

function endTransfer(run: Run, flight: Flight): void {
  const { leg, step, held, arrival } = flight;
  for (const one of held) giveBack(run, one, step);
  applyEvent(run, { kind: 'complete', server: leg.server.id });
  mark(run, run.lanes(leg.from).departures);
  mark(run, run.lanes(leg.to).arrivals);
  if (arrival.method === 'cold') planConfirm(run, flight);
  else leave(run, flight, step);
}

/** Legs that found too little of it have another try. */
function giveBack(run: Run, held: Held, step: string): void {
  run.pools(held).giveBack(held.amount, step);
  const waiting = run.lacking.get(held.resource) ?? [];
  mark(
    run,
    [...waiting].filter((leg) => run.pending.has(leg)),
  );
  run.lacking.delete(held.resource);
}

function planConfirm(run: Run, flight: Flight): void {
  const { step, leg } = flight;
  const id = `c${step.slice(1)}`;
  const key = `cold ${step}`;
  run.dependencies.end(step, [key]);
  const { dependsOn, wave } = run.dependencies.draw(id, [
    { key, reason: () => 'confirms it once it has finished' },
  ]);
  const endSeconds = run.now + confirmSeconds;
  run.servers.set(id, leg.server);
  run.steps.push({
    kind: 'confirm',
    id,
    server: leg.server.id,
    of: step,
    dependsOn,
    wave,
    startSeconds: run.now,
    endSeconds,
  });
  run.queue.add(endSeconds, { kind: 'confirmed', flight, step: id });
}

/** The source is free of the server. */
function leave(run: Run, { leg }: Flight, step: string): void {
  const { server, from, to, target } = leg;
  const source = run.lanes(from);
  source.leaving -= 1;
  source.freed += 1;
  source.changed += 1;
  if (leg.cellular) source.cellularLeaving -= 1;
  run.travelling.delete(server.id);
  run.dependencies.end(step, [
    `server ${server.id}`,
    `room ${from}`,
    ...leg.serialSets.map((set) => `set ${set}`),
  ]);
  for (const set of leg.serialSets) {
    run.serialSetsUnderWay.delete(set);
    if (isGroupSet(set)) run.apartUntil.set(set, run.now + (run.request.options.apartSeconds ?? 0));
  }
  if (leg.serialSets.length > 0) mark(run, legsOfSets(run, leg.serialSets));
  mark(run, source.arrivals);
  markStraight(run, from);
  run.script?.left(server.id);
  const next = run.script?.nextStop(server.id);
  if (to === target && next === undefined) return;
  const onward = addLeg(run, server, to, target, leg.stopOvers + 1);
  if (next !== undefined) redirect(run, onward, next);
}

const legsOfSets = (run: Run, sets: readonly string[]): readonly Leg[] =>
  [...run.pending].filter((leg) => leg.serialSets.some((set) => sets.includes(set)));

/** Legs that are sent through a bypass host may go straight when their target gets room. */
function markStraight(run: Run, freed: HostId): void {
  for (const leg of run.detoured) if (leg.target === freed) run.dirty.add(leg);
}

function mark(run: Run, legs: Iterable<Leg>): void {
  for (const leg of legs) run.dirty.add(leg);
}
