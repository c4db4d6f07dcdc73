import { expect, it } from 'vitest';
import type { Driver } from '../../src/execute/driver.ts';
import { preflight } from '../../src/execute/preflight.ts';
import { initialRun, runStateOf } from '../../src/execute/runner/run-state.ts';
import { move, planOf } from '../plan/small-plan.ts';
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

it('leaves alone what a run has begun', async () => {
  const cloud = simulate(plan, context, { faults: [{ server: 'd', kind: 'running' }] });
  const { journal } = await run(plan, cloud);
  expect(told(journal, 'step-failed')).toHaveLength(1);

  const findings = await look(cloud.driver, plan, runStateOf(journal.entries, plan.steps));

  expect(findings.filter(({ blocks }) => blocks)).toEqual([]);
});
