import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { folder, importRecording, planner, startPlanner } from './run-planner.ts';

beforeAll(importRecording);

const read = (file: string): string => readFileSync(join(folder, file), 'utf8');

/** Goes on until it is stopped: the bound of this solver is no proof, and there is no end of effort. */
const endless = [
  'rebalance',
  '--goal',
  'balance',
  '--allow',
  'cold',
  '--solver',
  'jslp',
  '--effort',
  '1000000',
];

/** CPU seconds of a process so far; what it has got done on any machine, however busy. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Starts a run without end, interrupts it when it has searched for a while, and waits for its end. */
async function interrupted(...words: readonly string[]) {
  const child = startPlanner(...endless, ...words);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const { pid = 0 } = child;
  while (child.exitCode === null && cpuSeconds(pid) < 8) await setTimeout(100);
  const before = cpuSeconds(pid);
  child.kill('SIGINT');
  let used = 0;
  while (child.exitCode === null) {
    used = cpuSeconds(pid) - before;
    await setTimeout(50);
  }
  return { status: await ended, used, stdout, stderr };
}

describe.runIf(process.platform === 'linux')('a real interrupt', () => {
  it.each(['1', '2'])('stops a search with %s threads and leaves the best plan so far', async (threads) => {
    const out = `stopped-${threads}.json`;

    const { status, stdout, stderr, used } = await interrupted('--threads', threads, '--out', out);

    expect(stderr).toBe('stopping with the best plan so far; interrupt again to end at once\n');
    expect(status).toBe(0);
    expect(stdout).toMatch(/stopped by hand\s+after \d+\s+rounds?/);
    expect(planner('verify', out).status).toBe(0);
    expect(used, 'CPU seconds after the interrupt').toBeLessThan(8);
  });

  it('got to rounds whose number, as effort, gives the same bytes with any number of threads', () => {
    const { objective } = JSON.parse(read('stopped-2.json')) as { objective: { rounds: number } };
    const effort = ['--effort', String(objective.rounds)];

    for (const threads of ['1', '3'])
      expect(
        planner(...endless, ...effort, '--threads', threads, '--out', `again-${threads}.json`).status,
      ).toBe(0);

    expect(read('again-3.json')).toBe(read('again-1.json'));
  });
});
