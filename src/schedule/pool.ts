import { capacityTolerance } from '../replay/limits.ts';

/** Something of which there is so much, and of which steps hold a part for a time: slots of a host, Mbit/s of a link. */
export interface Pool {
  readonly capacity: number;
  has(amount: number): boolean;
  /**
   * Takes a part. Returns the steps that held it before: while these have not all ended there may be too little of it
   * in another execution. What those had that `isKnown` names comes first, then what nobody had, then what was given
   * back first.
   */
  take(amount: number, isKnown: (step: string) => boolean): readonly string[];
  giveBack(amount: number, step: string): void;
}

export function createPool(capacity: number): Pool {
  const slack = capacity * capacityTolerance;
  let unused = capacity;
  let returned: readonly Part[] = [];
  let free = capacity;
  return {
    capacity,
    has: (amount) => amount <= free + slack,
    take(amount, isKnown) {
      free -= amount;
      const known = takeFrom(returned, amount, slack, ({ step }) => isKnown(step));
      const ofNobody = Math.min(unused, known.missing);
      unused -= ofNobody;
      const other = takeFrom(known.left, known.missing - ofNobody, slack, () => true);
      returned = other.left;
      return [...known.steps, ...other.steps];
    },
    giveBack(amount, step) {
      free += amount;
      if (amount > 0 && capacity < Infinity) returned = [...returned, { step, amount }];
    },
  };
}

/** Pools by the names of what is held, each made when it is first asked for. */
export type Pools = (of: { readonly resource: string; readonly capacity: number }) => Pool;

export function createPools(): Pools {
  const pools = new Map<string, Pool>();
  return ({ resource, capacity }) => {
    let pool = pools.get(resource);
    if (pool === undefined) pools.set(resource, (pool = createPool(capacity)));
    return pool;
  };
}

/** What a step gave back and nobody has taken since. */
interface Part {
  readonly step: string;
  readonly amount: number;
}

function takeFrom(
  parts: readonly Part[],
  amount: number,
  slack: number,
  mayTake: (part: Part) => boolean,
): { readonly left: readonly Part[]; readonly steps: readonly string[]; readonly missing: number } {
  const left: Part[] = [];
  const steps: string[] = [];
  let missing = amount;
  for (const part of parts) {
    const taken = missing > slack && mayTake(part) ? Math.min(missing, part.amount) : 0;
    missing -= taken;
    if (taken > 0) steps.push(part.step);
    if (part.amount - taken > slack) left.push({ step: part.step, amount: part.amount - taken });
  }
  return { left, steps, missing };
}
