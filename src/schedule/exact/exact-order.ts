import type { HostId, ServerId } from '../../model/ids.ts';
import { play } from '../attempt.ts';
import { createEffort, type Effort } from '../effort.ts';
import { rankBypasses } from '../escapes.ts';
import type { ListOutcome, Prepared } from '../list-search.ts';
import { isShut, type OrderedStep, type SequenceOutcome, stopOversOf } from '../ordered.ts';
import { addLeg, createRun, type OrderRequest, redirect, type Run, undoAll, serialSetsOf } from '../run.ts';
import type { SerialSets } from '../serial-sets.ts';
import { createScript } from './script.ts';
import { findSequence, type Limits } from './sequence.ts';
import type { Trip } from '../ways.ts';

/** Of the questions that the list scheduler may ask, so many are granted besides. */
const shareOfEffort = 0.25;
/** Who is left where others got stuck: how many at most, and with how many bypass hosts. */
const mostStuck = 32;
const mostBypasses = 16;

/**
 * What the exact search makes of an order with stop-overs, or of none: an order with fewer, or one at all, or the proof
 * that there is none.
 */
export function exactOrder(prepared: Prepared, listed: ListOutcome): SequenceOutcome {
  if (listed.kind === 'stuck' && isShut(listed.deadlock)) return listed.deadlock;
  const { request, moves } = prepared;
  const effort = createEffort(request.options.effort * shareOfEffort);
  const targets = new Map(moves.map(({ server, target }) => [server.id, target]));
  if (isSmall(moves.length, request)) {
    const fewer = (steps: readonly OrderedStep[]): Limits => ({
      mostStopOvers: stopOversOf(steps) - 1,
      moversOnly: true,
    });
    const limits = listed.kind === 'ordered' ? fewer(listed.steps) : {};
    const sequence = findSequence(request, targets, effort, limits);
    if (sequence.kind === 'found') {
      const steps = follow(prepared, targets, sequence.legs);
      if (steps !== undefined) return { kind: 'ordered', steps };
    }
    if (sequence.kind === 'none' && listed.kind === 'stuck') return { ...listed.deadlock, exists: 'no' };
  }
  if (listed.kind === 'ordered') return listed;
  const steps = listed.again((run) => rescue(run, effort));
  return steps === undefined ? listed.deadlock : { kind: 'ordered', steps };
}

/** Moves, and hosts, up to which all that can happen is looked at; with more, only what is left where others got stuck. */
const mostMoves = 64;
const mostHosts = 64;

/** Whether so many moves, in so large a cloud, are few enough to look at every state that they lead to. */
export const isSmall = (moves: number, { context: { cloud } }: OrderRequest): boolean =>
  moves <= mostMoves && cloud.hosts.size <= mostHosts;

/** Plays a sequence through the timetable. */
function follow(
  { request, behind }: Prepared,
  targets: ReadonlyMap<ServerId, HostId>,
  legs: readonly Trip[],
): readonly OrderedStep[] | undefined {
  const run = createRun(request, setsOfLegs(request, legs), behind, {
    orders: new Map(),
    promoted: new Map(),
  });
  startScript(run, legs, targets);
  const end = play(run, [], () => undefined, []);
  undoAll(run);
  return end.kind === 'done' ? run.steps : undefined;
}

/** Makes every leg wait for its turn in the sequence. */
function startScript(run: Run, legs: readonly Trip[], targets: ReadonlyMap<ServerId, HostId>): void {
  run.script = createScript(legs, setsOfLegs(run.request, legs));
  for (const order of run.fixedOrders.values()) order.released = true;
  const waiting = new Map([...run.pending].map((leg) => [leg.server.id, leg]));
  for (const { server, from } of legs) {
    if (waiting.get(server.id) === undefined)
      waiting.set(server.id, addLeg(run, server, from, targets.get(server.id) ?? from, 0));
  }
  for (const leg of waiting.values()) {
    redirect(run, leg, run.script.nextStop(leg.server.id) ?? leg.target);
    leg.refused = undefined;
    run.dirty.add(leg);
  }
}

const setsOfLegs = (request: OrderRequest, legs: readonly Trip[]): SerialSets =>
  serialSetsOf(request, [...new Set(legs.map(({ server }) => server.id))]);

/** Looks for a way on for those who are stuck where nothing else is under way. */
function rescue(run: Run, effort: Effort): boolean {
  if (run.pending.size > mostStuck) return false;
  const targets = new Map([...run.pending].map(({ server, target }) => [server.id, target]));
  const involved = new Set([...run.pending].flatMap(({ from, target }) => [from, target]));
  const bypasses = rankBypasses(run).filter((host) => !involved.has(host));
  const hosts = [...involved, ...bypasses.slice(0, mostBypasses)];
  const sequence = findSequence({ ...run.request, start: run.state }, targets, effort, { hosts });
  if (sequence.kind !== 'found') return false;
  startScript(run, sequence.legs, targets);
  return true;
}
