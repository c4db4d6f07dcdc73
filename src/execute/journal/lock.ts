import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { errorCode } from './error-code.ts';
import type { RunnerProcess } from './entry.ts';

/** Who holds a lock, and whether that process lives; `unknown` when it is on another host. */
export interface Holder extends RunnerProcess {
  readonly alive: 'yes' | 'no' | 'unknown';
}

/** What a lock needs to know of this machine. */
export interface Machine {
  readonly process: RunnerProcess;
  /** When a process of this host began; undefined when there is none with this id. */
  readonly startOf: (pid: number) => string | undefined;
}

export type Taken =
  { readonly kind: 'taken'; release(): Promise<void> } | { readonly kind: 'held'; readonly by: Holder };

const lockSchema = z.strictObject({ pid: z.int(), host: z.string(), startedAt: z.string() });

/**
 * Takes the lock of a journal. One whose process has died on this host is taken over; of another host nobody can tell,
 * so it counts as held.
 */
export async function takeLock(path: string, machine: Machine): Promise<Taken> {
  const own = `${path}.${machine.process.pid}`;
  await writeFile(own, JSON.stringify(machine.process));
  try {
    for (;;) {
      // A link comes with its content: nobody ever reads half a lock.
      if (await tried(link(own, path), 'EEXIST')) {
        return { kind: 'taken', release: () => rm(path, { force: true }) };
      }
      const holder = await readLock(path, machine);
      if (holder !== undefined && holder.alive !== 'no') return { kind: 'held', by: holder };
      const other = await clearStale(path, own, machine);
      if (other !== undefined) return { kind: 'held', by: other };
    }
  } finally {
    await rm(own, { force: true });
  }
}

/**
 * Removes a lock whose process has died. Only who holds the guard beside it may, so that nobody removes a lock that
 * somebody else has taken meanwhile. Returns who is doing so now, if somebody is.
 */
async function clearStale(path: string, own: string, machine: Machine): Promise<Holder | undefined> {
  const guard = `${path}.taking`;
  if (!(await tried(link(own, guard), 'EEXIST'))) {
    const other = await readLock(guard, machine);
    if (other !== undefined && other.alive !== 'no') return other;
    await removeStale(guard, `${own}.stale`, machine);
    return undefined;
  }
  try {
    const holder = await readLock(path, machine);
    if (holder === undefined || holder.alive === 'no') await rm(path, { force: true });
    return undefined;
  } finally {
    await rm(guard, { force: true });
  }
}

/** Somebody else may have taken the stale guard over since it was read: then theirs is put back. */
async function removeStale(path: string, aside: string, machine: Machine): Promise<void> {
  if (!(await tried(rename(path, aside), 'ENOENT'))) return;
  const holder = await readLock(aside, machine);
  if (holder !== undefined && holder.alive !== 'no') await tried(link(aside, path), 'EEXIST');
  await rm(aside, { force: true });
}

/** Who holds the lock; undefined when nobody does. What is no lock is nobody's. */
export async function readLock(path: string, { process, startOf }: Machine): Promise<Holder | undefined> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
  const lock = lockSchema.safeParse(parsed);
  if (!lock.success) return undefined;
  if (lock.data.host !== process.host) return { ...lock.data, alive: 'unknown' };
  return { ...lock.data, alive: startOf(lock.data.pid) === lock.data.startedAt ? 'yes' : 'no' };
}

/** False when it failed with this code. */
async function tried(work: Promise<unknown>, code: string): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (errorCode(error) !== code) throw error;
    return false;
  }
}
