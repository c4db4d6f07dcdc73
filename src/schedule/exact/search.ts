import { at } from '../../shared/at.ts';
import type { Effort } from '../effort.ts';
import type { Trip } from '../ways.ts';
import type { Resting, World } from './world.ts';

/** What is looked for: `goal` names the host of each server of the world that must be somewhere at the end. */
export interface Wanted {
  /** By server of the world: where it ends. */
  readonly goal: readonly number[];
  /** Servers that may migrate. */
  readonly moving: readonly number[];
  /** By server: hosts that it may pass through. Its goal is always allowed. */
  readonly passable: (server: number, host: number) => boolean;
}

export type Sequence =
  /** One after the other, with the fewest stop-overs. */
  | { readonly kind: 'found'; readonly legs: readonly Trip[]; readonly stopOvers: number }
  /** Every state that can be reached was seen. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' };

/** Cases looked up that take as long as one question to the rules. */
const lookUpsEach = 64;

/**
 * Uniform-cost search over resting states: a migration to the server's goal is free, any other is a stop-over. States
 * that free migrations lead to are seen depth first before those with one more stop-over, so the first sequence found has
 * the fewest; when no state is left, there is none.
 */
export function searchSequence(
  world: World,
  wanted: Wanted,
  effort: Effort,
  mostStopOvers = Infinity,
): Sequence {
  const seen = new Set<string>();
  const layers: Resting[][] = [[world.start]];
  for (let stopOvers = 0; stopOvers < layers.length && stopOvers <= mostStopOvers; stopOvers += 1) {
    const layer = layers[stopOvers] ?? [];
    for (let state = layer.pop(); state !== undefined; state = layer.pop()) {
      const key = state.contents.join();
      if (seen.has(key)) continue;
      seen.add(key);
      if (wanted.moving.every((s) => at(state.hosts, s) === at(wanted.goal, s)))
        return { kind: 'found', legs: legsTo(state), stopOvers };
      if (!effort.spend(1 + Math.floor((wanted.moving.length * state.contents.length) / lookUpsEach)))
        return { kind: 'unknown' };
      expand(world, wanted, state, (next, isStopOver) => {
        const cost = isStopOver ? stopOvers + 1 : stopOvers;
        if (!seen.has(next.contents.join())) (layers[cost] ??= []).push(next);
      });
      if (effort.exhausted) return { kind: 'unknown' };
    }
  }
  return { kind: 'none' };
}

function expand(
  world: World,
  { goal, moving, passable }: Wanted,
  state: Resting,
  reach: (next: Resting, isStopOver: boolean) => void,
): void {
  for (const s of moving) {
    const home = at(goal, s);
    for (let to = 0; to < state.contents.length; to += 1) {
      if (to === at(state.hosts, s) || (to !== home && !passable(s, to))) continue;
      const next = world.next(state, s, to);
      if (next !== undefined) reach(next, to !== home);
    }
  }
}

function legsTo(state: Resting): readonly Trip[] {
  const legs: Trip[] = [];
  for (let one = state; one.last !== undefined; one = one.last.before) legs.push(one.last.leg);
  return legs.reverse();
}
