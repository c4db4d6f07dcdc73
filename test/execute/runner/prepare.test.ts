import { describe, expect, it } from 'vitest';
import type { Look, MigrationSeen, ServerSeen } from '../../../src/execute/driver.ts';
import { judgeStep } from '../../../src/execute/runner/judge.ts';
import { prepare } from '../../../src/execute/runner/prepare.ts';
import type { StepState } from '../../../src/execute/runner/step-state.ts';
import { move } from '../../plan/small-plan.ts';
import { hostId, serverId } from '../../support/builders.ts';

const [h1, h2, h3] = [hostId('h1'), hostId('h2'), hostId('h3')];
const step = move('m1', 'a', 'h1', 'h2', {
  kind: 'evacuate',
  guards: [
    { kind: 'server-on-host', server: serverId('a'), host: h1 },
    { kind: 'server-status', server: serverId('a'), status: 'ACTIVE' },
  ],
});
const inError: ServerSeen = {
  host: h1,
  status: 'ERROR',
  vmState: 'error',
  fault: 'No valid host was found. ',
};
const rebuilding: ServerSeen = { host: h1, status: 'REBUILD', vmState: 'error', taskState: 'rebuilding' };
const refused = ['No valid host was found. There are not enough hosts available.'];

const recordOf = (status: string): MigrationSeen => ({
  ...{ id: 7, type: 'evacuation', status },
  ...{ source: h1, destination: h2 },
});
const looking = (server: ServerSeen, status?: string): Look => ({
  server,
  migrations: status === undefined ? [] : [recordOf(status)],
  actions: [{ requestId: 'req-1', action: 'evacuate', errors: refused }],
});

/** What is done about a step that was asked for before, of a host that is off. */
const again = (look: Look, attempts = 1, state: 'up' | 'down' = 'down') =>
  prepare(
    step,
    { phase: 'waiting', attempts, before: {}, claimed: false },
    { look, services: [{ host: h1, status: 'disabled', state }], fenced: new Set(['h1']) },
  );

describe('an evacuation that is asked for again', () => {
  it('goes on where the last one came to nothing, or never arrived', () => {
    expect(again(looking(inError, 'error')).kind).toBe('go');
    expect(again(looking(inError, 'failed')).kind).toBe('go');
    expect(again(looking(inError)).kind).toBe('go');
  });

  it('waits for one that is done, while its server still counts where it was', () => {
    const active: ServerSeen = { host: h1, status: 'ACTIVE', vmState: 'active' };

    expect(again(looking(active, 'done'))).toEqual({ kind: 'adopt', migration: 7, status: 'done' });
    expect(again(looking(active, 'error')).kind).toBe('go');
  });

  it.each(['accepted', 'pre-migrating', 'done', 'completed'])(
    'does not where the last one is %s: its server may run on the destination',
    (status) => {
      expect(again(looking(inError, status))).toMatchObject({
        kind: 'stale',
        failure: { text: 'a is ERROR (plan expects ACTIVE)' },
      });
    },
  );

  it('does not where nobody has asked before, or the server is elsewhere', () => {
    expect(again(looking(inError), 0).kind).toBe('stale');
    expect(again(looking({ ...inError, host: h3 }, 'error'))).toMatchObject({
      failure: { text: 'a is on h3 (plan expects h1)' },
    });
  });

  it('sees who has arrived, and who is on the way, though the host is up again', () => {
    const there: ServerSeen = { host: h2, status: 'ACTIVE', vmState: 'active' };

    expect(again(looking(there, 'failed'), 1, 'up').kind).toBe('already');
    expect(again(looking(rebuilding, 'pre-migrating'), 1, 'up').kind).toBe('adopt');
    expect(again(looking(inError, 'failed'), 1, 'up')).toMatchObject({
      stops: true,
      failure: { text: 'nova-compute on h1 is up: there is nothing to evacuate from' },
    });
  });

  it('waits for what others do with the server, and goes on with what is its own', () => {
    expect(again(looking(rebuilding, 'error'))).toMatchObject({
      failure: { text: 'a is busy: rebuilding', meaning: { passes: 'soon' } },
    });
    expect(again(looking(rebuilding, 'pre-migrating'))).toMatchObject({ kind: 'adopt', migration: 7 });
  });
});

describe('an evacuation that has left its server in ERROR', () => {
  const state: StepState = { phase: 'running', attempts: 1, before: {}, claimed: false, requestId: 'req-1' };
  const passing = (look: Look) => {
    const verdict = judgeStep(step, state, look, 0);
    return verdict.kind === 'failed' ? (verdict.meaning?.passes ?? 'never') : verdict.kind;
  };

  it('may pass by itself where nothing was built', () => {
    expect(passing(looking(inError, 'error'))).toBe('after-release');
    expect(passing(looking(inError))).toBe('after-release');
  });

  it('does not where it was built, or somebody has taken the server elsewhere', () => {
    expect(passing(looking(inError, 'done'))).toBe('never');
    expect(passing(looking({ ...inError, host: h2 }, 'error'))).toBe('never');
    expect(passing(looking({ ...inError, host: h3 }, 'error'))).toBe('never');
  });
});
