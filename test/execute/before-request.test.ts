import { describe, expect, it } from 'vitest';
import { move, planOf } from '../plan/small-plan.ts';
import { aCloud, aContext, aHost, aServer, hostId, serverId } from '../support/builders.ts';
import { context } from './sample.ts';
import { run, simulate, told } from './simulate.ts';

const on = (server: string, host: string) =>
  ({ kind: 'server-on-host', server: serverId(server), host: hostId(host) }) as const;

describe('before a request', () => {
  it('a guard that does not hold any more keeps the step from being requested', async () => {
    const stale = planOf([move('m1', 'a', 'h2', 'h3', { guards: [on('a', 'h2')] })]);
    const cloud = simulate(stale, context);

    const { journal } = await run(stale, cloud);

    expect(told(journal, 'step-failed')).toMatchObject([{ text: 'a is on h1 (plan expects h2)' }]);
    expect(told(journal, 'calling')).toEqual([]);
  });

  it('a server that is there already is left alone', async () => {
    const there = planOf([move('m1', 'a', 'h2', 'h1', { guards: [on('a', 'h2')] })]);

    const { journal, state } = await run(there, simulate(there, context));

    expect(state.ended?.outcome).toBe('done');
    expect(told(journal, 'step-done')).toMatchObject([{ note: 'a is on h1 already' }]);
    expect(told(journal, 'calling')).toEqual([]);
  });

  it('an evacuate wants the host down and somebody who says that it is fenced', async () => {
    const evacuate = planOf([move('m1', 'a', 'h1', 'h3', { kind: 'evacuate', timeoutPolicy: 'wait' })]);
    const down = aContext(
      aCloud({
        hosts: [
          aHost('h1', { service: { status: 'enabled', state: 'down', forcedDown: false } }),
          aHost('h3'),
        ],
        servers: [aServer('a', 'h1')],
      }),
    );
    const fenced = { fenced: new Set(['h1']) };

    const up = await run(evacuate, simulate(evacuate, context), { settings: fenced });
    const silent = await run(evacuate, simulate(evacuate, down));
    const both = await run(evacuate, simulate(evacuate, down), { settings: fenced });

    expect(up.state.steps.get('m1')?.text).toBe(
      'nova-compute on h1 is up: there is nothing to evacuate from',
    );
    expect(silent.state.steps.get('m1')?.text).toBe(
      'make sure that h1 is powered off, then say so with --fenced h1',
    );
    expect(both.state.ended?.outcome).toBe('done');
  });

  it('only what runs with the server may be on a host that is to be empty', async () => {
    const empty = (servers: readonly string[]) =>
      planOf([
        move('m1', 'a', 'h1', 'h2', {
          guards: [{ kind: 'runs-only', host: hostId('h2'), servers: servers.map(serverId) }],
        }),
      ]);

    const refused = await run(empty([]), simulate(empty([]), context));
    const allowed = await run(empty(['d']), simulate(empty(['d']), context));

    expect(refused.state.steps.get('m1')?.text).toBe('h2 is to be empty, and runs d');
    expect(allowed.state.ended?.outcome).toBe('done');
  });
});
