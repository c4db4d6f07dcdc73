import { describe, expect, it } from 'vitest';
import { serverId } from '../../src/model/ids.ts';
import { rankBy } from '../../src/planning/preferences.ts';
import { aCloud, aContext, aHost, aServer } from '../support/builders.ts';
import { order, stepsOf } from '../schedule/support.ts';

const context = aContext(
  aCloud({
    hosts: [aHost('h1'), aHost('h2', { memoryMiB: 512 * 1024 })],
    servers: [
      aServer('big', 'h1', { memoryGiB: 64 }),
      aServer('down', 'h1', { memoryGiB: 2 }),
      aServer('small', 'h1', { memoryGiB: 2 }),
    ],
  }),
);

describe('the rank that wishes give a server', () => {
  it('puts what is big or is down for long after what is neither, where the risky are to go last', () => {
    const steps = stepsOf(order(context, { big: 'h2', down: 'h2', small: 'h2' })).map((step) =>
      step.kind === 'migrate' && step.arrival.server.id === 'down' ? { ...step, downtimeMs: 2000 } : step,
    );

    const rankOf = rankBy(['risky-last'], steps);

    expect(['small', 'big', 'down'].map((name) => rankOf(serverId(name)))).toEqual([0, 1, 2]);
  });

  it('lets the first wish count most', () => {
    const steps = stepsOf(order(context, { big: 'h2', down: 'h2', small: 'h2' }));

    const rankOf = rankBy(['big-first', 'risky-last'], steps);

    expect(['big', 'down', 'small'].map((name) => rankOf(serverId(name)))).toEqual([0, 1, 1]);
  });
});
