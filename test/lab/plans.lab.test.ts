import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/plan/plan.ts';
import { type Lab, openLab } from './support/lab.ts';
import { performPlan } from './support/perform.ts';
import { planner } from './support/planner.ts';
import { importedCloud, makePlan, targetsOf } from './support/planned.ts';

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
    const truth = await lab.truth();
    for (const [id, { to, predicted, serverName }] of targetsOf(plan)) {
      const server = truth.servers.find((one) => one.id === id);
      expect(server?.host, serverName).toBe(to);
      expect(
        (server?.cells ?? []).map(({ cell, pins }) => ({ hostCellId: cell, pinnedCpuCount: pins.length })),
        serverName,
      ).toEqual(predicted.cells.map(({ hostCellId, pinnedCpuCount }) => ({ hostCellId, pinnedCpuCount })));
    }
    expect(truth.servers.filter(({ status }) => status !== 'ACTIVE' && status !== 'SHUTOFF')).toEqual([]);
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
