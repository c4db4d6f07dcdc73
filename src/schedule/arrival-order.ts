import type { Demands } from '../constraints/demand.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { State, Undo } from '../replay/state.ts';
import { invariant } from '../shared/invariant.ts';
import { pinnedCpus } from './frees.ts';
import { relocate } from './hypothesis.ts';
import { isCellular } from '../replay/cellular.ts';
import type { Moving } from './room-graph.ts';
import { bySize, type Sized } from './turn-order.ts';
import type { Ask } from './ways.ts';

/** A move with what decides its turn. */
type Candidate = Moving & Sized;

/**
 * An order of the arrivals on one host in which Nova finds cells for all of them once everybody who leaves has left;
 * undefined when none was found. Only arrivals that take NUMA cells or devices are in it.
 *
 * The biggest go first. Whoever is refused moves to the front and all is tried again; when that goes round in
 * circles, orders are tried one by one, depth first.
 */
export function arrivalOrder(
  host: HostId,
  moves: readonly Moving[],
  state: State,
  demands: Demands,
  ask: Ask,
): readonly ServerId[] | undefined {
  const arrivals = moves
    .filter((move) => move.target === host)
    .map((move) => ({
      ...move,
      cellular: isCellular(move.server, state),
      pinnedCpus: pinnedCpus(demands.get(move.server.id)),
    }))
    .sort(bySize);
  const undos = moves
    .filter((move) => move.from === host)
    .map(({ server, from, target }) => relocate(state, { server, from, to: target }));
  for (const { server, from, target } of arrivals.filter((arrival) => !arrival.cellular))
    undos.push(relocate(state, { server, from, to: target }));

  const cellular = arrivals.filter((arrival) => arrival.cellular);
  const order = promoteRefused(cellular, state, ask) ?? depthFirst(cellular, state, ask);

  for (const undo of undos.reverse()) undo();
  return order?.map((arrival) => arrival.server.id);
}

function promoteRefused(
  arrivals: readonly Candidate[],
  state: State,
  ask: Ask,
): readonly Candidate[] | undefined {
  const seen = new Set<string>();
  let order = arrivals;
  for (;;) {
    const key = order.map((arrival) => arrival.server.id).join(' ');
    if (seen.has(key)) return undefined;
    seen.add(key);
    const refused = firstRefused(order, state, ask);
    if (refused === undefined) return order;
    order = [refused, ...order.filter((arrival) => arrival !== refused)];
  }
}

function firstRefused(order: readonly Candidate[], state: State, ask: Ask): Candidate | undefined {
  const undos: Undo[] = [];
  const refused = order.find((candidate) => {
    const undo = arrive(candidate, state, ask);
    if (undo !== undefined) undos.push(undo);
    return undo === undefined;
  });
  for (const undo of undos.reverse()) undo();
  return refused;
}

function depthFirst(rest: readonly Candidate[], state: State, ask: Ask): readonly Candidate[] | undefined {
  if (rest.length === 0) return [];
  for (const candidate of rest) {
    const undo = arrive(candidate, state, ask);
    if (undo === undefined) continue;
    const tail = depthFirst(
      rest.filter((other) => other !== candidate),
      state,
      ask,
    );
    undo();
    if (tail !== undefined) return [candidate, ...tail];
  }
  return undefined;
}

function arrive({ server, from, target }: Candidate, state: State, ask: Ask): Undo | undefined {
  const arrival = ask({ server, from, to: target });
  if (arrival === undefined) return undefined;
  invariant(arrival.to === target, 'an arrival goes where the trip goes');
  return state.apply({ kind: 'request', arrival });
}
