import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { thisMachine } from '../../src/cli/machine.ts';
import { runsBeside } from '../../src/cli/runs-beside.ts';
import { printPlan } from '../../src/plan/print-plan.ts';
import { withPlanId } from '../../src/plan/plan-id.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { omit } from '../../src/shared/omit.ts';
import { move, planOf } from '../plan/small-plan.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'planner-beside-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const own = planOf([move('m1', 'a', 'h1', 'h2')]);
const at = (name: string): string => join(folder, name);
const beside = () => runsBeside(own, at('plan.journal.jsonl'), 'prod');

/** A run that holds its lock, with a plan beside it. */
function otherRun(to: string, cloud = 'prod', holder: unknown = thisMachine().process): Plan {
  const plan = withPlanId(omit(planOf([move('m1', 'z', 'h8', to)]), 'id'));
  const process = { pid: 1, host: 'admin', startedAt: '2026-02-14T22:00:00Z' };
  const started = { seq: 1, at: '2026-02-14T22:00:00Z', kind: 'run-started', formatVersion: 1 };
  writeFileSync(at('other.json'), printPlan(plan));
  writeFileSync(
    at('other.journal.jsonl'),
    `${JSON.stringify({ ...started, plan: plan.id, cloud, simulated: false, process })}\n`,
  );
  writeFileSync(at('other.journal.jsonl.lock'), JSON.stringify(holder));
  return plan;
}

it('blocks for a run at work that shares a host, and tells of one that shares none', async () => {
  const { pid, host } = thisMachine().process;
  const words = `process ${pid} on ${host} carries out another plan (other.journal.jsonl)`;

  otherRun('h2');
  expect(await beside()).toEqual([
    { blocks: true, text: `${words} with h2, which this plan touches too: let it end first` },
  ]);
  otherRun('h9');
  expect(await beside()).toEqual([{ blocks: false, text: `${words} on other hosts` }]);
});

it('blocks where nobody can tell what the other run touches, or whether it lives', async () => {
  otherRun('h2', 'prod', { pid: 1, host: 'another', startedAt: '2026-02-14T22:00:00Z' });
  expect((await beside())[0]).toMatchObject({
    blocks: true,
    text: expect.stringContaining('of which nobody here knows whether it lives') as string,
  });

  otherRun('h9');
  rmSync(at('other.json'));
  expect((await beside())[0]?.text).toContain('its plan is not beside it to compare');
});

it('does not mind its own lock, a run that has died, or one on another cloud', async () => {
  writeFileSync(at('plan.journal.jsonl.lock'), JSON.stringify(thisMachine().process));
  expect(await beside()).toEqual([]);
  otherRun('h2', 'prod', { ...thisMachine().process, startedAt: '2001-01-01T00:00:00Z' });
  expect(await beside()).toEqual([]);
  otherRun('h2', 'test');
  expect(await beside()).toEqual([]);
});
