import type { Step } from './plan.ts';

/** What has surely happened when a step is requested, in every execution that keeps the waits of a plan. */
export interface Settled {
  /** Whether this step has ended by then. */
  readonly hasEnded: (step: string, by: string) => boolean;
  /** Whether this step has been requested by then. */
  readonly isRequested: (step: string, by: string) => boolean;
}

/** Positions of steps, one bit each. */
type Bits = Uint32Array;

/**
 * What has ended at a request is what it waits for and what that waited for, and what had ended at the requests that it
 * follows. Waits for steps that come later in the plan count for nothing.
 */
export function settledOf(steps: readonly Step[]): Settled {
  const positions = new Map(steps.map((step, index) => [step.id, index]));
  const ended = steps.map(() => noBits(steps.length));
  const requested = steps.map(() => noBits(steps.length));
  for (const [index, step] of steps.entries()) {
    const before = (id: string): number => {
      const at = positions.get(id) ?? index;
      return at < index ? at : -1;
    };
    for (const { step: id } of step.dependsOn) {
      addAll(ended[index], ended[before(id)], before(id));
      addAll(requested[index], requested[before(id)], before(id));
    }
    for (const id of step.requestAfter) {
      addAll(ended[index], ended[before(id)]);
      addAll(requested[index], requested[before(id)], before(id));
    }
  }
  const among =
    (bits: readonly Bits[]) =>
    (step: string, by: string): boolean =>
      has(bits[positions.get(by) ?? -1], positions.get(step) ?? -1);
  return { hasEnded: among(ended), isRequested: among(requested) };
}

const noBits = (count: number): Bits => new Uint32Array(Math.ceil(count / 32));

/** Adds all bits of another, and one more. */
function addAll(bits: Bits | undefined, others: Bits | undefined, also = -1): void {
  if (bits === undefined || others === undefined) return;
  for (const [word, value] of others.entries()) if (value !== 0) bits[word] = (bits[word] ?? 0) | value;
  if (also >= 0) bits[also >>> 5] = (bits[also >>> 5] ?? 0) | (1 << (also & 31));
}

const has = (bits: Bits | undefined, at: number): boolean =>
  at >= 0 && (((bits?.[at >>> 5] ?? 0) >>> (at & 31)) & 1) === 1;
