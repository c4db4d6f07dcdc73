import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/plan/plan.ts';
import { createRng } from '../../src/shared/rng.ts';
import { password } from './support/configuration.ts';
import { type Lab, openLab } from './support/lab.ts';
import { allMigrations } from './support/migrations.ts';
import { importedCloud, makePlan, succeed, targetsOf } from './support/planned.ts';
import { type Ended, planner, plannerEnd, startPlanner } from './support/planner.ts';
import { act, settled } from './support/server-action.ts';
import { waitFor } from './support/wait.ts';

const full = process.env['LAB_FULL'] !== undefined;

/** Plans carried out by the product; each test goes on where the one before ended. */
describe('a run on a real cloud', () => {
  let lab: Lab;
  let hosts: string[];
  const run = ['run', 'plan.json', '--cloud', 'lab', '--yes'];
  const resume = ['resume', 'plan.json', '--cloud', 'lab', '--yes'];

  beforeAll(async () => {
    lab = await openLab();
    hosts = Object.keys(lab.hosts.hosts);
  });

  afterEach(async () => {
    await lab.enableHosts();
    for (const { name } of lab.seed.servers) await lab.forget(name);
  });

  /** Drains the host with most servers among those that affinity does not keep there: there is always one to do. */
  async function drainPlan(): Promise<{ folder: string; plan: Plan; host: string }> {
    const { servers } = await lab.truth();
    const stay = new Set(
      lab.seed.servers
        .filter(({ group = '' }) => lab.seed.groups[group]?.policy === 'affinity')
        .map(({ name }) => servers.find((server) => server.name === name)?.host),
    );
    const count = (host: string) => servers.filter((server) => server.host === host).length;
    const [host = ''] = hosts
      .filter((name) => !stay.has(name))
      .toSorted((one, other) => count(other) - count(one));
    const folder = await importedCloud(lab);
    return { folder, host, plan: await makePlan(folder, 'drain', host, '--allow', 'cold') };
  }

  async function expectTargets(plan: Plan): Promise<void> {
    const { servers } = await lab.truth();
    for (const [id, { to, serverName }] of targetsOf(plan))
      expect(servers.find((server) => server.id === id)?.host, serverName).toBe(to);
    expect(servers.filter(({ status }) => status !== 'ACTIVE' && status !== 'SHUTOFF')).toEqual([]);
  }

  /** Each migration of the plan was requested once, and no other. */
  async function expectOnce(plan: Plan, before: number): Promise<void> {
    const moved = (await allMigrations(lab.admin)).filter(({ id }) => id > before);
    const planned = plan.steps.flatMap((step) => ('to' in step ? [`${step.server} to ${step.to}`] : []));

    expect(moved.map((one) => `${one.instance_uuid} to ${one.dest_compute ?? '?'}`).toSorted()).toEqual(
      planned.toSorted(),
    );
  }

  const newestMigration = async () => (await allMigrations(lab.admin)).at(-1)?.id ?? 0;

  it('ends with every server on its target, each moved once, and tells no secret', async () => {
    const { folder, plan, host } = await drainPlan();
    const before = await newestMigration();

    const ended = await succeed(planner(folder, ...run));

    await expectTargets(plan);
    await expectOnce(plan, before);
    expect((await lab.truth()).servers.filter((server) => server.host === host)).toEqual([]);
    const journal = readFileSync(join(folder, 'plan.journal.jsonl'), 'utf8');
    expect(`${journal}${ended.stdout}${ended.stderr}`).not.toContain(password);
  });

  it('goes on after being killed, and neither repeats nor forgets a migration', async () => {
    const rng = createRng(1);
    for (let round = 0; round < (full ? 30 : 2); round++) {
      const { folder, plan } = await drainPlan();
      const before = await newestMigration();
      const killed = startPlanner(folder, ...run);
      const end = plannerEnd(killed);
      await waitFor({ what: 'the journal', everySeconds: 0.05 }, () =>
        existsSync(join(folder, 'plan.journal.jsonl')),
      );
      await sleep(rng.nextFloat() * 15_000);
      killed.kill('SIGKILL');
      await end;

      const ended = await planner(folder, ...resume);

      expect(ended.code, `round ${round}: ${ended.stdout}${ended.stderr}`).toBe(0);
      await expectTargets(plan);
      await expectOnce(plan, before);
      await lab.enableHosts();
    }
  });

  it('stops at a copy that fails, says so, and goes on when it is resumed', async () => {
    const { folder, plan } = await drainPlan();
    const [first] = plan.steps.flatMap((step) => (step.kind === 'live' ? [step] : []));
    await lab.behave(first?.serverName ?? '', { 'lab.live.fail': 'copy' });

    const failed = await planner(folder, ...run);

    expect(failed.code, failed.stdout).toBe(1);
    expect(told(failed)).toContain(first?.serverName);
    expect(told(await planner(folder, 'status', 'plan.json'))).toContain(first?.serverName);

    await lab.forget(first?.serverName ?? '');
    await succeed(planner(folder, ...resume));
    await expectTargets(plan);
  });

  it('refuses a plan for a cloud that has changed, and touches nothing', async () => {
    const { folder, plan } = await drainPlan();
    const [first] = plan.steps.flatMap((step) => (step.kind === 'live' ? [step] : []));
    await act(lab.admin, first?.server ?? '', { 'os-stop': null });
    await settled(lab.admin, first?.server ?? '', 'SHUTOFF');
    const before = await newestMigration();

    const refused = await planner(folder, ...run);

    await act(lab.admin, first?.server ?? '', { 'os-start': null });
    await settled(lab.admin, first?.server ?? '', 'ACTIVE');
    expect(refused.code, told(refused)).toBe(1);
    expect(told(refused)).toContain(first?.serverName);
    expect(await newestMigration()).toBe(before);
  });
});

const told = ({ stdout, stderr }: Ended) => `${stdout}${stderr}`;
