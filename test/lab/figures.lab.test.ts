import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMigration } from '../../src/plan/run-steps.ts';
import { noteFigure } from './support/figures.ts';
import { type Lab, openLab } from './support/lab.ts';
import { journalIn } from './support/outcome.ts';
import { drainPlan } from './support/planned.ts';
import { plannerEnd, startPlanner } from './support/planner.ts';
import { size } from './support/size.ts';
import { waitFor } from './support/wait.ts';

const [copySeconds, watchedSeconds] = size.full ? [25, 13] : [20, 7];
/** By then code is compiled, and V8 has cleaned up after the start: what comes after that is waiting. */
const startSeconds = 10;

/** What it costs to wait for migrations that take their time. */
describe('an executor that waits', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await openLab();
    await lab.enableHosts();
    const seconds = size.full ? `${copySeconds}` : '1';
    await lab.behaveAll(() => ({ 'lab.live.seconds': seconds, 'lab.cold.seconds': '1' }));
  });

  afterAll(async () => {
    await lab.behaveAll(() => ({}));
    await lab.enableHosts();
  });

  it('takes little of a CPU, and asks a bounded number of times', async () => {
    const { folder, plan, live } = await drainPlan(lab);
    await lab.behave(live.serverName, { 'lab.live.seconds': `${copySeconds}` });
    const child = startPlanner(folder, 'run', 'plan.json', '--cloud', 'lab', '--yes');
    const end = plannerEnd(child);
    await waitFor({ what: 'the slow one to run' }, () => running(folder).includes(live.id));
    await sleep(startSeconds * 1000); // others that may run beside it are requested

    const before = cpuSeconds(child.pid);
    const began = performance.now();
    await sleep(watchedSeconds * 1000);
    const took = cpuSeconds(child.pid) - before;
    const seconds = (performance.now() - began) / 1000;
    const waitedFor = running(folder).length;

    const { code, stderr } = await end;
    expect(code, stderr).toBe(0);
    expect(waitedFor).toBeGreaterThan(0);
    const ended = journalIn(folder).findLast((entry) => entry.kind === 'run-ended');
    const migrations = plan.steps.filter(isMigration).length;
    const lives = plan.steps.filter(({ kind }) => kind === 'live').length;
    noteFigure({
      ...{ kind: 'waiting', seconds, cpuSeconds: took, running: waitedFor, migrations },
      ...{ copySeconds, slow: size.full ? lives : 1, requests: ended?.requests ?? 0 },
    });
    expect(took / seconds).toBeLessThan(0.02);
    expect((ended?.requests ?? 0) / migrations).toBeLessThan(mostRequests);
  });
});

/** Requests that a migration may take whose copy takes 25 s at most, all that comes before and after it included. */
const mostRequests = 100;

/** Steps whose migration has begun and has not ended. */
function running(folder: string): readonly string[] {
  const lines = journalIn(folder);
  const done = new Set(lines.flatMap((entry) => (entry.kind === 'step-done' ? [entry.step] : [])));
  return lines.flatMap((entry) =>
    entry.kind === 'progress' && entry.status === 'running' && !done.has(entry.step) ? [entry.step] : [],
  );
}

const ticksPerSecond = 100;

/** What a process has used of CPUs so far: user and system time of `/proc/PID/stat`. */
function cpuSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid ?? 0}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
