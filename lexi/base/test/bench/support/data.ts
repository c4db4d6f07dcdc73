import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Benchmark data is not part of the project; it is read where it lies beside the checkout. */
const folder = join(dirname(fileURLToPath(import.meta.url)), '../../../../shared/bench');

export const dataPath = (...parts: readonly string[]): string => join(folder, ...parts);

/** What to say when a file of the benchmark data is not there; undefined when it is. */
export function missingData(...parts: readonly string[]): string | undefined {
  const path = dataPath(...parts);
  return existsSync(path) ? undefined : `skipped: no benchmark data at ${path}`;
}
