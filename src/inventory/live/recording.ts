import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Gap } from '../document/cloud-records.ts';
import { recordingFile } from '../recording-file.ts';
import { withoutSecrets } from './without-secrets.ts';

/** A directory of replies in the making, in the layout that `importBundle` reads. */
export interface Recording {
  readonly directory: string;
  /** What could not be read; part of the recording. */
  readonly gaps: Gap[];
  /** Writes one reply to a path such as `api/nova/os-services.json`, without what is secret in it. */
  save(path: string, body: unknown): Promise<void>;
  /** Writes when and of which cloud it is. */
  finish(facts: { readonly capturedAt: string; readonly cloud: string }): Promise<void>;
}

/** Files that only this user may read: a cloud's servers are nobody else's business. */
export function createRecording(directory: string, known: readonly Gap[] = []): Recording {
  const gaps: Gap[] = [...known];
  const folders = new Map<string, Promise<unknown>>();
  const write = async (path: string, value: unknown): Promise<void> => {
    const file = join(directory, path);
    const folder = dirname(file);
    const made = folders.get(folder) ?? mkdir(folder, { recursive: true, mode: 0o700 });
    folders.set(folder, made);
    await made;
    await writeFile(file, JSON.stringify(value), { mode: 0o600 });
  };
  return {
    directory,
    gaps,
    save: (path, body) => write(path, withoutSecrets(body)),
    finish: (facts) => write(recordingFile, { ...facts, gaps }),
  };
}
