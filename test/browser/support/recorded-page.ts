import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { PageData } from '../../../src/report/page/page-data.ts';

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
const recording = fileURLToPath(new URL('../../../fixtures/zed-12hosts', import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** The data of the page of a consolidation of the recorded cloud, made by the commands that a person would give. */
export function recordedPage(folder: string): PageData {
  planner(folder, 'import', '--from', recording);
  planner(folder, 'rebalance', '--goal', 'consolidate', '--allow', 'cold', '--effort', '8');
  return JSON.parse(planner(folder, 'report', 'plan.json', '--json')) as PageData;
}

function planner(cwd: string, ...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', tsx, main, ...words], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`planner ${words.join(' ')} ends with ${String(status)}: ${stderr}`);
  return stdout;
}
