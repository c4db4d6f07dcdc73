import type { Backend, BackendId } from '../backend.ts';
import { createGlpkBackend } from './glpk.ts';
import { createHighsBackend } from './highs.ts';
import { createJslpBackend } from './jslp.ts';

/** Every solver, the default first. */
export const backendIds: readonly BackendId[] = ['highs', 'glpk', 'jslp'];

const create = {
  highs: createHighsBackend,
  glpk: createGlpkBackend,
  jslp: createJslpBackend,
} satisfies Record<BackendId, () => Backend>;

/** A new backend with a worker of its own, which starts at the first solve. */
export function createBackend(id: BackendId): Backend {
  return create[id]();
}
