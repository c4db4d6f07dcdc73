import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { places, runFile } from './places.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the product's command as a user does, in a process of its own, with the lab's clouds.yaml. */
export const planner = (folder: string, ...args: readonly string[]): Promise<Ended> =>
  plannerEnd(startPlanner(folder, ...args));

/** The same, for who wants to end it before its time. */
export function startPlanner(folder: string, ...args: readonly string[]): ChildProcess {
  return spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), join(places.repository, 'src', 'cli', 'main.ts'), ...args],
    {
      cwd: folder,
      env: { ...process.env, OS_CLIENT_CONFIG_FILE: runFile('clouds.yaml') },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
}

export function plannerEnd(child: ChildProcess): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (part: Buffer) => (said.stdout += part.toString()));
  child.stderr?.on('data', (part: Buffer) => (said.stderr += part.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, ...said });
    });
  });
}
