/** A binary heap of small whole numbers, least key first and least number among equal keys. */
export interface Heap {
  push(item: number): void;
  /** Takes out the first; undefined when there is none. */
  pop(): number | undefined;
  peek(): number | undefined;
  readonly size: number;
}

/** Entry i has its children at 2i + 1 and 2i + 2. Keys must not change while their items are in. */
export function createHeap(keyOf: (item: number) => number): Heap {
  const items: number[] = [];
  const isBefore = (a: number, b: number): boolean => {
    const difference = keyOf(a) - keyOf(b);
    return difference < 0 || (difference === 0 && a < b);
  };

  function siftUp(item: number): void {
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] ?? item;
      if (!isBefore(item, above)) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  function siftDown(item: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const right = items[child + 1];
      let below = items[child];
      if (below === undefined) break;
      if (right !== undefined && isBefore(right, below)) {
        below = right;
        child += 1;
      }
      if (!isBefore(below, item)) break;
      items[at] = below;
      at = child;
    }
    items[at] = item;
  }

  return {
    push: siftUp,
    pop() {
      const first = items[0];
      const last = items.pop();
      if (last !== undefined && items.length > 0) siftDown(last);
      return first;
    },
    peek: () => items[0],
    get size() {
      return items.length;
    },
  };
}
