import { afterAll, describe, expect, it } from 'vitest';
import { rules } from '../../src/constraints/registry.ts';
import { disableReason } from '../../src/execute/runner/calls.ts';
import { runStateOf } from '../../src/execute/runner/run-state.ts';
import { changedBy } from '../../src/execute/way-back.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { HostId, ServerId } from '../../src/model/ids.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { isMigration, runSteps } from '../../src/plan/run-steps.ts';
import { planBack } from '../../src/planning/plan-back.ts';
import { homesIn, hostsToEnable, serversToRestore } from '../../src/planning/undrain.ts';
import { createState } from '../../src/replay/state.ts';
import { createBackend } from '../../src/solve/backends/registry.ts';
import { run, simulate } from '../execute/simulate.ts';
import { afterPlan } from '../support/after-plan.ts';
import {
  aCloud,
  aContext,
  aHost,
  aServer,
  hostId,
  noCpuTable,
  serverId,
  zedProfile,
} from '../support/builders.ts';
import { drainGoal, plan, someDigest, someOptions } from '../support/planning.ts';

const highs = createBackend('highs');
afterAll(() => highs.close());

const h1 = hostId('h1');
const before = aCloud({
  hosts: [aHost('h1', { vcpu: 8 }), aHost('h2', { vcpu: 6 }), aHost('h3', { vcpu: 6 })],
  servers: [
    aServer('a', 'h1', { vcpus: 4 }),
    aServer('b', 'h1', { vcpus: 2, status: 'SHUTOFF', vmState: 'stopped', powerState: 'shutdown' }),
    aServer('c', 'h2', { vcpus: 2 }),
    aServer('d', 'h3', { vcpus: 2 }),
    aServer('e', 'h1', { vcpus: 2 }),
  ],
});
const context = aContext(before);

async function drained(): Promise<Plan> {
  const outcome = await plan(before, drainGoal, highs, { drain: [h1], spareHosts: 0 });
  if (outcome.kind !== 'planned') throw new Error(outcome.because);
  return outcome.plan;
}

/** The cloud that is read after a plan, with the reasons that its run has given. */
function cloudAfter(cloud: Cloud, { id, steps }: Plan): Cloud {
  const end = createState(aContext(cloud));
  runSteps(steps, end, aContext(cloud), () => true);
  const read = afterPlan(aContext(cloud), end);
  const hosts = new Map(read.hosts);
  for (const step of steps) {
    const host = 'host' in step ? hosts.get(step.host) : undefined;
    if (host === undefined || step.kind !== 'disable-service') continue;
    const disabledReason = disableReason({ id }, step);
    hosts.set(host.id, { ...host, service: { ...host.service, disabledReason } });
  }
  return { ...read, hosts };
}

const back = (cloud: Cloud, homes: ReadonlyMap<ServerId, HostId>, enable: readonly HostId[]) =>
  planBack(
    {
      cloud,
      inventoryDigest: someDigest,
      profile: zedProfile,
      rules,
      cpuTable: noCpuTable,
      options: { ...someOptions, spareHosts: 0 },
    },
    homes,
    enable,
    '0.0.0',
    { name: 'undrain', anyHow: true },
  );

const places = ({ servers, hosts }: Cloud) => ({
  servers: [...servers.values()].map(({ id, host, status }) => [id, host, status]),
  hosts: [...hosts.values()].map(({ id, service }) => [id, service.status]),
});

const force = { force: false };

describe('undrain', () => {
  it('leads to the cloud as it was: drain, run, undrain --restore, run', async () => {
    const drain = await drained();
    const first = simulate(drain, context);
    const { state, journal } = await run(drain, first);
    expect(state.ended?.outcome).toBe('done');
    const empty = cloudAfter(before, drain);
    expect([...empty.servers.values()].filter(({ host }) => host === h1)).toEqual([]);

    const { enable, refused } = hostsToEnable(empty, [h1], { ...force, plans: [drain] });
    const { homes: moved } = changedBy(drain, runStateOf(journal.entries, drain.steps));
    const { homes, told } = serversToRestore([drain], moved, empty, [h1]);
    expect([refused, told]).toEqual([[], []]);
    const outcome = back(empty, homes, enable);

    if (outcome.kind !== 'planned') throw new Error(outcome.because.join());
    const second = simulate(outcome.plan, aContext(empty));
    expect((await run(outcome.plan, second)).state.ended?.outcome).toBe('done');
    for (const { id, host } of before.servers.values())
      expect((await second.driver.look(id)).server?.host, id).toBe(host);
    expect((await second.driver.services()).map(({ host, status }) => [host, status])).toEqual(
      places(before).hosts,
    );
    expect(places(cloudAfter(empty, outcome.plan))).toEqual(places(before));
  });

  it('enables a host only while it is disabled for the reason that was read', async () => {
    const drain = await drained();
    const empty = cloudAfter(before, drain);
    const outcome = back(empty, new Map(), [h1]);
    if (outcome.kind !== 'planned') throw new Error(outcome.because.join());
    expect(outcome.plan.steps).toHaveLength(1);
    const simulated = simulate(outcome.plan, aContext(empty));
    const { driver } = simulated;
    await driver.request({ kind: 'enable', host: h1, microversion: '2.53' });
    await driver.request({ kind: 'disable', host: h1, microversion: '2.53', reason: 'smells of smoke' });

    const { state } = await run(outcome.plan, simulated);

    expect(state.ended?.outcome).toBe('failed');
    expect((await driver.services()).find(({ host }) => host === h1)).toMatchObject({
      status: 'disabled',
      reason: 'smells of smoke',
    });
  });

  it('tells hosts that are not to be enabled, and why', () => {
    const service = aHost('x').service;
    const disabled = { ...service, status: 'disabled' } as const;
    const cloud = aCloud({
      hosts: [
        aHost('ours', { service: { ...disabled, disabledReason: 'planner plan 7f3a: drain' } }),
        aHost('bob', { service: { ...disabled, disabledReason: 'bob: new disk' } }),
        aHost('dead', { service: { ...disabled, state: 'down', disabledReason: 'planner plan 7f3a: x' } }),
        aHost('open'),
        aHost('back', { service: { ...disabled, disabledReason: 'planner plan 7f3a: evacuate' } }),
      ],
      servers: [aServer('a', 'open')],
      migrations: [
        {
          id: 9,
          server: serverId('a'),
          type: 'evacuation',
          status: 'done',
          source: hostId('back'),
          destination: hostId('open'),
        },
      ],
    });
    const hosts = ['ours', 'bob', 'dead', 'open', 'back'].map(hostId);

    const found = hostsToEnable(cloud, hosts, force);

    expect(found.enable).toEqual(['ours']);
    expect(found.refused).toEqual([
      'bob was not disabled by a plan: bob: new disk; --force-enable enables it all the same',
      'nova-compute on dead is down: start it first',
      'back may still run servers that were evacuated (migrations 9 are not completed): restart nova-compute there, which deletes them',
    ]);
    expect(found.told).toContain('open is enabled already');
    expect(hostsToEnable(cloud, hosts, { force: true }).enable).toEqual(['ours', 'bob', 'back']);
    expect(hostsToEnable(cloud, [hostId('ours')], { ...force, plans: [{ id: 'other' }] }).enable).toEqual([]);
  });

  it('leaves alone whom others have moved on, who is gone, and who finds no way', async () => {
    const drain = await drained();
    const empty = cloudAfter(before, drain);
    const to = new Map(drain.steps.filter(isMigration).map((step) => [step.server, step.to]));
    const elsewhere = to.get(serverId('a')) === 'h2' ? 'h3' : 'h2';
    const servers = new Map(empty.servers);
    const a = servers.get(serverId('a'));
    if (a !== undefined) servers.set(a.id, { ...a, host: hostId(elsewhere) });
    const b = servers.get(serverId('b'));
    if (b !== undefined) servers.set(b.id, { ...b, locked: true });
    servers.delete(serverId('e'));
    const changed = { ...empty, servers };

    const { homes, told } = serversToRestore([drain], homesIn(drain), changed, [h1]);

    expect([...homes.keys()]).toEqual(['b']);
    expect(told.toSorted()).toEqual([`a was moved on to ${elsewhere} since: it stays there`, 'e is gone']);
    const outcome = back(changed, homes, [h1]);
    if (outcome.kind !== 'planned') throw new Error(outcome.because.join());
    expect(outcome.plan.steps.map(({ kind }) => kind)).toEqual(['enable-service']);
    expect(outcome.plan.notDone).toMatchObject([{ serverName: 'b' }]);
    expect(serversToRestore([drain], homesIn(drain), changed, []).told.join()).toContain(
      'h1 is not among the hosts',
    );
  });

  it('knows what later plans of the run have moved and disabled', async () => {
    const drain = await drained();
    const later = {
      ...drain,
      id: 'later',
      steps: drain.steps.map((step) =>
        isMigration(step) && step.server === 'a'
          ? { ...step, to: hostId(step.to === 'h2' ? 'h3' : 'h2') }
          : step,
      ),
    };
    const now = cloudAfter(before, later);

    const { homes, told } = serversToRestore([drain, later], homesIn(drain), now, [h1]);
    const ofFirst = hostsToEnable(now, [h1], { ...force, plans: [drain] });
    const ofBoth = hostsToEnable(now, [h1], { ...force, plans: [drain, later] });

    expect([homes.get(serverId('a')), told]).toEqual([h1, []]);
    expect([ofFirst.enable, ofBoth.enable]).toEqual([[], [h1]]);
  });
});
