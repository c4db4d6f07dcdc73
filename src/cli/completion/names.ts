import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';

/** Reading more than this would keep whoever presses the key waiting. */
const mostBytes = 2 ** 24;

const kinds = ['hosts', 'servers'] as const;
export type NameKind = (typeof kinds)[number];
export const nameKinds: readonly NameKind[] = kinds;

const Named = z.looseObject({
  hosts: z.array(z.looseObject({ name: z.string() })),
  servers: z.array(z.looseObject({ name: z.string() })),
});

/**
 * Names of an inventory that need no quotes on a command line, each once and in order. None where there is no such
 * file, where it is large or gzipped, or where it is something else: completion has nobody to tell.
 */
export async function namesIn(file: string, kind: NameKind): Promise<readonly string[]> {
  try {
    if ((await stat(file)).size > mostBytes) return [];
    const inventory = Named.parse(JSON.parse(await readFile(file, 'utf8')));
    const names = new Set(inventory[kind].map(({ name }) => name));
    return [...names].filter((name) => /^\w[\w.@+-]*$/.test(name)).toSorted();
  } catch {
    return [];
  }
}
