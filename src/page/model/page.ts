import type { PageData } from '../../report/page/page-data.ts';
import { createBoard, type Board } from './board.ts';
import { indexPlan, type PlanIndex } from './plan-index.ts';
import { parseRoute, type Route } from './route.ts';
import { createStore, type Store } from './store.ts';

/** The data, what is derived of it, and what the parts of the page share. */
export interface Page {
  readonly data: PageData;
  readonly index: PlanIndex;
  readonly board?: Board;
  readonly route: Store<Route>;
  /** The section that a detail is left for; undefined where the reader goes back to where it was opened. */
  readonly leftFor: Store<string | undefined>;
  /** The step in the middle of the dependency graph. */
  readonly graphStep: Store<number>;
  readonly theme: Store<'auto' | 'light' | 'dark'>;
  /** True while the page is drawn for paper. */
  readonly printing: Store<boolean>;
}

export function createPage(data: PageData, hash: string): Page {
  const index = indexPlan(data);
  const most = index.waiting.reduce(
    (best, list, i) => (list.length > (index.waiting[best]?.length ?? 0) ? i : best),
    0,
  );
  return {
    data,
    index,
    ...(data.cloud === undefined ? {} : { board: createBoard(data.cloud, data.steps) }),
    route: createStore(parseRoute(hash)),
    leftFor: createStore<string | undefined>(undefined),
    graphStep: createStore(most),
    theme: createStore<'auto' | 'light' | 'dark'>('auto'),
    printing: createStore(false),
  };
}
