import { describe, expect, it } from 'vitest';
import type { Driver } from '../../../src/execute/driver.ts';
import { serverId } from '../../support/builders.ts';
import { context, plan } from '../sample.ts';
import { phases, run, simulate } from '../simulate.ts';

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
    expect(calls).toEqual({ looks: 56, records: 272, services: 25 });
  });

  it('asks for each server where the cloud has no records of all', async () => {
    const cloud = simulate(plan, context);
    const { calls, counting } = counted({ ...cloud.driver, changedSince: () => Promise.resolve(undefined) });

    const { state } = await run(plan, cloud, { driver: counting });

    expect(state.ended?.outcome).toBe('done');
    expect(calls.looks).toBeGreaterThan(200);
  });

  it('notices what no record tells: a server that is gone', async () => {
    const cloud = simulate(plan, context);
    let gone = false;
    const driver: Driver = {
      ...cloud.driver,
      changedSince: async (time) => {
        gone = true;
        return cloud.driver.changedSince(time);
      },
      look: async (server) => {
        const look = await cloud.driver.look(server);
        return gone && server === serverId('d') ? { migrations: look.migrations, actions: [] } : look;
      },
    };

    const { state } = await run(plan, cloud, { driver });

    expect(phases(plan, state)).toContain('m1 failed');
    expect(state.steps.get('m1')?.text).toContain('was deleted');
  });
});
