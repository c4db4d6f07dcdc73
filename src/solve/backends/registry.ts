import type { Backend, BackendId } from '../backend.ts';
import { createGlpkBackend } from './glpk.ts';
import { createHighsBackend } from './highs.ts';
import { createJslpBackend } from './jslp.ts';

/** Every solver, the default first. */
export const backendIds: readonly BackendId[] = ['highs', 'glpk', 'jslp'];

const create = {
  highs: createHighsBackend,
  glpk: (threads) => createGlpkBackend({ threads }),
  jslp: createJslpBackend,
} satisfies Record<BackendId, (threads: number) => Backend>;

/** A new backend with up to so many workers of its own, which start when there is something to solve. */
export function createBackend(id: BackendId, threads = 1): Backend {
  return create[id](threads);
}
