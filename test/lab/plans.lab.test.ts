import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/plan/plan.ts';
import { type Lab, openLab } from './support/lab.ts';
import { expectTargets } from './support/outcome.ts';
import { performPlan } from './support/perform.ts';
import { planner } from './support/planner.ts';
import { importedCloud, makePlan } from './support/planned.ts';

/** Plans for the cloud as it is, judged by Nova itself: each test goes on where the one before ended. */
describe('Nova accepts each step of a plan and chooses the predicted cells', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await openLab();
  });

  afterEach(() => lab.enableHosts());

  async function expectPlanHolds(plan: Plan): Promise<void> {
    expect(plan.steps.length).toBeGreaterThan(0);

    const performed = await performPlan(lab.admin, plan);

    expect(performed.filter(({ refusals }) => refusals.length > 0)).toEqual([]);
    await expectTargets(lab, plan);
  }

  it('drains a host', async () => {
    const [host = ''] = Object.keys(lab.hosts.hosts);
    const folder = await importedCloud(lab);

    await expectPlanHolds(await makePlan(folder, 'drain', host, '--allow', 'cold'));

    const truth = await lab.truth();
    expect(truth.servers.filter((server) => server.host === host)).toEqual([]);
  });

  it('balances', async () => {
    const folder = await importedCloud(lab);

    await expectPlanHolds(await makePlan(folder, 'rebalance', '--goal', 'balance', '--allow', 'cold'));
  });

  it('consolidates', async () => {
    const folder = await importedCloud(lab);

    await expectPlanHolds(await makePlan(folder, 'rebalance', '--goal', 'consolidate', '--allow', 'cold'));

    const checked = await planner(await importedCloud(lab), 'check');
    expect(checked.code, checked.stdout).toBe(0);
  });
});
