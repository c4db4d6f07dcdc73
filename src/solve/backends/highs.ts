import type { Backend } from '../backend.ts';
import { createWorkerBackend } from './worker-backend.ts';

/**
 * HiGHS, the default: exact LP and MIP with bounds, MIP start, and limits on nodes and simplex iterations. The first
 * solve of a process loads and compiles WebAssembly, so keep one backend and reuse it.
 */
export function createHighsBackend(threads = 1): Backend {
  return createWorkerBackend({ id: 'highs', trust: { search: true }, threads });
}
