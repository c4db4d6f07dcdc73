import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, openLab } from './support/lab.ts';
import { expectOutcome, expectTargets, newestMigration } from './support/outcome.ts';
import { drainPlan, succeed } from './support/planned.ts';
import { type Ended, planner } from './support/planner.ts';
import { act, settled } from './support/server-action.ts';

/** Plans carried out by the product; each test goes on where the one before ended. */
describe('a run on a real cloud', () => {
  let lab: Lab;
  const run = ['run', 'plan.json', '--cloud', 'lab', '--yes'];
  const resume = ['resume', 'plan.json', '--cloud', 'lab', '--yes'];

  beforeAll(async () => {
    lab = await openLab();
  });

  afterEach(async () => {
    await lab.enableHosts();
    await lab.behaveAll(() => ({}));
  });

  it('ends with every server on its target, each moved once', async () => {
    const { folder, plan, host } = await drainPlan(lab);
    const before = await newestMigration(lab);

    await succeed(planner(folder, ...run));

    await expectOutcome(lab, { folder, plan }, before);
    expect((await lab.truth()).servers.filter((server) => server.host === host)).toEqual([]);
  });

  it('stops at a copy that fails, says so, and goes on when it is resumed', async () => {
    const { folder, plan, live } = await drainPlan(lab);
    await lab.behave(live.serverName, { 'lab.live.fail': 'copy' });

    const failed = await planner(folder, ...run);

    expect(failed.code, failed.stdout).toBe(1);
    expect(told(failed)).toContain(live.serverName);
    expect(told(await planner(folder, 'status', 'plan.json'))).toContain(live.serverName);

    await lab.forget(live.serverName);
    await succeed(planner(folder, ...resume));
    await expectTargets(lab, plan);
  });

  it('refuses a plan for a cloud that has changed, and touches nothing', async () => {
    const { folder, live } = await drainPlan(lab);
    await act(lab.admin, live.server, { 'os-stop': null });
    await settled(lab.admin, live.server, 'SHUTOFF');
    const before = await newestMigration(lab);

    const refused = await planner(folder, ...run);

    await act(lab.admin, live.server, { 'os-start': null });
    await settled(lab.admin, live.server, 'ACTIVE');
    expect(refused.code, told(refused)).toBe(1);
    expect(told(refused)).toContain(live.serverName);
    expect(await newestMigration(lab)).toBe(before);
  });
});

const told = ({ stdout, stderr }: Ended) => `${stdout}${stderr}`;
