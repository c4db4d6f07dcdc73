import type { Arrival } from '../constraints/arrival.ts';
import { storageOf, waysOf } from '../constraints/context.ts';
import type { Rule } from '../constraints/rule.ts';
import type { StateView } from '../constraints/state-view.ts';
import type { HostId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import { isLegal, nearestRefusals } from '../replay/legality.ts';

/** Who asks to go where. */
export interface Trip {
  readonly server: Server;
  readonly from: HostId;
  readonly to: HostId;
}

/** The legal arrival of a trip, or undefined; undefined too when the effort is spent. */
export type Ask = (trip: Trip) => Arrival | undefined;

/** The first way of travel that every rule allows at this instant; undefined when there is none. */
export function legalArrival(
  { server, from, to }: Trip,
  state: StateView,
  rules: readonly Rule[],
): Arrival | undefined {
  for (const way of waysOf(server, state.context)) {
    const arrival: Arrival = { server, from, to, ...way };
    if (isLegal(arrival, state, rules)) return arrival;
  }
  return undefined;
}

/** The way that is tried first. For a server that no way moves it is live, so that the rules can say what is wrong. */
export function firstArrival({ server, from, to }: Trip, { context }: Pick<StateView, 'context'>): Arrival {
  const way = waysOf(server, context)[0] ?? { method: 'live', storage: storageOf(server, context) };
  return { server, from, to, ...way };
}

/** The first rule that refuses a trip and what it says; undefined when the trip is legal. */
export function refusalOf(
  trip: Trip,
  state: StateView,
  rules: readonly Rule[],
): { readonly rule: string; readonly text: string } | undefined {
  const [refusal] = nearestRefusals(trip, state, rules);
  return refusal === undefined ? undefined : { rule: refusal.rule, text: refusal.text };
}
