import { afterAll, describe, expect, it } from 'vitest';
import type { Cloud } from '../../src/model/cloud.ts';
import type { Selector } from '../../src/model/named.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { isMigration } from '../../src/plan/run-steps.ts';
import type { PlanningOptions } from '../../src/planning/planning-request.ts';
import { createBackend } from '../../src/solve/backends/registry.ts';
import { aCloud, aHost, aServer, hostId } from '../support/builders.ts';
import { drainGoal, plan } from '../support/planning.ts';

const highs = createBackend('highs');
afterAll(() => highs.close());

const dead = hostId('dead');
const tag = (value: string): Selector => ({ kind: 'tag', value });
const evacuate = { drain: [dead], evacuate: [dead] } as const;

const aDeadHost = (name = 'dead') => {
  const host = aHost(name);
  return { ...host, service: { ...host.service, state: 'down' as const } };
};

async function planned(cloud: Cloud, options: Partial<PlanningOptions> = {}): Promise<Plan> {
  const outcome = await plan(cloud, drainGoal, highs, { ...evacuate, spareHosts: 0, ...options });
  if (outcome.kind !== 'planned') throw new Error(`${outcome.kind}: ${outcome.because}`);
  return outcome.plan;
}

const targets = ({ steps }: Plan): readonly string[] =>
  steps.filter(isMigration).map(({ kind, serverName, to }) => `${kind} ${serverName} to ${to}`);

describe('an evacuation', () => {
  it('rebuilds servers of a host that is down, which is disabled and never a destination', async () => {
    const cloud = aCloud({
      hosts: [aDeadHost(), aHost('h1'), aHost('h2')],
      servers: [
        aServer('a', 'dead'),
        aServer('b', 'dead', { locked: true, status: 'SHUTOFF', vmState: 'stopped' }),
        aServer('c', 'h1'),
      ],
    });

    const made = await planned(cloud);

    expect(made.steps[0]).toMatchObject({ kind: 'disable-service', host: 'dead' });
    const steps = made.steps.filter(isMigration);
    expect(steps.map(({ kind, serverName }) => `${kind} ${serverName}`).toSorted()).toEqual([
      'evacuate a',
      'evacuate b',
    ]);
    for (const step of steps) {
      expect(step.to).not.toBe('dead');
      expect(step.dependsOn.map(({ step: id }) => id)).toContain('d1');
      expect(step.undo.kind).toBe('none');
      expect(step.guards).toContainEqual({
        kind: 'service',
        host: 'dead',
        status: 'disabled',
        state: 'down',
      });
    }
    expect(made.summary).toMatchObject({ moves: 2, evacuations: 2, liveMigrations: 0, coldMigrations: 0 });
    expect(made.notDone).toEqual([]);
  });

  const full = [aDeadHost(), aHost('h1', { vcpu: 4 })];
  const three = [
    aServer('a-batch', 'dead', { memoryGiB: 1, tags: ['batch'] }),
    aServer('b-web', 'dead', { memoryGiB: 8, tags: ['web'] }),
    aServer('c-db', 'dead', { memoryGiB: 16, tags: ['db', 'batch'], metadata: { tier: 'gold' } }),
  ];

  it('gives the room that there is to the most important, and they go first', async () => {
    const cloud = aCloud({ hosts: full, servers: three });
    const tags = [[tag('db')], [tag('web')]];

    const made = await planned(cloud, { important: tags, maxParallel: 1 });

    expect(targets(made)).toEqual(['evacuate c-db to h1', 'evacuate b-web to h1']);
    expect(made.notDone).toMatchObject([{ serverName: 'a-batch', host: 'dead', rule: 'capacity' }]);
    expect(made.objective.priorities?.map(({ before, after }) => [before, after]).slice(0, 3)).toEqual([
      [1, 0],
      [1, 0],
      [1, 1],
    ]);
    expect(made.objective.outcome).toBe('optimal');
    expect(made.basedOn.options.important).toEqual([['tag:db'], ['tag:web']]);
    expect(targets(await planned(cloud, { important: tags.toReversed(), maxParallel: 1 }))).toEqual([
      'evacuate b-web to h1',
      'evacuate c-db to h1',
    ]);
    const gold = { kind: 'metadata', value: 'tier=gold' } as const;
    expect(targets(await planned(cloud, { important: [[tag('batch')], [gold]] })).toSorted()).toEqual([
      'evacuate a-batch to h1',
      'evacuate c-db to h1',
    ]);
  });

  it('is all or nothing where the operator wants it so', async () => {
    const cloud = aCloud({ hosts: full, servers: three });

    const outcome = await plan(cloud, drainGoal, highs, { ...evacuate, allOrNothing: true });

    expect(outcome).toMatchObject({ kind: 'impossible', blockers: [{ refusals: [{ rule: 'capacity' }] }] });
    if (outcome.kind === 'impossible') expect(outcome.blockers).toHaveLength(1);
  });

  it('moves servers of living hosts to make room for those that could go nowhere else', async () => {
    const hosts = [aDeadHost(), aHost('h1', { vcpu: 4, traits: ['CUSTOM_SSD'] }), aHost('h2', { vcpu: 4 })];
    const onSsd = { 'trait:CUSTOM_SSD': 'required' };
    const servers = [
      aServer('fast', 'dead', { vcpus: 4, extraSpecs: onSsd }),
      aServer('any', 'h1', { vcpus: 2 }),
    ];

    const made = await planned(aCloud({ hosts, servers }));

    expect(targets(made)).toEqual(['live any to h2', 'evacuate fast to h1']);
    expect(made.steps.find(isMigration)?.reason).toBe('makes room on h1 for fast (m2)');
  });

  it('names those that cannot be evacuated, plans the rest, and says what is lost', async () => {
    const servers = [
      aServer('fine', 'dead'),
      aServer('paused', 'dead', { status: 'PAUSED', vmState: 'paused', powerState: 'paused' }),
      aServer('broken', 'dead', { status: 'ERROR', vmState: 'error' }),
    ];

    const made = await planned(aCloud({ hosts: [aDeadHost(), aHost('h1')], servers }));

    expect(targets(made).toSorted()).toEqual(['evacuate broken to h1', 'evacuate fine to h1']);
    expect(made.notDone).toMatchObject([{ serverName: 'paused', rule: 'server-state' }]);
    const codes = made.warnings.map(({ code }) => code);
    expect(codes).toContain('plan.evacuate-data-loss');
    expect(codes).toContain('plan.evacuated-host');
  });

  it('does not happen while the host is up, unless it is taken for down', async () => {
    const cloud = aCloud({ hosts: [aHost('dead'), aHost('h1')], servers: [aServer('a', 'dead')] });

    expect((await plan(cloud, drainGoal, highs, evacuate)).kind).toBe('impossible');

    const made = await planned(cloud, { assumeDown: [dead] });
    expect(targets(made)).toEqual(['evacuate a to h1']);
    expect(made.warnings.map(({ text }) => text).join()).toContain(
      'the inventory says that nova-compute is up on dead',
    );
  });
});
