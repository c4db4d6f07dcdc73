import { expect, it } from 'vitest';
import { askFenced, notYetFenced } from '../../src/cli/ask-fenced.ts';
import { withDown } from '../../src/model/assumed-down.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { after, move, planOf } from '../plan/small-plan.ts';
import { aServiceStep } from '../report/sample-plan.ts';
import { aCloud, aContext, aHost, aServer, hostId, serverId } from '../support/builders.ts';
import { phases, run, simulate, told } from './simulate.ts';

const h1 = hostId('h1');
const cloud = aCloud({
  hosts: [aHost('h1'), aHost('h2'), aHost('h3')],
  servers: [aServer('a', 'h1'), aServer('b', 'h1', { taskState: 'powering-off' }), aServer('c', 'h1')],
});
const context = aContext(cloud);
const lost = aContext(withDown(cloud, [h1]));

const evacuate = (id: string, server: string, ...before: readonly string[]) =>
  move(id, server, 'h1', 'h2', {
    kind: 'evacuate',
    guards: [{ kind: 'service', host: h1, status: 'disabled', state: 'down' }],
    ...after(...before),
  });

const plan: Plan = planOf([
  aServiceStep({ id: 'd1', host: h1 }),
  evacuate('m1', 'a', 'd1'),
  evacuate('m2', 'b', 'd1', 'm1'),
  evacuate('m3', 'c', 'd1', 'm2'),
]);

const dead = (untilSeconds?: number) => [
  {
    kind: 'host-down' as const,
    host: 'h1',
    atSeconds: 0,
    ...(untilSeconds !== undefined && { untilSeconds }),
  },
];
const fenced = { fenced: new Set(['h1']) };
const requested = (driver: ReturnType<typeof simulate>['driver'], server: string) =>
  driver.look(serverId(server)).then(({ migrations }) => migrations.length);

it('carries out an evacuation of a fenced host, of servers that its death left in a task too', async () => {
  const sim = simulate(plan, lost, { faults: dead() });

  const { state } = await run(plan, sim, { settings: fenced });

  expect(state.ended?.outcome).toBe('done');
  for (const server of ['a', 'b', 'c'])
    expect((await sim.driver.look(serverId(server))).server).toMatchObject({ host: 'h2' });
});

it('requests nothing of a host that nobody has fenced', async () => {
  const sim = simulate(plan, lost, { faults: dead() });

  const { journal } = await run(plan, sim);

  expect(told(journal, 'step-failed').map(({ text }) => text)).toEqual([
    'make sure that h1 is powered off, then say so with --fenced h1',
  ]);
  expect(await requested(sim.driver, 'a')).toBe(0);
});

it('stops where the host is up, whatever may go on after a failure', async () => {
  const sim = simulate(plan, context);

  const { state } = await run(plan, sim, {
    settings: { ...fenced, onFailure: 'continue', maxFailures: 9 },
  });

  expect(state.ended?.outcome).toBe('failed');
  expect(state.stopping?.text).toBe('nova-compute on h1 is up: there is nothing to evacuate from');
  expect(await requested(sim.driver, 'a')).toBe(0);
});

it('stops where the host comes up in the middle, and leaves it disabled', async () => {
  const sim = simulate(plan, lost, { faults: dead(5) });

  const { state } = await run(plan, sim, { settings: { ...fenced, onFailure: 'continue', maxFailures: 9 } });

  expect(phases(plan, state)).toEqual(['d1 done', 'm1 done', 'm2 failed', 'm3 waiting']);
  expect(await requested(sim.driver, 'b')).toBe(0);
  expect((await sim.driver.services()).find(({ host }) => host === h1)?.status).toBe('disabled');
});

const guarded = (plan_: Plan): Plan => ({
  ...plan_,
  steps: plan_.steps.map((step) =>
    step.id === 'm1' && step.kind === 'evacuate'
      ? {
          ...step,
          guards: [
            ...step.guards,
            { kind: 'server-status', server: step.server, status: 'ACTIVE' },
            { kind: 'group-members', group: 'g', host: step.to, atMost: 3 },
          ],
        }
      : step,
  ),
});
const refusal = { kind: 'refuse' as const, server: 'a', times: 2 };

it('asks again for a member of a group that the scheduler has refused, though that leaves it in ERROR', async () => {
  const sim = simulate(plan, lost, { faults: [...dead(), refusal] });

  const { state, journal } = await run(guarded(plan), sim, { settings: fenced });

  expect(state.ended?.outcome).toBe('done');
  expect(told(journal, 'step-retry').map(({ step }) => step)).toEqual(['m1', 'm1']);
  expect((await sim.driver.look(serverId('a'))).server).toMatchObject({ host: 'h2', status: 'ACTIVE' });
});

it('goes on with an evacuation that has failed, as its server is in ERROR where it was', async () => {
  const sim = simulate(plan, lost, { faults: [...dead(), { ...refusal, times: 1 }] });
  const withStatus: Plan = {
    ...plan,
    steps: guarded(plan).steps.map((step) => ({
      ...step,
      guards: step.guards.filter(({ kind }) => kind !== 'group-members'),
    })),
  };

  const first = await run(withStatus, sim, { settings: fenced });
  expect(phases(plan, first.state)).toEqual(['d1 done', 'm1 failed', 'm2 waiting', 'm3 waiting']);
  expect((await sim.driver.look(serverId('a'))).server).toMatchObject({ host: 'h1', status: 'ERROR' });

  const { state } = await run(withStatus, sim, { settings: fenced, journal: first.journal });
  expect(state.ended?.outcome).toBe('done');
});

it.each([
  ['precheck', 'ACTIVE'],
  ['pre', 'ERROR'],
  ['crash', 'ERROR'],
] as const)(
  'says how the server is left whose evacuation fails (%s), and tries it again',
  async (kind, status) => {
    const sim = simulate(plan, lost, { faults: [...dead(), { kind, server: 'a' }] });

    const first = await run(plan, sim, { settings: fenced });

    expect(phases(plan, first.state)).toEqual(['d1 done', 'm1 failed', 'm2 waiting', 'm3 waiting']);
    const { server, migrations } = await sim.driver.look(serverId('a'));
    expect(server).toMatchObject({ host: 'h1', status });
    expect(migrations[0]).toMatchObject({ type: 'evacuation', status: 'failed' });
    expect(told(first.journal, 'step-failed')).toMatchObject([{ step: 'm1', seen: { status, host: 'h1' } }]);
    const { state } = await run(plan, sim, { settings: fenced, journal: first.journal });
    expect(state.ended?.outcome).toBe('done');
  },
);

it('ends where the destination of an evacuation dies in its middle', async () => {
  const dies = { kind: 'host-down' as const, host: 'h2', atSeconds: 15 };
  const sim = simulate(plan, lost, { faults: [...dead(), dies] });

  const { state, journal } = await run(plan, sim, { settings: fenced });

  expect(state.ended?.outcome).toBe('failed');
  expect(told(journal, 'step-failed').map(({ text }) => text)).toEqual([
    'nova-compute on h2 went down, and the step does not go on',
  ]);
  expect((await sim.driver.look(serverId('a'))).server).toMatchObject({ host: 'h1', status: 'REBUILD' });
});

it('asks for the name of each host that is not fenced', async () => {
  const asked: string[] = [];
  const ask = (answer: string) => (question: string) => {
    asked.push(question);
    return Promise.resolve(answer);
  };

  expect(notYetFenced(plan, new Set())).toEqual(['h1']);
  expect(notYetFenced(plan, new Set(['h1']))).toEqual([]);
  expect(await askFenced(['h1', 'h2'], ask('h1'))).toEqual(['h1']);
  expect(await askFenced(['h1'], ask('yes'))).toEqual([]);
  expect(asked[0]).toContain('h1 is powered off');
});
