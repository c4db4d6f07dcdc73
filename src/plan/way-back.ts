import type { Arrival, Method } from '../constraints/arrival.ts';
import { type RuleContext, waysOf } from '../constraints/context.ts';
import type { Rule } from '../constraints/rule.ts';
import type { HostId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import { judgeArrival } from '../replay/legality.ts';
import type { State } from '../replay/state.ts';

/** A server that a step has brought from one host to another. */
export interface Trip {
  readonly server: Server;
  readonly from: HostId;
  readonly to: HostId;
}

/** The request that brings a server back, or why the rules refuse every one. */
export type WayBack =
  | { readonly kind: 'open'; readonly arrival: Arrival }
  | { readonly kind: 'closed'; readonly because: string };

/**
 * Rules that a way back is asked by. It is a run of its own: what the operator took out of this one, and what binds
 * the arrivals of one run to each other, does not bind it.
 */
export const rulesOfWayBack = (rules: readonly Rule[]): readonly Rule[] =>
  rules.filter((rule) => rule.holds === 'always' && rule.ofRun !== true);

/**
 * How a server could go back to where it came from, in this state, by the best way that the rules allow; its old host
 * is asked as if it took servers, since whoever goes back enables it first.
 */
export function wayBack({ server, from, to }: Trip, state: State, rules: readonly Rule[]): WayBack {
  const enabled = state.apply({ kind: 'service', host: from, status: 'enabled' });
  try {
    let nearest: readonly string[] | undefined;
    for (const way of waysOf(server, state.context)) {
      const arrival: Arrival = { server, from: to, to: from, ...way };
      const { refusals } = judgeArrival(arrival, state, rules);
      if (refusals.length === 0) return { kind: 'open', arrival };
      const words = refusals.map(({ text }) => text);
      if (nearest === undefined || words.length < nearest.length) nearest = words;
    }
    return { kind: 'closed', because: (nearest ?? ['its state allows no migration']).join('; ') };
  } finally {
    enabled();
  }
}

const methodWords: Readonly<Record<Method, string>> = {
  live: 'live-migrate',
  cold: 'cold-migrate',
  evacuate: 'evacuate',
};

/** What to do, in words. */
export const wayBackWords = (
  { method, to, forced }: Arrival,
  { profile }: Pick<RuleContext, 'profile'>,
): string =>
  `${methodWords[method]} it back to ${to}${forced === true ? `, past the scheduler (API ${profile.switches.microversions.liveForced ?? ''})` : ''}`;
