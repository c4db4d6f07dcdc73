/** Events by time; those of one time in the order in which they were added. */
export interface EventQueue<Event> {
  add(time: number, event: Event): void;
  /** Time of the next event; undefined when there is none. */
  nextTime(): number | undefined;
  /** Takes out every event of the next time. */
  takeNext(): Event[];
}

interface Entry<Event> {
  readonly time: number;
  readonly number: number;
  readonly event: Event;
}

/** A binary heap: entry i has its children at 2i + 1 and 2i + 2, none before its parent. */
export function createEventQueue<Event>(): EventQueue<Event> {
  const heap: Entry<Event>[] = [];
  let added = 0;

  function siftUp(entry: Entry<Event>): void {
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, entry)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  function takeFirst(): Event | undefined {
    const first = heap[0];
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) siftDown(last);
    return first?.event;
  }

  function siftDown(entry: Entry<Event>): void {
    let at = 0;
    for (;;) {
      const child = earlierChild(at);
      const below = heap[child];
      if (below === undefined || isBefore(entry, below)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = entry;
  }

  function earlierChild(at: number): number {
    const left = heap[2 * at + 1];
    const right = heap[2 * at + 2];
    return left !== undefined && right !== undefined && isBefore(right, left) ? 2 * at + 2 : 2 * at + 1;
  }

  return {
    add(time, event) {
      siftUp({ time, number: added, event });
      added += 1;
    },
    nextTime: () => heap[0]?.time,
    takeNext() {
      const time = heap[0]?.time;
      const events: Event[] = [];
      while (heap.length > 0 && heap[0]?.time === time) {
        const event = takeFirst();
        if (event !== undefined) events.push(event);
      }
      return events;
    },
  };
}

const isBefore = (a: { time: number; number: number }, b: { time: number; number: number }): boolean =>
  a.time < b.time || (a.time === b.time && a.number < b.number);
