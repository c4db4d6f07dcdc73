import { expect, it } from 'vitest';
import type { Guard } from '../../src/plan/plan.ts';
import { after, move, planOf } from '../plan/small-plan.ts';
import { aCloud, aContext, aGroup, aHost, aServer, hostId } from '../support/builders.ts';
import { run, simulate, told } from './simulate.ts';

const predicted = { cells: [], bytes: 0, seconds: { low: 1, expected: 60, high: 100 }, downtimeMs: 0 };
const free = (host: string): Guard => ({ kind: 'free', host: hostId(host), resource: 'VCPU', atLeast: 2 });

/** h2 has room for one server, and `d` is there. */
const full = aCloud({
  hosts: [aHost('h1'), aHost('h2', { vcpu: 2 }), aHost('h3')],
  servers: [aServer('a', 'h1', { vcpus: 2 }), aServer('d', 'h2', { vcpus: 2 })],
});

it('asks for nothing where Placement has no room any more', async () => {
  const plan = planOf([move('m1', 'a', 'h1', 'h2', { predicted, guards: [free('h2')] })]);

  const { journal, state } = await run(plan, simulate(plan, aContext(full)));

  expect(told(journal, 'calling')).toEqual([]);
  expect(state.steps.get('m1')?.text).toBe('h2 has no room any more for a: Placement does not find 2 VCPU');
});

it('looks again where somebody has left the host a moment ago, and not for ever', async () => {
  const cloud = aCloud({ hosts: [...full.hosts.values()], servers: [...full.servers.values()] });
  const leave = move('m1', 'd', 'h2', 'h3', { predicted });
  const plan = planOf([
    leave,
    move('m2', 'a', 'h1', 'h2', { predicted, guards: [free('h2')], ...after('m1') }),
  ]);
  const simulated = simulate(plan, aContext(cloud));
  let left = 3;
  const slow = (until: number) => ({
    ...simulated.driver,
    hasRoom: () => Promise.resolve((left -= 1) < until),
  });

  const soon = await run(plan, simulated, { driver: slow(1) });
  const never = simulate(plan, aContext(cloud));
  const given = await run(plan, never, {
    driver: { ...never.driver, hasRoom: () => Promise.resolve(false) },
  });

  expect(told(soon.journal, 'step-retry').map(({ step }) => step)).toEqual(['m2', 'm2']);
  expect(soon.state.ended?.outcome).toBe('done');
  expect(given.state.steps.get('m2')?.phase).toBe('failed');
  expect(told(given.journal, 'step-retry').length).toBeLessThan(7);
});

it('counts the members of a server group that are there', async () => {
  const group = aGroup(['a', 'd']);
  const cloud = aCloud({
    hosts: [aHost('h1'), aHost('h2'), aHost('h3')],
    servers: [aServer('a', 'h1'), aServer('d', 'h2'), aServer('x', 'h3')],
    groups: [group],
  });
  const to = (host: string) => {
    const guard = { kind: 'group-members', group: group.id, host: hostId(host), atMost: 0 } as const;
    return planOf([move('m1', 'a', 'h1', host, { predicted, guards: [guard] })]);
  };

  const refused = await run(to('h2'), simulate(to('h2'), aContext(cloud)));
  const allowed = await run(to('h3'), simulate(to('h3'), aContext(cloud)));

  expect(refused.state.steps.get('m1')?.text).toBe(
    'h2 runs 1 other members of the server group of a (plan expects 0 at most)',
  );
  expect(told(refused.journal, 'calling')).toEqual([]);
  expect(allowed.state.ended?.outcome).toBe('done');
});
