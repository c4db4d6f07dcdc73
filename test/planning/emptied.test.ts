import { afterAll, describe, expect, it } from 'vitest';

import { createBackend } from '../../src/solve/backends/registry.ts';
import { aCloud, aHost, aServer, hostId } from '../support/builders.ts';
import { drainGoal, plan } from '../support/planning.ts';

describe('the service of a drained host', () => {
  const backend = createBackend('highs');
  afterAll(() => backend.close());
  const cloud = aCloud({ hosts: [aHost('h1'), aHost('h2')], servers: [aServer('s1', 'h1')] });
  const stepsOf = async (reEnable: boolean) => {
    const outcome = await plan(cloud, drainGoal, backend, { drain: [hostId('h1')], reEnable });
    return outcome.kind === 'planned' ? outcome.plan.steps.map(({ kind, reason }) => [kind, reason]) : [];
  };

  it('stays disabled', async () => {
    expect((await stepsOf(false)).map(([kind]) => kind)).toEqual(['disable-service', 'live']);
  });

  it('is enabled again where that was asked for', async () => {
    const steps = await stepsOf(true);

    expect(steps.map(([kind]) => kind)).toEqual(['disable-service', 'live', 'enable-service']);
    expect(steps.at(-1)?.[1]).toBe('h1 is to take servers again');
  });
});
