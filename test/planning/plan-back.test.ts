import { describe, expect, it } from 'vitest';
import { rules } from '../../src/constraints/registry.ts';
import { runStateOf } from '../../src/execute/runner/run-state.ts';
import { changedBy } from '../../src/execute/way-back.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { parsePlan } from '../../src/plan/plan-file.ts';
import { printPlan } from '../../src/plan/print-plan.ts';
import { isMigration, runSteps } from '../../src/plan/run-steps.ts';
import { planBack } from '../../src/planning/plan-back.ts';
import { createState } from '../../src/replay/state.ts';
import { context, plan } from '../execute/sample.ts';
import { run, simulate } from '../execute/simulate.ts';
import { afterPlan } from '../support/after-plan.ts';
import { aContext, hostId, noCpuTable, serverId, zedProfile } from '../support/builders.ts';
import { someOptions } from '../support/planning.ts';

const end = createState(context);
runSteps(plan.steps, end, context, () => true);
const after = afterPlan(context, end);

const back = (cloud: Cloud, homes: Parameters<typeof planBack>[1], enable: Parameters<typeof planBack>[2]) =>
  planBack(
    {
      cloud,
      inventoryDigest: '51c0'.repeat(16),
      profile: zedProfile,
      rules,
      cpuTable: noCpuTable,
      options: { ...someOptions, allow: ['cold'], spareHosts: 0 },
    },
    homes,
    enable,
    '0.0.0',
  );

describe('the way back of a whole run', () => {
  it('is read from the journal, ordered, verified, and enables first what was disabled', async () => {
    const { journal } = await run(plan, simulate(plan, context));
    const { homes, disabled } = changedBy(plan, runStateOf(journal.entries, plan.steps));
    expect([...homes]).toEqual([
      ['d', 'h2'],
      ['a', 'h1'],
      ['b', 'h1'],
      ['c', 'h1'],
    ]);
    expect(disabled).toEqual(['h1']);

    const outcome = back(after, homes, disabled);

    if (outcome.kind !== 'planned') throw new Error(outcome.because.join('; '));
    expect(parsePlan(printPlan(outcome.plan)).id).toBe(outcome.plan.id);
    expect(outcome.plan.steps[0]).toMatchObject({ kind: 'enable-service', host: 'h1' });
    const toH1 = outcome.plan.steps.filter((step) => isMigration(step) && step.to === 'h1');
    expect(toH1).toHaveLength(3);
    for (const step of toH1) expect(step.dependsOn.map(({ step: id }) => id)).toContain('e1');

    const again = simulate(outcome.plan, aContext(after, { allow: ['cold'] }));
    expect((await run(outcome.plan, again)).state.ended?.outcome).toBe('done');
    for (const [id, home] of homes) expect((await again.driver.look(id)).server?.host).toBe(home);
    expect((await again.driver.services()).find(({ host }) => host === 'h1')?.status).toBe('enabled');
  });

  it('is of what the run has begun alone', async () => {
    const cloud = simulate(plan, context, { faults: [{ server: 'd', kind: 'running' }] });
    const { journal } = await run(plan, cloud);

    const { homes } = changedBy(plan, runStateOf(journal.entries, plan.steps));

    expect([...homes.keys()]).toEqual(['d', 'c']);
  });

  it('is refused with its reasons where the rules refuse it', () => {
    const outcome = back(after, new Map([[serverId('a'), hostId('h1')]]), []);

    expect(outcome.kind).toBe('impossible');
    if (outcome.kind === 'impossible') expect(outcome.because.join()).toContain('h1');
  });
});
