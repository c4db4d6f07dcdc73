import type { PageCloud, PageStep } from '../../report/page/page-data.ts';
import { walkCloud, type CloudWalk } from './cloud-walk.ts';
import { createStore, type Store } from './store.ts';

/** The walk through the events, and who draws what: a step of the slider calls those whose numbers change, no others. */
export interface Board {
  readonly walk: CloudWalk;
  readonly position: Store<number>;
  goTo(position: number): void;
  onMeter(meter: number, draw: () => void): () => void;
  onHost(host: number, draw: () => void): () => void;
}

export function createBoard(cloud: PageCloud, steps: readonly PageStep[]): Board {
  const walk = walkCloud(cloud, steps);
  const position = createStore(0);
  const meters = new Map<number, Set<() => void>>();
  const hosts = new Map<number, Set<() => void>>();

  return {
    walk,
    position,
    goTo(wanted) {
      const left = atWork(cloud, steps, walk.position());
      const changed = walk.moveTo(wanted);
      for (const meter of changed.meters) call(meters.get(meter));
      for (const host of new Set([...left, ...changed.hosts, ...atWork(cloud, steps, walk.position())]))
        call(hosts.get(host));
      position.set(walk.position());
    },
    onMeter: (meter, draw) => listen(meters, meter, draw),
    onHost: (host, draw) => listen(hosts, host, draw),
  };
}

/** What a host does in the event before a position: its part in the step of that event. */
export function roleOf(
  cloud: PageCloud,
  steps: readonly PageStep[],
  position: number,
  host: number,
): 'from' | 'to' | 'host' | undefined {
  const event = cloud.events[position - 1];
  const step = event === undefined ? undefined : steps[event.step];
  if (step === undefined) return undefined;
  if (step.to === host) return 'to';
  if (step.from !== host) return undefined;
  return step.to === undefined ? 'host' : 'from';
}

function atWork(cloud: PageCloud, steps: readonly PageStep[], position: number): readonly number[] {
  const event = cloud.events[position - 1];
  const step = event === undefined ? undefined : steps[event.step];
  return [step?.from, step?.to].filter((host) => host !== undefined);
}

function listen(lists: Map<number, Set<() => void>>, key: number, draw: () => void): () => void {
  const list = lists.get(key) ?? new Set();
  lists.set(key, list);
  list.add(draw);
  return () => {
    list.delete(draw);
  };
}

function call(list: ReadonlySet<() => void> | undefined): void {
  for (const draw of list ?? []) draw();
}
