import type { Backend } from '../backend.ts';
import { createWorkerBackend } from './worker-backend.ts';

/**
 * javascript-lp-solver: pure JavaScript, for tiny models and as a second opinion. Its simplex can end early without
 * saying so, hence only the bound from its duals counts; what it calls optimal or infeasible beyond that is unproved.
 */
export function createJslpBackend(threads = 1): Backend {
  return createWorkerBackend({ id: 'jslp', trust: { search: false }, threads });
}
