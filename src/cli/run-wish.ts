import { readFile, rm } from 'node:fs/promises';
import type { Wish } from '../execute/runner/tools.ts';
import { writeTextFile } from './files.ts';

/** Where a journal's run looks for what others want of it, once in each turn. */
const wishFile = (journal: string): string => `${journal}.wish`;

/** Tells the run of a journal to end. */
export const leaveWish = (journal: string, wish: Exclude<Wish, 'go-on'>): Promise<void> =>
  writeTextFile(wishFile(journal), `${wish}\n`);

/** What others want of the run. */
export async function readWish(journal: string): Promise<Wish> {
  try {
    const text = (await readFile(wishFile(journal), 'utf8')).trim();
    return text === 'abort' ? 'abort' : 'stop';
  } catch {
    return 'go-on';
  }
}

/** What was wanted of an earlier run is of no concern to this one. */
export const forgetWish = (journal: string): Promise<void> => rm(wishFile(journal), { force: true });
