import type { HostId } from '../model/ids.ts';
import type { Leg } from './lane.ts';
import { addLeg, applyEvent, type Flight, type Run, type RunEvent } from './run.ts';
import type { RouteLink } from '../replay/network.ts';
import { confirmSeconds } from '../replay/transfer/transfer.ts';

/** Plays an event of the timetable and marks the legs that it may have freed. */
export function handleEvent(run: Run, event: RunEvent): void {
  switch (event.kind) {
    case 'open':
      mark(run, run.lanes(event.host).arrivals);
      mark(run, run.lanes(event.host).departures);
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
  const { leg, step, mbps, links, arrival } = flight;
  const source = run.lanes(leg.from);
  const destination = run.lanes(leg.to);
  source.outbound.giveBack(1, step);
  destination.inbound.giveBack(1, step);
  for (const link of links) giveBack(run, link, mbps, step);
  run.underWay -= 1;
  applyEvent(run, { kind: 'complete', server: leg.server.id });
  mark(run, source.departures);
  mark(run, destination.arrivals);
  mark(run, run.crowdedOut);
  run.crowdedOut.clear();
  if (arrival.method === 'cold') planConfirm(run, flight);
  else leave(run, flight, step);
}

/** Legs that found the link full have another try. */
function giveBack(run: Run, link: RouteLink, mbps: number, step: string): void {
  const { pool, waiting } = run.links(link);
  pool.giveBack(mbps, step);
  mark(
    run,
    [...waiting].filter((leg) => run.pending.has(leg)),
  );
  waiting.clear();
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
  for (const set of leg.serialSets) run.serialSetsUnderWay.delete(set);
  if (leg.serialSets.length > 0) mark(run, legsOfSets(run, leg.serialSets));
  mark(run, source.arrivals);
  markStraight(run, from);
  if (to !== target) addLeg(run, server, to, target, leg.stopOvers + 1);
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
