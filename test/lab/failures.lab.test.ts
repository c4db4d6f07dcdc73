import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Step } from '../../src/plan/plan.ts';
import { after } from '../plan/small-plan.ts';
import { confirmOf, expectTrue, moveOf, outcomes, statusIn, writePlan } from './support/hand-plan.ts';
import { hostsAre, killHost, startHosts } from './support/hosts.ts';
import { type Behaviour, type Lab, openLab } from './support/lab.ts';
import { migrationIs } from './support/migrations.ts';
import { importedCloud, succeed } from './support/planned.ts';
import { planner, plannerEnd, startPlanner } from './support/planner.ts';
import { seedServers } from './support/seed.ts';
import { act, type ApiServer, settled } from './support/server-action.ts';
import { size } from './support/size.ts';

/** What is done to each server, and how `planner status` has to describe it. */
const faults: Readonly<Record<string, { behaviour: Behaviour; code: string; kind?: 'cold' }>> = {
  check: { behaviour: { 'lab.live.fail': 'check' }, code: 'check-refused' },
  prepare: { behaviour: { 'lab.live.fail': 'prepare' }, code: 'preparing-failed' },
  copy: { behaviour: { 'lab.live.fail': 'copy' }, code: 'live-rolled-back' },
  driver: { behaviour: { 'lab.live.fail': 'driver' }, code: 'live-error-at-source' },
  arrive: { behaviour: { 'lab.live.fail': 'arrive' }, code: 'live-error-at-destination' },
  stall: { behaviour: { 'lab.live.stall': 'yes' }, code: 'aborted' },
  'cold-refuse': { behaviour: { 'lab.cold.fail': 'refuse' }, code: 'cold-rolled-back', kind: 'cold' },
  'cold-copy': { behaviour: { 'lab.cold.fail': 'copy' }, code: 'cold-error-at-source', kind: 'cold' },
  'cold-arrive': {
    behaviour: { 'lab.cold.fail': 'arrive' },
    code: 'cold-error-at-destination',
    kind: 'cold',
  },
  'cold-confirm': { behaviour: { 'lab.cold.fail': 'confirm' }, code: 'confirm-failed', kind: 'cold' },
};
const names = Object.keys(faults);

/** Migrations that go wrong in each way Nova knows; after each, `planner status` has to agree with Nova. */
describe('a migration that fails', () => {
  let lab: Lab;
  let source: string;
  let target: string;
  const run = ['run', 'plan.json', '--cloud', 'lab', '--yes', '--poll', '0.5'];
  const resume = ['resume', 'plan.json', '--cloud', 'lab', '--yes', '--poll', '0.5'];

  beforeAll(async () => {
    lab = await openLab();
    const [flavor = ''] = Object.keys(lab.seed.flavors);
    [source = '', target = ''] = Object.entries(lab.hosts.hosts)
      .filter(([, { cells, cpu }]) => cells === undefined && cpu === undefined)
      .map(([name]) => name);
    await seedServers(
      lab.admin,
      names.map((name) => ({ name, flavor, host: source })),
    );
  });

  afterEach(() => lab.enableHosts());

  afterAll(async () => {
    await Promise.all(names.map((name) => lab.remove(name)));
  });

  const servers = (...some: readonly string[]): Promise<ApiServer[]> =>
    Promise.all(some.map((name) => lab.server(name)));

  const other = ({ 'OS-EXT-SRV-ATTR:host': host }: ApiServer) => (host === source ? target : source);

  /** Each server to the other host, live, one plan. */
  const swap = (some: readonly ApiServer[]): Step[] =>
    some.map((server, index) => moveOf(`m${index + 1}`, server, other(server)));

  /** As an operator does who has read what `next` says. */
  async function mend(some: readonly string[]): Promise<void> {
    for (const server of await servers(...some)) {
      if (server.status === 'ERROR') {
        await act(lab.admin, server.id, { 'os-resetState': { state: 'active' } });
        await settled(lab.admin, server.id, 'ACTIVE');
      }
      await lab.forget(server.name);
    }
  }

  it('is described as it is, in each of ten ways, and the others go on; mended and resumed all arrive', async () => {
    const all = await servers(...names);
    const steps = all.flatMap((server, index): Step[] => {
      const migration = moveOf(`m${index + 1}`, server, target, {
        kind: faults[server.name]?.kind ?? 'live',
      });
      return migration.kind === 'cold'
        ? [migration, confirmOf(`c${index + 1}`, server, migration.id)]
        : [migration];
    });
    const { folder, plan } = writePlan(steps);
    for (const [name, { behaviour }] of Object.entries(faults)) await lab.behave(name, behaviour);

    const goOn = [
      '--on-failure',
      'continue',
      '--max-failures',
      '100',
      '--on-timeout',
      'abort',
      '--timeout',
      '6',
    ];
    const ended = await planner(folder, ...run, ...goOn);

    expect(ended.code, ended.stderr).toBe(1);
    const status = await statusIn(folder);
    const failed = all.map(({ name }, index) => {
      const id = faults[name]?.code === 'confirm-failed' ? `c${index + 1}` : `m${index + 1}`;
      const told = status.steps.find((step) => step.id === id);
      return [name, told?.phase, told?.code];
    });
    expect(failed).toEqual(names.map((name) => [name, 'failed', faults[name]?.code]));
    await expectTrue(lab, plan, status);
    for (const { phase, read, means, next } of status.steps.filter((step) => step.phase === 'failed')) {
      expect(read, phase).toMatch(/log/);
      expect(`${ended.stderr}${ended.stdout}`.replaceAll(/\s+/g, ' ')).toContain(means);
      expect(next).not.toBe('');
    }

    await mend(names);
    const again = await planner(folder, ...resume);

    expect(again.code, `${again.stderr}${again.stdout}`).toBe(0);
    await expectTrue(lab, plan, await statusIn(folder));
  });

  it('is forced to its end where that was asked for', async () => {
    const [server] = await servers('stall');
    if (server === undefined) throw new Error('no server');
    const { folder, plan } = writePlan([moveOf('m1', server, other(server))]);
    await lab.behave('stall', { 'lab.live.stall': 'yes', 'lab.live.seconds': '0.2' });

    const ended = await planner(folder, ...run, '--on-timeout', 'force-complete', '--timeout', '2');

    await lab.forget('stall');
    expect(ended.code, ended.stderr).toBe(0);
    await expectTrue(lab, plan, await statusIn(folder));
  });

  it('ends the run when as many have failed as may', async () => {
    const four = await servers('check', 'prepare', 'copy', 'driver');
    const { folder, plan } = writePlan(swap(four));
    for (const { name } of four) await lab.behave(name, { 'lab.live.fail': 'check' });

    const many = ['--on-failure', 'continue', '--max-failures', '2', '--max-parallel', '1'];
    const ended = await planner(folder, ...run, ...many);

    await mend(four.map(({ name }) => name));
    expect(ended.code).toBe(1);
    const status = await statusIn(folder);
    expect(status).toMatchObject({ state: 'failed', text: '0 of 4 steps done, 2 failed' });
    expect(outcomes(status)).toEqual({
      m1: 'failed: check-refused',
      m2: 'failed: check-refused',
      m3: 'waiting',
      m4: 'waiting',
    });
    await expectTrue(lab, plan, status);
  });

  it('is what `planner abort` makes of those on their way; stopped politely and rolled back all are home', async () => {
    const three = await servers('check', 'prepare', 'copy');
    const homes = three.map((server) => server['OS-EXT-SRV-ATTR:host']);
    const [one, two, last] = swap(three);
    if (one === undefined || two === undefined || last === undefined) throw new Error('no steps');
    const { folder, plan } = writePlan([one, two, { ...last, ...after('m1', 'm2') }]);
    for (const { name } of three) await lab.behave(name, { 'lab.live.stall': 'yes' });
    const aborted = plannerEnd(startPlanner(folder, ...run));
    for (const { id } of three.slice(0, 2)) await migrationIs(lab.admin, id, 'running', 'queued');

    await succeed(planner(folder, 'abort', 'plan.json'));

    expect((await aborted).code).toBe(1);
    const status = await statusIn(folder);
    expect(outcomes(status)).toEqual({ m1: 'failed: aborted', m2: 'failed: aborted', m3: 'waiting' });
    await expectTrue(lab, plan, status);

    for (const { name } of three) await lab.behave(name, { 'lab.live.seconds': '3' });
    const stopped = plannerEnd(startPlanner(folder, ...resume));
    await migrationIs(lab.admin, three[0]?.id ?? '', 'running');
    await succeed(planner(folder, 'stop', 'plan.json'));

    expect((await stopped).code).toBe(1);
    const half = await statusIn(folder);
    expect(half.state).toBe('stopped');
    expect(outcomes(half)).toMatchObject({ m1: 'done', m3: 'waiting' });
    await expectTrue(lab, plan, half);

    await mend(three.map(({ name }) => name));
    const now = await importedCloud(lab);
    const back = ['--journal', join(folder, 'plan.journal.jsonl'), '--out', 'back.json'];
    await succeed(planner(now, 'rollback', join(folder, 'plan.json'), ...back));
    await succeed(planner(now, 'run', 'back.json', '--cloud', 'lab', '--yes'));

    const moved = await servers(...three.map(({ name }) => name));
    expect(moved.map((server) => [server['OS-EXT-SRV-ATTR:host'], server.status])).toEqual(
      homes.map((host) => [host, 'ACTIVE']),
    );
  });

  /** Kills a host's service while its server is copied, and looks how the run ends. */
  async function killed(which: 'from' | 'to', restart: boolean): Promise<string> {
    const [server] = await servers('copy');
    if (server === undefined) throw new Error('no server');
    const step = moveOf('m1', server, other(server));
    const { folder, plan } = writePlan([step]);
    const host = (which === 'from' ? server['OS-EXT-SRV-ATTR:host'] : other(server)) ?? '';
    await lab.behave('copy', { 'lab.live.seconds': '3' });
    const ended = plannerEnd(startPlanner(folder, ...run));
    await migrationIs(lab.admin, server.id, 'running');

    await killHost(host);
    if (restart) await startHosts(host);

    const { code, stderr } = await ended;
    const status = await statusIn(folder);
    expect(code, stderr).toBe(status.state === 'done' ? 0 : 1);
    if (restart) await expectTrue(lab, plan, status);
    else await startHosts(host);
    await mend(['copy']);
    const { stdout, code: again } = await planner(folder, ...(code === 0 ? ['status', 'plan.json'] : resume));
    expect(again, stdout).toBe(0);
    await expectTrue(lab, plan, await statusIn(folder));
    expect(existsSync(join(folder, 'plan.journal.jsonl'))).toBe(true);
    return status.steps.map(({ phase, code: why, text = '' }) => `${phase}: ${why ?? text}`).join();
  }

  it('since the service of its source was killed in the middle and started again', async () => {
    expect(await killed('from', true)).toBe('failed: live-broken-off');
  });

  it('or does not, though that of its destination was', async () => {
    expect(await killed('to', true)).toMatch(/^(done: |failed: live-)/);
  });

  it.runIf(size.full)('since the service of its source is gone for longer than is waited for', async () => {
    expect(await killed('from', false)).toMatch(
      /^failed: nova-compute on .* went down, and the step does not go on/,
    );
    await hostsAre('up', [source, target]);
  });
});
