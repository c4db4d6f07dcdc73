import { invariant } from '../shared/invariant.ts';
import type { Dependency } from './ordered.ts';

/** Something that steps use one after the other: room on a host, a link, a slot, the server itself. */
export interface Need {
  readonly key: string;
  /** Why the step has to wait for one that used it before. */
  readonly reason: (ended: string) => string;
  /**
   * Takes its part of it, and tells who had that before: then these alone are waited for, instead of all who ended on
   * the key. `isKnown`: the step waits for this one anyway.
   */
  readonly take?: (isKnown: (step: string) => boolean) => readonly string[];
}

/** What a step has to wait for. */
interface Drawn {
  readonly dependsOn: readonly Dependency[];
  readonly wave: number;
  /** Every step that has surely ended when this one is requested, as far as its needs tell. */
  readonly ended: ReadonlySet<string>;
}

/**
 * Who has ended on what, in the one execution that the timetable plays through.
 *
 * A step depends on *every* step that ended on one of its needs before it was requested, so that in any other
 * execution at least those have ended too. Entries that follow from another are left out: for each need only a
 * frontier is kept, of ended steps that no later ended step of the same need depends on.
 */
export interface Dependencies {
  /** Call at the request, with the most telling reasons first. */
  draw(step: string, needs: readonly Need[]): Drawn;
  /** Call when the step has ended on some needs. */
  end(step: string, keys: readonly string[]): void;
}

interface Node {
  readonly index: number;
  readonly wave: number;
  readonly ended: ReadonlySet<string>;
}

export function createDependencies(): Dependencies {
  const nodes = new Map<string, Node>();
  const frontiers = new Map<string, readonly string[]>();

  function nodeOf(step: string): Node {
    const node = nodes.get(step);
    invariant(node !== undefined, `step ${step} was not drawn`);
    return node;
  }

  /** Each step that has ended on one of the needs, with the first such need. */
  function endedOn(needs: readonly Need[]): Map<string, Need> {
    const ended = new Map<string, Need>();
    const known = new Set<string>();
    for (const need of needs)
      for (const step of need.take?.((one) => known.has(one)) ?? frontiers.get(need.key) ?? []) {
        if (ended.has(step)) continue;
        ended.set(step, need);
        known.add(step);
        for (const before of nodeOf(step).ended) known.add(before);
      }
    return ended;
  }

  return {
    draw(step, needs) {
      const needOf = endedOn(needs);
      const ended = new Set(needOf.keys());
      const implied = new Set([...ended].flatMap((one) => [...nodeOf(one).ended]));
      const dependsOn = [...needOf]
        .filter(([one]) => !implied.has(one))
        .map(([one, need]) => ({ step: one, reason: need.reason(one) }))
        .sort((a, b) => nodeOf(a.step).index - nodeOf(b.step).index);
      const wave = 1 + Math.max(0, ...dependsOn.map((one) => nodeOf(one.step).wave));
      nodes.set(step, { index: nodes.size, wave, ended });
      return { dependsOn, wave, ended };
    },

    end(step, keys) {
      const { ended } = nodeOf(step);
      for (const key of keys)
        frontiers.set(key, [...(frontiers.get(key) ?? []).filter((one) => !ended.has(one)), step]);
    },
  };
}
