import { describe, expect, it } from 'vitest';
import type { Driver } from '../../src/execute/driver.ts';
import { preflight } from '../../src/execute/preflight/preflight.ts';
import { initialRun, runStateOf } from '../../src/execute/runner/run-state.ts';
import { after, move, planOf } from '../plan/small-plan.ts';
import { aMigration } from '../report/sample-plan.ts';
import { hostId, serverId } from '../support/builders.ts';
import { context, plan } from './sample.ts';
import { run, simulate, told } from './simulate.ts';

const look = (driver: Driver, given = plan, state = initialRun, fenced: readonly string[] = []) =>
  preflight(given, state, driver, new Set(fenced));

const migrate = (driver: Driver, server: string, from: string, to: string) =>
  driver.request({
    kind: 'live',
    server: serverId(server),
    from: hostId(from),
    to: hostId(to),
    microversion: '2.90',
    storage: 'block',
    forced: false,
  });

it('finds nothing where the cloud is as the plan expects it', async () => {
  expect(await look(simulate(plan, context).driver)).toEqual([]);
});

it('says what has changed, and whether it matters', async () => {
  const { driver, clock } = simulate(plan, context);
  await migrate(driver, 'a', 'h1', 'h3');
  await clock.sleep(600);
  await migrate(driver, 'd', 'h2', 'h3');
  await clock.sleep(600);

  expect(await look(driver)).toEqual([
    { blocks: false, step: 'm1', text: 'd is on h3 already' },
    { blocks: true, step: 'm2', text: 'a is on h3 (plan expects h1)' },
  ]);
});

it('knows migrations of others: of servers of the plan, and beside them', async () => {
  const { driver, clock } = simulate(plan, context);
  await migrate(driver, 'a', 'h1', 'h3');
  await clock.sleep(3);
  const other = planOf([move('m1', 'd', 'h2', 'h3')]);

  const [own, busy] = await look(driver);
  const [near] = await look(driver, other);

  expect(own).toMatchObject({ blocks: true, step: 'm2' });
  expect(own?.text).toMatch(/^migration 1 \(live-migration, running\) of server a from h1 to h3/);
  expect(busy).toEqual({ blocks: true, step: 'm2', text: 'a is busy: migrating' });
  expect(near).toMatchObject({ blocks: false });
  expect(near?.text).toContain('it holds room on hosts of the plan');
});

it('wants every host up, and dead ones down and fenced', async () => {
  const faults = [{ kind: 'host-down', host: 'h1', atSeconds: 0 }] as const;
  const { driver } = simulate(plan, context, { faults });
  const evacuate = planOf([
    aMigration({
      id: 'm1',
      kind: 'evacuate',
      server: serverId('a'),
      serverName: 'a',
      to: hostId('h3'),
      guards: [],
    }),
  ]);

  expect((await look(driver)).map(({ text }) => text)).toEqual(['nova-compute on h1 is down']);
  expect(await look(driver, evacuate)).toEqual([
    { blocks: true, text: 'make sure that h1 is powered off, then say so with --fenced h1' },
  ]);
  expect(await look(driver, evacuate, initialRun, ['h1'])).toEqual([]);
  expect((await look(simulate(plan, context).driver, evacuate, initialRun, ['h1']))[0]?.text).toBe(
    'nova-compute on h1 is up: there is nothing to evacuate from',
  );
});

it('leaves it to the step whether who was evacuated has arrived, should the host be up again', async () => {
  const only = planOf([move('m1', 'a', 'h1', 'h2', { kind: 'evacuate' })]);
  const faults = [
    { kind: 'host-down', host: 'h1', atSeconds: 0, untilSeconds: 600 },
    { kind: 'precheck', server: 'a' },
  ] as const;
  const { driver, clock, ...cloud } = simulate(only, context, { faults });
  const { journal } = await run(only, { driver, clock, ...cloud }, { settings: { fenced: new Set(['h1']) } });
  expect(told(journal, 'step-failed')).toHaveLength(1);
  await clock.sleep(600);

  expect(await look(driver, only, runStateOf(journal.entries, only.steps), ['h1'])).toEqual([]);
  expect((await look(driver, only, initialRun, ['h1'])).map(({ text }) => text)).toEqual([
    'nova-compute on h1 is up: there is nothing to evacuate from',
  ]);
});

it('leaves alone what a run has begun', async () => {
  const cloud = simulate(plan, context, { faults: [{ server: 'd', kind: 'running' }] });
  const { journal } = await run(plan, cloud);
  expect(told(journal, 'step-failed')).toHaveLength(1);

  const findings = await look(cloud.driver, plan, runStateOf(journal.entries, plan.steps));

  expect(findings.filter(({ blocks }) => blocks)).toEqual([]);
});

describe('beside other runs', () => {
  const far = planOf([move('m1', 'd', 'h2', 'h3')]);
  const inFlight = (source: string, destination: string, server = 'x') => ({
    ...{ id: 7, server: serverId(server), type: 'live-migration', status: 'running' },
    ...{ source: hostId(source), destination: hostId(destination) },
  });
  const texts = (findings: Awaited<ReturnType<typeof look>>) =>
    findings.map(({ blocks, text }) => `${blocks ? 'no' : 'told'}: ${text}`);
  const withFlights = (...flights: readonly ReturnType<typeof inFlight>[]) => ({
    ...simulate(plan, context).driver,
    inFlight: () => Promise.resolve(flights),
  });

  it('blocks for a migration to a host that is to be empty, and tells of others', async () => {
    const to = (host: string) => withFlights(inFlight('h2', host));

    expect(texts(await look(to('h1')))).toEqual([
      'no: migration 7 (live-migration, running) of server x from h2 to h1 is not over: the plan wants h1 to be empty',
    ]);
    expect(texts(await look(to('h3')))).toEqual([expect.stringMatching(/^told: .*it holds room/)]);
    expect(texts(await look(withFlights(inFlight('h1', 'h9')), far))).toEqual([
      'told: migrations of others are not over (1), none on a host of the plan',
    ]);
  });

  it('takes no migration of its own run for one of others', async () => {
    const calling = { kind: 'calling', step: 'm2', call: 'live', attempt: 1, before: {} } as const;
    const state = runStateOf([{ seq: 1, at: '2026-02-14T22:00:00Z', ...calling }], plan.steps);

    expect(await look(withFlights(inFlight('h1', 'h2', 'a')), plan, state)).toEqual([]);
  });

  it('reads in the reason of a disabled host which plan has disabled it', async () => {
    const cloud = simulate(plan, context);
    const disable = (host: string, reason: string) =>
      cloud.driver.request({ kind: 'disable', host: hostId(host), reason, microversion: '2.53' });
    await disable('h1', 'planner plan 0123456789ab: drain');
    const service = { kind: 'service', host: hostId('h1'), status: 'enabled', state: 'up' } as const;
    const fresh = planOf(
      plan.steps.map((step) => (step.kind === 'disable-service' ? { ...step, guards: [service] } : step)),
    );

    const words = 'h1 was disabled by plan 0123456789ab';
    expect(texts(await look(cloud.driver))).toEqual([`told: ${words}`]);
    expect(texts(await look(cloud.driver, fresh))).toEqual([
      `no: ${words} since this plan was made: let its run end, then plan again`,
    ]);
    expect(texts(await look(cloud.driver, far))).toEqual([
      'told: plan 0123456789ab has disabled h1, which this plan does not touch',
    ]);
    const ours = new Set([plan.id, '0123456789ab']);
    expect(await preflight(fresh, initialRun, cloud.driver, new Set(), ours)).toEqual([]);
    await disable('h1', 'somebody mends it');
    expect(await look(cloud.driver, fresh)).toEqual([]);
  });
});

describe('a cloud that has changed since the inventory', () => {
  const come = (host: string) => ({
    ...simulate(plan, context).driver,
    newServers: (time: number) => {
      expect(time).toBe(Date.parse(plan.basedOn.capturedAt));
      return Promise.resolve([{ id: serverId('n'), name: 'new-1', host: hostId(host) }]);
    },
  });

  it.each([
    [
      'h1',
      true,
      'new-1 has come to h1 since the inventory was read: the plan wants h1 to be empty, and leaves it there',
    ],
    ['h3', false, 'new-1 has come to h3 since the inventory was read: it takes room on a host of the plan'],
    ['h9', false, 'servers have come since the inventory was read (1), none on a host of the plan'],
  ])('says of a new server on %s whether it matters', async (host, blocks, text) => {
    expect(await look(come(host))).toEqual([{ blocks, text }]);
  });

  it('wants room where a migration may be requested at once, and leaves the others to their turn', async () => {
    const free = (host: string) =>
      ({ kind: 'free', host: hostId(host), resource: 'VCPU', atLeast: 2 }) as const;
    const crowded = planOf([
      move('m1', 'd', 'h2', 'h3', { guards: [free('h3')] }),
      move('m2', 'a', 'h1', 'h2', { guards: [free('h2')], ...after('m1') }),
    ]);
    const asked: string[] = [];
    const full: Driver = {
      ...simulate(plan, context).driver,
      hasRoom: (_, host) => {
        asked.push(host);
        return Promise.resolve(false);
      },
    };

    expect(await look(full, crowded)).toEqual([
      { blocks: true, step: 'm1', text: 'h3 has no room any more for d: Placement does not find 2 VCPU' },
    ]);
    expect(asked).toEqual(['h3']);
  });
});
