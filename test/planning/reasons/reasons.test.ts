import { afterAll, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../src/model/cloud.ts';
import type { Goal, Term } from '../../../src/objective/goal.ts';
import { isMigration } from '../../../src/plan/run-steps.ts';
import type { PlanningOptions } from '../../../src/planning/planning-request.ts';
import { createBackend } from '../../../src/solve/backends/registry.ts';
import { aCloud, aFlavor, aGroup, aHost, aServer, hostId } from '../../support/builders.ts';
import { balance, consolidate, drainGoal, plan } from '../../support/planning.ts';

const highs = createBackend('highs');
afterAll(() => highs.close());

const goalWith = (...terms: Term[]): Goal => ({
  ...balance,
  name: 'wish',
  terms: [...terms, { kind: 'migration-cost', perMove: 1, perGiB: 0 }],
});

/** Reasons of the migrations of a plan, with who moves where. */
async function reasons(cloud: Cloud, goal: Goal, options: Partial<PlanningOptions> = {}): Promise<string[]> {
  const outcome = await plan(cloud, goal, highs, options);
  if (outcome.kind !== 'planned') throw new Error(`${outcome.kind}: ${outcome.because}`);
  return outcome.plan.steps
    .filter(isMigration)
    .map(({ serverName, to, reason }) => `${serverName} to ${to}: ${reason}`);
}

describe('a migration says what it is for:', () => {
  it('a host that the goal frees', async () => {
    const cloud = aCloud({ servers: [aServer('a', 'h1'), aServer('b', 'h2'), aServer('c', 'h2')] });

    expect(await reasons(cloud, consolidate)).toEqual(['a to h2: frees h1']);
  });

  it('a load, today and at the end, of the resource that gains most', async () => {
    const servers = ['a', 'b', 'c', 'd'].map((name) => aServer(name, 'h1', { vcpus: 4, memoryGiB: 4 }));

    const said = await reasons(aCloud({ servers }), balance);

    expect(said.map((line) => line.slice(1)).toSorted()).toEqual([
      ' to h2: brings the load of h1 down: VCPU from 100 % to 50 %',
      ' to h2: brings the load of h1 down: VCPU from 100 % to 50 %',
    ]);
  });

  it('a group whose spread it restores, and the room that another needs', async () => {
    const hosts = [aHost('h1', { vcpu: 8 }), aHost('h2', { vcpu: 8 }), aHost('h3', { vcpu: 8 })];
    const servers = [aServer('web-1', 'h1'), aServer('web-2', 'h1'), aServer('big', 'h2', { vcpus: 8 })];
    const groups = [aGroup(['web-1', 'web-2'], { name: 'web', policy: 'soft-anti-affinity' })];
    const term: Term = { kind: 'group-violations', weight: 100, policies: ['soft-anti-affinity'] };

    const said = await reasons(aCloud({ hosts, servers, groups }), goalWith(term));

    expect(said).toEqual([expect.stringMatching(/^web-. to h3: restores spread of group web$/)]);
  });

  it('slots of a flavor of the cloud', async () => {
    const hosts = [aHost('h1', { vcpu: 8 }), aHost('h2', { vcpu: 8 })];
    const servers = [aServer('a', 'h1', { vcpus: 4 }), aServer('b', 'h2', { vcpus: 4 })];
    const big = { ...aFlavor(8, 4), name: 'm1.large' };
    const term: Term = {
      kind: 'free-slots',
      weight: 100,
      amounts: { VCPU: 8, MEMORY_MB: 4096, DISK_GB: 10 },
    };

    const said = await reasons(
      aCloud({ hosts, servers, flavors: new Map([['m1.large', big]]) }),
      goalWith(term),
    );

    expect(said).toEqual([expect.stringMatching(/makes room for 1 more m1\.large on (h[12]); frees \1$/)]);
  });

  it('the drain that was asked for, and who can only come when it has gone', async () => {
    const hosts = [aHost('h1'), aHost('h2', { vcpu: 8, traits: ['CUSTOM_SSD'] }), aHost('h3', { vcpu: 4 })];
    const onSsd = { 'trait:CUSTOM_SSD': 'required' };
    const servers = [
      aServer('fast', 'h1', { vcpus: 8, extraSpecs: onSsd }),
      aServer('any', 'h2', { vcpus: 2 }),
    ];

    const said = await reasons(aCloud({ hosts, servers }), drainGoal, { drain: [hostId('h1')] });

    expect(said).toEqual([
      'any to h3: makes room on h2 for fast (m2)',
      'fast to h2: drains h1; mends: host h1 lacks or must not have: CUSTOM_SSD',
    ]);
  });

  it('a stop-over, so that others can pass', async () => {
    const traits = { a: ['CUSTOM_A'], b: ['CUSTOM_B'] };
    const hosts = [
      aHost('h1', { vcpu: 4, traits: traits.a }),
      aHost('h2', { vcpu: 4, traits: traits.b }),
      aHost('h3', { vcpu: 4 }),
    ];
    const servers = [aServer('one', 'h1', { vcpus: 4 }), aServer('two', 'h2', { vcpus: 4 })];
    const term: Term = {
      kind: 'servers-left',
      weight: 100,
      hosts: { name: 'h1' },
      servers: { name: 'one' },
    };
    const other: Term = { ...term, hosts: { name: 'h2' }, servers: { name: 'two' } };
    const third: Term = { kind: 'servers-left', weight: 90, hosts: { name: 'h3' } };

    const said = await reasons(aCloud({ hosts, servers }), goalWith(term, other, third));

    expect(said).toEqual([
      'one to h3: stop-over on h3, so that two (m2) can come to h1; leaves h1, where goal wish wants nobody to stay',
      'two to h1: leaves h2, where goal wish wants nobody to stay; makes room on h2 for one (m3)',
      'one to h2: goes on from its stop-over on h3; leaves h1, where goal wish wants nobody to stay',
    ]);
  });

  it('a breach of a rule that ends, where the goal does not count breaches', async () => {
    const servers = [aServer('a', 'h1'), aServer('b', 'h1'), aServer('c', 'h2')];
    const groups = [aGroup(['a', 'b'], { name: 'db' })];

    const said = await reasons(
      aCloud({ hosts: [aHost('h1'), aHost('h2'), aHost('h3')], servers, groups }),
      goalWith({ kind: 'servers-left', weight: 100, hosts: { name: 'h1' }, servers: { name: 'b' } }),
    );

    expect(said).toEqual([
      expect.stringMatching(
        /^b to h[23]: leaves h1, where goal wish wants nobody to stay; mends: .*h1.*2 .*limit 1/,
      ),
    ]);
  });
});
