import { readFile } from 'node:fs/promises';
import { fileError } from './files.ts';

/** What a file is by its own word; an inventory says nothing of the kind. */
export type DocumentKind = 'plan' | 'inventory';

/** So says every plan, and perhaps somebody's name in an inventory. */
const planMark = /"kind"\s*:\s*"plan"/;

/**
 * Whether a file is a plan, else it is to be read as an inventory. What is no JSON is what its mark says it was to be.
 *
 * @throws InputError when it cannot be read.
 */
export async function documentKind(path: string): Promise<DocumentKind> {
  const text = await textOf(path);
  if (!planMark.test(text)) return 'inventory';
  try {
    const document: unknown = JSON.parse(text);
    const kind: unknown =
      typeof document === 'object' && document !== null ? Reflect.get(document, 'kind') : undefined;
    return kind === 'plan' ? 'plan' : 'inventory';
  } catch {
    return 'plan';
  }
}

/** As Latin-1: only ASCII is looked for, and no inventory is too long for it. */
async function textOf(path: string): Promise<string> {
  try {
    return (await readFile(path)).toString('latin1');
  } catch (error) {
    throw fileError('file.unreadable', 'cannot read the file', path, error);
  }
}
