import { InputError } from '../../shared/diagnostic.ts';
import type { Backend } from '../backend.ts';
import { createWorkerBackend } from './worker-backend.ts';

/** `importGlpk` stands in for the import of the optional package. */
export interface GlpkOptions {
  /** Workers at most. */
  readonly threads?: number;
  readonly importGlpk?: () => Promise<unknown>;
}

/**
 * GLPK, from the optional package `glpk.js` (GPL-3.0): good at small MIPs. It tells no bound before the end: until
 * then, the bound is that of the LP relaxation. It knows no MIP start and no absolute gap.
 */
export function createGlpkBackend({
  importGlpk = () => import('glpk.js/node'),
  threads = 1,
}: GlpkOptions = {}): Backend {
  return createWorkerBackend({
    id: 'glpk',
    trust: { search: true },
    threads,
    async requirePackage() {
      try {
        await importGlpk();
      } catch (cause) {
        throw missing(cause);
      }
    },
  });
}

function missing(cause: unknown): InputError {
  return new InputError(
    [
      {
        code: 'solver.missing',
        severity: 'error',
        summary: '--solver glpk needs the optional package glpk.js (GPL-3.0)',
        hint: 'npm install glpk.js',
      },
    ],
    { cause },
  );
}
