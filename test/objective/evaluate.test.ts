import { describe, expect, it } from 'vitest';
import { currentAssignment } from '../../src/model/cloud.ts';
import { createObjective } from '../../src/objective/evaluate.ts';
import { meanLoadPercent } from '../../src/objective/host-terms.ts';
import { migrationPrices } from '../../src/objective/move-terms.ts';
import { createSelectors } from '../../src/objective/selectors.ts';
import type { Goal, MigrationCost, Term } from '../../src/objective/goal.ts';
import { loadTable } from '../../src/objective/loads.ts';
import { aCloud, aContext, aHost, aServer, hostId, providerId, serverId } from '../support/builders.ts';

const goal = (...terms: readonly Term[]): Goal => ({
  name: 'any',
  description: '',
  terms,
  spareHosts: 0,
  headroomPercent: 0,
  disableEmptied: false,
});

const hostsUsed: Term = { kind: 'hosts-used', weight: 100 };
const cost: MigrationCost = { kind: 'migration-cost', perMove: 32, perGiB: 2 };
const load: Term = {
  kind: 'load-above-mean',
  weight: 10,
  resources: ['VCPU'],
  thresholds: [
    { abovePercent: 0, slope: 1 },
    { abovePercent: 10, slope: 2 },
  ],
};

/** 6 and 2 of 10 VCPU on h1, 1 of 10 that is nobody's on h2. */
const cloud = aCloud({
  hosts: [aHost('h1', { vcpu: 10 }), aHost('h2', { vcpu: 10 })],
  servers: [aServer('s1', 'h1', { vcpus: 6 }), aServer('s2', 'h1', { vcpus: 2 })],
  otherConsumers: [{ id: 'x', allocations: [{ provider: providerId('rp-h2'), resources: { VCPU: 1 } }] }],
});
const { demands } = aContext(cloud);
const before = currentAssignment(cloud);
const after = new Map([...before, [serverId('s2'), hostId('h2')]]);
const volume = { server: serverId('s2'), memoryMiB: 4096, diskGiB: 10 };

describe('the objective', () => {
  it('counts the hosts on which servers live, down or not', () => {
    const down = { status: 'enabled', state: 'down', forcedDown: false } as const;
    const half = {
      ...cloud,
      hosts: new Map([...cloud.hosts, [hostId('h1'), aHost('h1', { service: down })]]),
    };

    expect(createObjective(goal(hostsUsed), cloud, demands).evaluate(before, after, [])).toEqual({
      before: 100,
      after: 200,
      terms: [{ kind: 'hosts-used', before: 100, after: 200 }],
    });
    expect(createObjective(goal(hostsUsed), half, demands).evaluate(before, before, []).before).toBe(100);
  });

  it('pays for every migration and every GiB that it copies, stop-overs included', () => {
    const value = createObjective(goal(cost), cloud, demands).evaluate(before, after, [volume, volume]);

    expect(value).toEqual({
      before: 0,
      after: 120,
      terms: [{ kind: 'migration-cost', before: 0, after: 120 }],
    });
  });

  it('pays for load above the mean of today, more above each threshold', () => {
    // mean 9 / 20 = 45 %; before: h1 80 %, 10 × (35 × 1 + 25 × 2); after: h1 60 %, 10 × (15 × 1 + 5 × 2)
    const value = createObjective(goal(load), cloud, demands).evaluate(before, after, []);

    expect(value).toEqual({
      before: 850,
      after: 250,
      terms: [{ kind: 'load-above-mean', before: 850, after: 250 }],
    });
  });

  it('takes no load of hosts that receive nobody', () => {
    const disabled = { status: 'disabled', state: 'up', forcedDown: false } as const;
    const closed = aHost('h1', { vcpu: 10, service: disabled });
    const half = { ...cloud, hosts: new Map([...cloud.hosts, [closed.id, closed]]) };

    // mean of h2 alone: 10 %; after: 30 %, 10 × (20 × 1 + 10 × 2)
    const value = createObjective(goal(load), half, demands).evaluate(before, after, []);

    expect(value).toMatchObject({ before: 0, after: 400 });
  });

  it('is the sum of its terms', () => {
    const value = createObjective(goal(hostsUsed, load, cost), cloud, demands).evaluate(before, after, [
      volume,
    ]);

    expect(value).toEqual({
      before: 950,
      after: 510,
      terms: [
        { kind: 'hosts-used', before: 100, after: 200 },
        { kind: 'load-above-mean', before: 850, after: 250 },
        { kind: 'migration-cost', before: 0, after: 60 },
      ],
    });
  });

  it('is a sum for each priority, the most important first; before and after are those of that one', () => {
    const [third, first, alike] = [
      { ...hostsUsed, priority: 3 },
      { ...load, priority: 2 },
      { ...cost, priority: 3 },
    ];

    expect(
      createObjective(goal(third, first, alike), cloud, demands).evaluate(before, after, [volume]),
    ).toMatchObject({
      before: 850,
      after: 250,
      terms: [{ kind: 'hosts-used' }, { kind: 'load-above-mean' }, { kind: 'migration-cost' }],
      priorities: [
        { priority: 2, before: 850, after: 250 },
        { priority: 3, before: 100, after: 260 },
      ],
    });
    expect(
      createObjective(goal(third, alike), cloud, demands).evaluate(before, after, [volume]),
    ).not.toHaveProperty('priorities');
  });

  it('is rounded to a millionth', () => {
    const thirds = aCloud({
      hosts: [aHost('h1', { vcpu: 3 }), aHost('h2', { vcpu: 3 })],
      servers: [aServer('s1', 'h1', { vcpus: 2 })],
    });
    const steep: Term = { ...load, weight: 1, thresholds: [{ abovePercent: 0, slope: 1 }] };

    const value = createObjective(goal(steep), thirds, aContext(thirds).demands).evaluate(
      currentAssignment(thirds),
      new Map(),
      [],
    );

    expect(value.before).toBe(33.333333);
  });
});

describe('meanLoadPercent', () => {
  it('is the share of all capacity that is in use, of servers and of others', () => {
    expect(meanLoadPercent(loadTable(cloud, demands), 'VCPU', before)).toBe(45);
  });

  it('is zero for a class that nobody has', () => {
    expect(meanLoadPercent(loadTable(cloud, demands), 'VGPU', before)).toBe(0);
  });
});

describe('the price of a migration', () => {
  it('is a price a move and one a GiB', () => {
    const priceOf = migrationPrices(cost, { cloud, selectors: createSelectors(cloud) });

    expect(priceOf({ ...volume, memoryMiB: 512, diskGiB: 3 })).toBe(39);
  });
});
