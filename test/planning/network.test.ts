import { afterAll, describe, expect, it } from 'vitest';
import { rules } from '../../src/constraints/registry.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { isMigration } from '../../src/plan/run-steps.ts';
import { verifyPlan } from '../../src/plan/verify-plan.ts';
import type { PlanningOptions } from '../../src/planning/planning-request.ts';
import { createBackend } from '../../src/solve/backends/registry.ts';
import { aCloud, aContext, aHost, aServer, hostId } from '../support/builders.ts';
import { drainGoal, plan } from '../support/planning.ts';

const backend = createBackend('highs');
afterAll(() => backend.close());

/** Two hosts of rack a to be emptied into rack b, over an uplink of 20 Gbit/s. */
const cloud = aCloud({
  hosts: [
    ...['a1', 'a2'].map((name) => aHost(name, { rack: 'a' })),
    ...['b1', 'b2', 'b3'].map((name) => aHost(name, { rack: 'b', memoryMiB: 24 * 1024 })),
  ],
  servers: ['s1', 's2', 's3', 's4'].map((name, at) => aServer(name, at < 2 ? 'a1' : 'a2', { memoryGiB: 8 })),
  links: [{ name: 'up-a', members: ['a'], bandwidthMbps: 20_000, fullDuplex: true }],
});

async function drained(options: Partial<PlanningOptions> = {}, of = cloud): Promise<Plan> {
  const drain = [hostId('a1'), hostId('a2')];
  const outcome = await plan(of, drainGoal, backend, { drain, ...options });
  if (outcome.kind !== 'planned') throw new Error(JSON.stringify(outcome));
  return outcome.plan;
}

const uplinkOf = ({ timetable }: Plan) => timetable.links.find(({ link }) => link === 'link up-a, outbound');
const atOnce = ({ steps }: Plan): number => {
  const migrations = steps.filter(isMigration);
  const under = (at: number): number =>
    migrations.filter(({ startSeconds, endSeconds }) => startSeconds <= at && at < endSeconds).length;
  return Math.max(...migrations.map(({ startSeconds }) => under(startSeconds)));
};

describe('a plan', () => {
  it('fills the uplink of a rack, and no more than that', async () => {
    const made = await drained();

    expect(uplinkOf(made)).toMatchObject({ capacityMbps: 20_000, peakMbps: 20_000 });
    expect(atOnce(made)).toBe(2);
  });

  it('says how short its timetable could be', async () => {
    const { timetable } = await drained();

    expect(timetable.boundSeconds).toBe(timetable.makespanSeconds);
    expect(timetable.outcome).toBe('optimal');
  });

  it('leaves a share of it to others, and keeps to a cap of each migration', async () => {
    const half = await drained({ networkSharePercent: 50, migrationMbps: 5000 });

    expect(half.basedOn.options).toMatchObject({ networkSharePercent: 50, migrationMbps: 5000 });
    expect(uplinkOf(half)).toMatchObject({ capacityMbps: 10_000, peakMbps: 10_000 });
    expect(half.timetable.makespanSeconds).toBeGreaterThan((await drained()).timetable.makespanSeconds);
  });

  it('brings no more to a host at a time than was asked for', async () => {
    const fast = { nics: [{ name: 'eth0', bandwidthMbps: 100_000 }] };
    const hosts = [...cloud.hosts.values()].flatMap((host) =>
      host.id === 'b2' || host.id === 'b3'
        ? []
        : [host.id === 'b1' ? aHost('b1', { rack: 'b', ...fast }) : host],
    );
    const narrow = { ...cloud, hosts: new Map(hosts.map((host) => [host.id, host])) };

    expect(atOnce(await drained({}, narrow))).toBe(2);
    expect(atOnce(await drained({ maxInbound: 1 }, narrow))).toBe(1);
  });

  it('does not hold on a cloud whose uplink has become narrower', async () => {
    const made = await drained();
    const links = cloud.links.map((link) => ({ ...link, bandwidthMbps: 10_000 }));

    const { findings } = verifyPlan({
      plan: made,
      context: aContext({ ...cloud, links }),
      rules,
      inventoryDigest: 'later',
    });

    expect(findings).toMatchObject([{ code: 'timetable', step: 'm2', measured: 20_000, limit: 10_000 }]);
  });
});
