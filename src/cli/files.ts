import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../shared/diagnostic.ts';

/** The name that means standard output. */
export const standardOutput = '-';

/**
 * The text of a file.
 *
 * @throws InputError when it cannot be read.
 */
export async function readTextFile(path: string, hint?: string): Promise<string> {
  return (await readTextAndBytes(path, hint)).text;
}

/**
 * A file, read once: its bytes, and the text that they are.
 *
 * @throws InputError when it cannot be read.
 */
export async function readTextAndBytes(
  path: string,
  hint?: string,
): Promise<{ readonly bytes: Buffer; readonly text: string }> {
  try {
    const bytes = await readFile(path);
    return { bytes, text: bytes.toString('utf8') };
  } catch (error) {
    throw fileError('file.unreadable', 'cannot read the file', path, error, hint);
  }
}

/**
 * Writes a file beside its place and renames it, so that nobody ever sees half of it and a failure leaves what was
 * there. What is no regular file, such as a pipe or `/dev/null`, is written as it is.
 *
 * @throws InputError when it cannot be written.
 */
export async function writeTextFile(path: string, text: string): Promise<void> {
  try {
    const found = await statOf(path);
    if (found === undefined || found.isFile()) await writeAside(await targetOf(path), text, found?.mode);
    else await writeFile(path, text);
  } catch (error) {
    throw fileError('file.unwritable', 'cannot write the file', path, error);
  }
}

/** Whether a name leads to a pipe or a device: written as it is, never replaced. */
export async function isSpecialFile(path: string): Promise<boolean> {
  const found = await statOf(path);
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

/** Whether something has this name. */
export async function exists(path: string): Promise<boolean> {
  return (await statOf(path)) !== undefined;
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Where a link leads, so that the link stays. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return path;
    throw error;
  }
}

async function writeAside(path: string, text: string, mode: number | undefined): Promise<void> {
  const aside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(aside, 'wx', mode === undefined ? 0o666 : mode & 0o777);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

export function fileError(
  code: 'file.unreadable' | 'file.unwritable',
  summary: string,
  path: string,
  error: unknown,
  hint?: string,
): InputError {
  const cause =
    messages.get(errorCode(error) ?? '') ?? (error instanceof Error ? error.message : String(error));
  return new InputError(
    [
      {
        code,
        severity: 'error',
        summary: `${summary}: ${cause}`,
        source: path,
        ...(hint !== undefined && errorCode(error) === 'ENOENT' && { hint }),
      },
    ],
    { cause: error },
  );
}

const messages: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file or folder'],
  ['EACCES', 'permission denied'],
  ['EISDIR', 'it is a folder'],
  ['ENOTDIR', 'a part of its path is no folder'],
  ['ENOSPC', 'no space is left'],
  ['ERR_STRING_TOO_LONG', 'it is too long'],
  ['ERR_FS_FILE_TOO_LARGE', 'it is too long'],
]);

const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** Whether two names lead to one file. */
export async function samePath(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([statOf(a), statOf(b)]);
  return first !== undefined && second !== undefined && first.ino === second.ino && first.dev === second.dev;
}
