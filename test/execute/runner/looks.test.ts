import { describe, expect, it } from 'vitest';
import type { Driver } from '../../../src/execute/driver.ts';
import { stepState } from '../../../src/execute/runner/run-state.ts';
import { serverId } from '../../support/builders.ts';
import { context, plan } from '../sample.ts';
import { run, simulate, told } from '../simulate.ts';

/** A driver that counts its calls. */
function counted(driver: Driver) {
  const calls = { looks: 0, records: 0, services: 0 };
  const counting: Driver = {
    ...driver,
    look: (server) => {
      calls.looks += 1;
      return driver.look(server);
    },
    changedSince: (time) => {
      calls.records += 1;
      return driver.changedSince(time);
    },
    services: () => {
      calls.services += 1;
      return driver.services();
    },
  };
  return { calls, counting };
}

describe('looking at what is on its way', () => {
  it('asks for all records at once, and for a server only when its record has changed or now and then', async () => {
    const cloud = simulate(plan, context);
    const { calls, counting } = counted(cloud.driver);

    const { state } = await run(plan, cloud, { driver: counting });

    expect(state.ended?.outcome).toBe('done');
    // Four migrations of about a minute and a confirmation: a look at each every second would be some 300.
    expect(calls).toEqual({ looks: 52, records: 274, services: 25 });
  });

  it('asks for each server where the cloud has no records of all', async () => {
    const cloud = simulate(plan, context);
    const { calls, counting } = counted({ ...cloud.driver, changedSince: () => Promise.resolve(undefined) });

    const { state } = await run(plan, cloud, { driver: counting });

    expect(state.ended?.outcome).toBe('done');
    expect(calls.looks).toBeGreaterThan(200);
  });

  it('notices soon what no record tells: a server that is gone while its migration runs', async () => {
    const cloud = simulate(plan, context);
    let wasRunning = false;
    const driver: Driver = {
      ...cloud.driver,
      look: async (server) => {
        const look = await cloud.driver.look(server);
        if (server !== serverId('d')) return look;
        if (wasRunning) return { migrations: look.migrations, actions: [] };
        wasRunning = look.migrations[0]?.status === 'running';
        return look;
      },
    };

    const { state } = await run(plan, cloud, { driver });

    const { phase, text, movingAt = 0, endedAt = Infinity } = stepState(state, 'm1');
    expect({ phase, text }).toEqual({ phase: 'failed', text: 'd was deleted while the step ran' });
    // It is asked for every ten seconds; the migration takes about a minute.
    expect(endedAt - movingAt).toBeLessThan(12_000);
  });

  it('waits for the reason of a failure, which Nova writes down after the failure itself', async () => {
    const cloud = simulate(plan, context, { faults: [{ server: 'a', kind: 'precheck' }] });
    let early = 0;
    const driver: Driver = {
      ...cloud.driver,
      look: async (server) => {
        const look = await cloud.driver.look(server);
        if (server !== serverId('a') || look.migrations[0]?.status !== 'error' || early++ > 3) return look;
        return { ...look, actions: look.actions.map((action) => ({ ...action, errors: [], open: true })) };
      },
    };

    const { journal } = await run(plan, cloud, { driver });

    expect(early).toBeGreaterThan(4);
    expect(told(journal, 'step-failed').map(({ meaning }) => meaning?.code)).toEqual(['check-refused']);
  });
});
