/** Servers that are alike, and the places that they may take. */
export interface Supply {
  readonly count: number;
  /** Indices of places. */
  readonly places: readonly number[];
}

export interface Flow {
  /** How many found a place. */
  readonly total: number;
  /** Where some found none: the supplies that compete for too little, and all the places that they may take. */
  readonly short?: { readonly supplies: readonly number[]; readonly places: readonly number[] };
}

/** The most servers that find a place each, and, by the theorem of Hall, why no more do. */
export function flowInto(supplies: readonly Supply[], room: readonly number[]): Flow {
  const left = supplies.map(({ count }) => count);
  const free = [...room];
  const sent = supplies.map(() => new Map<number, number>());
  for (;;) {
    const { path, seen } = pathToRoom(supplies, left, free, sent);
    const total = supplies.reduce((sum, { count }, s) => sum + count - (left[s] ?? 0), 0);
    if (path === undefined)
      return left.some((count) => count > 0)
        ? { total, short: { supplies: ascending(seen.supplies), places: ascending(seen.places) } }
        : { total };
    send(path, left, free, sent);
  }
}

const ascending = (numbers: Iterable<number>): readonly number[] => [...numbers].sort((a, b) => a - b);

/** Supply, place, supply, place, …: each supply goes to the place after it, taken from the supply that follows. */
interface Path {
  readonly hops: readonly (readonly [supply: number, place: number])[];
}

function pathToRoom(
  supplies: readonly Supply[],
  left: readonly number[],
  free: readonly number[],
  sent: readonly ReadonlyMap<number, number>[],
): {
  readonly path?: Path;
  readonly seen: { readonly supplies: ReadonlySet<number>; readonly places: ReadonlySet<number> };
} {
  const reachedBy = new Map<number, number>(); // place → the supply that reached it
  const movedFrom = new Map<number, number>(); // supply → the place that it can be moved from
  const starts = [...left.keys()].filter((s) => (left[s] ?? 0) > 0);
  const seen = new Set(starts);
  for (const s of seen)
    // grows while it is walked
    for (const place of supplies[s]?.places ?? []) {
      if (reachedBy.has(place)) continue;
      reachedBy.set(place, s);
      if ((free[place] ?? 0) > 0)
        return { path: backFrom(place, reachedBy, movedFrom), seen: { supplies: seen, places: new Set() } };
      for (const [other, places] of sent.entries())
        if ((places.get(place) ?? 0) > 0 && !seen.has(other)) {
          seen.add(other);
          movedFrom.set(other, place);
        }
    }
  return { seen: { supplies: seen, places: new Set(reachedBy.keys()) } };
}

function backFrom(
  end: number,
  reachedBy: ReadonlyMap<number, number>,
  movedFrom: ReadonlyMap<number, number>,
): Path {
  const hops: (readonly [number, number])[] = [];
  let place: number | undefined = end;
  while (place !== undefined) {
    const supply: number = reachedBy.get(place) ?? 0;
    hops.push([supply, place]);
    place = movedFrom.get(supply);
  }
  return { hops: hops.toReversed() };
}

function send({ hops }: Path, left: number[], free: number[], sent: readonly Map<number, number>[]): void {
  const [first] = hops;
  const last = hops.at(-1);
  if (first === undefined || last === undefined) return;
  const moved = hops.slice(1).map(([supply], i) => sent[supply]?.get(hops[i]?.[1] ?? -1) ?? 0);
  const amount = Math.min(left[first[0]] ?? 0, free[last[1]] ?? 0, ...moved);
  left[first[0]] = (left[first[0]] ?? 0) - amount;
  free[last[1]] = (free[last[1]] ?? 0) - amount;
  for (const [i, [supply, place]] of hops.entries()) {
    const own = sent[supply];
    own?.set(place, (own.get(place) ?? 0) + amount);
    const before = hops[i - 1]?.[1];
    if (before !== undefined) own?.set(before, (own.get(before) ?? 0) - amount);
  }
}
