import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import type { CliContext } from '../../src/cli/context.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { openDatabase } from '../../src/inventory/nova-db/open-database.ts';
import { quietContext } from '../support/cli-context.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const program = ['--import', tsx, main];

/** A recorded cloud. */
export const recording = fileURLToPath(new URL('../../fixtures/zed-12hosts', import.meta.url));

/** Where commands run: a new folder for each test file. */
export let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'planner-cli-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What a run of the program leaves. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const environment = { ...process.env, NO_COLOR: '1', PLANNER_DEBUG: '' };

/** Runs `planner` in the folder. */
export function planner(...words: readonly string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...program, ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: environment,
    maxBuffer: 2 ** 28,
  });
  return { status, stdout, stderr };
}

/** Starts `planner` in the folder, for tests that do something to it while it runs. */
export const startPlanner = (...words: readonly string[]) =>
  spawn(process.execPath, [...program, ...words], { cwd: folder, env: environment });

/** Runs `planner` in the folder, beside others. */
export async function plannerBeside(...words: readonly string[]): Promise<Ran> {
  const child = startPlanner(...words);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, stdout, stderr };
}

/** Runs a command line in this process: quick, for what needs no process of its own. */
export async function plannerInside(words: readonly string[], given: Partial<CliContext> = {}): Promise<Ran> {
  let stdout = '';
  let stderr = '';
  const status = await runCli(words, {
    ...quietContext,
    out: (text) => (stdout += text),
    err: (text) => (stderr += text),
    wallClock: () => Date.parse('2026-11-21T10:00:00Z'),
    surroundings: { env: {}, workingDirectory: folder, homeDirectory: folder },
    openDatabase,
    version: '1.2.3',
    pageAssets: () => Promise.resolve({ script: 'drawn()', style: 'p{}' }),
    ...given,
  });
  return { status, stdout, stderr };
}

/** Imports the recorded cloud as `inventory.json`. */
export function importRecording(): void {
  const { status, stderr } = planner('import', '--from', recording);
  if (status !== 0) throw new Error(`the recording cannot be imported: ${stderr}`);
}

/** A copy of a file of the folder. */
export const copy = (from: string, to: string): void => {
  cpSync(join(folder, from), join(folder, to));
};
