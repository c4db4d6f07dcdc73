import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the lab's files are, and where it keeps its state: `.lab` in the repository, or `LAB_STATE`. */
const labFolder = fileURLToPath(new URL('..', import.meta.url));
const repository = resolve(labFolder, '..', '..');
const state = resolve(process.env['LAB_STATE'] ?? join(repository, '.lab'));

export const places = {
  repository,
  labFolder,
  services: join(labFolder, 'services'),
  hostsFile: resolve(process.env['LAB_HOSTS'] ?? join(labFolder, 'specs', 'numa.hosts.json')),
  seedFile: resolve(process.env['LAB_SEED'] ?? join(labFolder, 'specs', 'numa.seed.json')),
  /** Files of Debian's packages, kept from one cloud to the next. */
  debian: join(state, 'debian'),
  /** One cloud: gone at the next start. */
  run: join(state, 'run'),
} as const;

export const runFile = (...parts: readonly string[]) => join(places.run, ...parts);
