import { serverId } from '../model/ids.ts';
import { compareText } from '../shared/collections.ts';
import type { Leg } from './lane.ts';
import type { Deadlock, StuckMove } from './ordered.ts';
import { isHeld } from './request-leg.ts';
import { cyclesOf, roomGraph } from './room-graph.ts';
import type { Run } from './run.ts';
import { legalArrival, refusalOf } from './ways.ts';

/** What stands in the way of moves that found no turn, in the state in which they got stuck. */
export function certify(run: Run, legs: readonly Leg[]): Deadlock {
  const { rules } = run.request;
  // Who only steps aside, in a script, may wait where it is to end.
  const away = legs.filter(({ from, target }) => from !== target);
  const graph = roomGraph(away, run.state, (trip) => legalArrival(trip, run.state, rules) !== undefined);
  return {
    kind: 'deadlock',
    exists: 'unknown',
    stuck: away.map((leg) => explain(run, leg)).sort((a, b) => compareText(a.server, b.server)),
    cycles: cyclesOf(graph).map((cycle) => cycle.map(serverId)),
  };
}

function explain(run: Run, leg: Leg): StuckMove {
  const { server, from, target: to } = leg;
  const base = { server: server.id, to };
  if (run.waitingUntil.get(leg) === Infinity && leg.to === to)
    return { ...base, rule: 'calendar', text: 'takes longer than any time is open for it' };
  const refusal = refusalOf({ server, from, to }, run.state, run.request.rules);
  if (refusal !== undefined) return { ...base, ...refusal };
  const text = isHeld(run, leg, to)
    ? `waits for its turn among the arrivals on host ${to}, of which an earlier one is stuck`
    : `may go to host ${to} by the rules, but not while the others are stuck`;
  return { ...base, rule: 'order', text };
}
