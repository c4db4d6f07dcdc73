import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { places, runFile } from './places.ts';
import { labMark } from './processes.ts';

export interface Ended {
  readonly code: number | null;
  /** What ended it from outside. */
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string>>;

/** What every command of the lab has said, for `secrets.lab.test.ts`. */
export const saidFolder = runFile('said');

/** Runs the product's command as a user does, in a process of its own, with the lab's clouds.yaml. */
export const planner = (folder: string, ...args: readonly string[]): Promise<Ended> =>
  plannerEnd(startPlanner(folder, ...args));

/** The same, with environment variables of its own. */
export const plannerWith = (env: Environment, folder: string, ...args: readonly string[]): Promise<Ended> =>
  plannerEnd(start(env, folder, args));

/** The same, for who wants to end it before its time. */
export const startPlanner = (folder: string, ...args: readonly string[]): ChildProcess =>
  start({}, folder, args);

/** The compiled command, as it is shipped: it starts in a fifth of the time. */
function start(env: Environment, folder: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(places.repository, 'dist', 'cli', 'main.js'), ...args], {
    cwd: folder,
    env: { ...process.env, ...labMark, OS_CLIENT_CONFIG_FILE: runFile('clouds.yaml'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export function plannerEnd(child: ChildProcess): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (part: Buffer) => (said.stdout += part.toString()));
  child.stderr?.on('data', (part: Buffer) => (said.stderr += part.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      keep(child.spawnargs.slice(2), said);
      resolve({ code, signal, ...said });
    });
  });
}

function keep(args: readonly string[], { stdout, stderr }: Pick<Ended, 'stdout' | 'stderr'>): void {
  mkdirSync(saidFolder, { recursive: true });
  const name = `${readdirSync(saidFolder).length}`.padStart(4, '0');
  writeFileSync(join(saidFolder, name), `$ planner ${args.join(' ')}\n${stdout}\n--- stderr\n${stderr}`);
}
