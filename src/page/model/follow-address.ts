import { parseRoute, type Route } from './route.ts';
import type { Store } from './store.ts';

/**
 * Keeps the route in step with the address. Each entry of the browser's history knows how many details lie under it, so
 * that closing a detail goes back to where the first was opened.
 */
export function followAddress(route: Store<Route>): void {
  let depth = depthOf(history.state) ?? 0;
  const follow = () => {
    const next = parseRoute(location.hash);
    const known = depthOf(history.state);
    depth = known ?? (next.kind === 'none' ? 0 : depth + 1);
    if (known === undefined) history.replaceState({ depth }, '');
    route.set(next);
  };
  addEventListener('hashchange', follow);
  addEventListener('popstate', follow);
}

/** Leaves the detail that is open, and those that led to it. */
export function closeDetail(): void {
  const depth = depthOf(history.state) ?? 0;
  if (depth > 0) history.go(-depth);
  else location.hash = '';
}

function depthOf(state: unknown): number | undefined {
  if (typeof state !== 'object' || state === null || !('depth' in state)) return undefined;
  return typeof state.depth === 'number' ? state.depth : undefined;
}
