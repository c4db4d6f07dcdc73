import { capacityTolerance } from '../replay/limits.ts';

/** A step that holds some of a resource from its request to its end. */
export interface Holder {
  readonly step: string;
  readonly amount: number;
}

/** A step for which there may be too little left in some execution. */
export interface Uncovered extends Holder {
  /** The most that steps up to this one may hold at a time. */
  readonly atMost: number;
}

/** Something to take from: the unused capacity, or what a step gives back when it ends. */
interface Source {
  readonly step: string | undefined;
  left: number;
  /** Takers, and how much each took. */
  readonly taken: Map<string, number>;
}

/** Where steps take from. */
interface Supply {
  readonly sources: readonly Source[];
  readonly mayTake: (source: Source, by: string) => boolean;
  /** Amounts up to this are nothing. */
  readonly slack: number;
}

/**
 * The steps, in the order of their requests, that may find too little of a resource in some execution. Each takes what
 * those have given back that have surely ended by then, and then what nobody has had; each part is given away once.
 * Where that does not suffice, takers before it change to other sources if they can. So a step is only told when there
 * is an execution in which more is held at a time than there is.
 */
export function uncovered(
  holders: readonly Holder[],
  capacity: number,
  hasEnded: (step: string, by: string) => boolean,
): readonly Uncovered[] {
  const total = holders.reduce((sum, { amount }) => sum + amount, 0);
  const slack = capacity * capacityTolerance;
  if (total <= capacity + slack) return [];
  const unused: Source = { step: undefined, left: capacity, taken: new Map() };
  const sources: Source[] = [];
  const found: Uncovered[] = [];
  const mayTake = (source: Source, by: string): boolean =>
    source.step === undefined || hasEnded(source.step, by);
  for (const { step, amount } of holders) {
    const missing = takeFor(step, amount, { sources: [...sources.toReversed(), unused], mayTake, slack });
    if (missing > slack) found.push({ step, amount, atMost: capacity + missing });
    sources.push({ step, left: amount, taken: new Map() });
  }
  return found;
}

/** Takes an amount for a step; returns what is missing. */
function takeFor(taker: string, amount: number, supply: Supply): number {
  const { sources, mayTake, slack } = supply;
  let missing = amount;
  for (const source of sources)
    if (missing > slack && source.left > slack && mayTake(source, taker)) {
      const part = Math.min(missing, source.left);
      source.left -= part;
      book(source, taker, part);
      missing -= part;
    }
  while (missing > slack) {
    const part = exchange(taker, missing, supply);
    if (part <= slack) break;
    missing -= part;
  }
  return missing;
}

const book = (source: Source, taker: string, part: number): void => {
  source.taken.set(taker, (source.taken.get(taker) ?? 0) + part);
};

/** One way to a source with something left: who takes from it next, and where the one before took it until now. */
interface Way {
  readonly taker: string;
  readonly source: Source;
  readonly before: Way | undefined;
  readonly part: number;
}

/** Gives a step what others had, who take from another source in its place; returns how much. */
function exchange(taker: string, missing: number, { sources, mayTake, slack }: Supply): number {
  const seen = new Set<Source>();
  const queue: Way[] = [];
  const reach = (by: string, before: Way | undefined, part: number): void => {
    for (const source of sources)
      if (!seen.has(source) && mayTake(source, by)) {
        seen.add(source);
        queue.push({ taker: by, source, before, part });
      }
  };
  reach(taker, undefined, missing);
  for (const way of queue) {
    if (way.source.left > slack) return follow(way);
    for (const [other, part] of way.source.taken)
      if (part > slack) reach(other, way, Math.min(part, way.part));
  }
  return 0;
}

/** Books a way: each taker on it takes its part from the source that it has found. */
function follow(last: Way): number {
  const part = Math.min(last.part, last.source.left);
  last.source.left -= part;
  for (let way: Way | undefined = last; way !== undefined; way = way.before) {
    book(way.source, way.taker, part);
    if (way.before !== undefined) book(way.before.source, way.taker, -part);
  }
  return part;
}
