/** What a test says of some elements: they clash, they can all be kept, or nobody knows. */
export type Tested = 'clash' | 'kept' | 'unknown';

/** Elements that clash, and whether it is proven that they would not without any one of them. */
export interface Shrunk<Element> {
  readonly elements: readonly Element[];
  readonly irreducible: boolean;
}

/**
 * Takes out of elements that clash whatever they clash without: halves first, then ever smaller runs, in the end each
 * by itself. More elements never clash less, so one pass over single ones suffices. Those at the front go first.
 */
export async function deleteEach<Element>(
  elements: readonly Element[],
  test: (kept: readonly Element[]) => Promise<Tested>,
): Promise<Shrunk<Element>> {
  let kept = elements;
  let irreducible = true;
  for (let run = Math.max(1, Math.ceil(kept.length / 2)); ; run = Math.ceil(run / 2)) {
    irreducible = true;
    for (let from = 0; from < kept.length;) {
      const rest = [...kept.slice(0, from), ...kept.slice(from + run)];
      const tested = await test(rest);
      if (tested === 'unknown') irreducible = false;
      if (tested === 'clash') kept = rest;
      else from += run;
    }
    if (run === 1) return { elements: kept, irreducible };
  }
}
