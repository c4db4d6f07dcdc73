import { describe, expect, it } from 'vitest';
import type { Check, Wish } from '../../src/execute/runner/tools.ts';
import { after, move, planOf } from '../plan/small-plan.ts';
import { aConfirm } from '../report/sample-plan.ts';
import { serverId } from '../support/builders.ts';
import { context } from './sample.ts';
import { phases, run, seen, simulate, told } from './simulate.ts';
import { Killed, killer } from './killer.ts';
import { memoryJournal } from '../../src/execute/journal/journal-file.ts';

/** A check that says no to these servers at that time; and what it was asked. */
function checkOf(when: 'before' | 'after' | 'never', names: readonly string[] = ['a', 'b', 'c', 'd']) {
  const asked: string[] = [];
  const check: Check = ({ name }, now) => {
    asked.push(`${name} ${now}`);
    const ok = now !== when || !names.includes(name);
    return Promise.resolve(ok ? { ok } : { ok, text: 'no answer' });
  };
  return { asked, check };
}

const predicted = { cells: [], bytes: 0, seconds: { low: 1, expected: 60, high: 100 }, downtimeMs: 0 };
const cold = planOf([
  move('m1', 'c', 'h1', 'h3', { kind: 'cold', timeoutPolicy: 'wait', predicted }),
  aConfirm({ id: 'c2', of: 'm1', server: serverId('c'), serverName: 'c', ...after('m1') }),
]);
const live = planOf([
  move('m1', 'a', 'h1', 'h2', { predicted }),
  move('m2', 'b', 'h1', 'h3', { predicted, ...after('m1') }),
  move('m3', 'd', 'h2', 'h3', { predicted, requestAfter: ['m2'] }),
]);

describe('a check before', () => {
  it.each([
    ['live', live],
    ['cold', cold],
  ] as const)('keeps a server where it is (%s)', async (_, plan) => {
    const { journal, state } = await run(plan, simulate(plan, context), checkOf('before'));

    expect(told(journal, 'calling')).toEqual([]);
    expect(state.steps.get('m1')?.text).toMatch(
      /^[ac] does not pass its check before it is moved: no answer$/,
    );
  });
});

describe('a check after', () => {
  it('ends the run where a live migration broke the guest, whatever the policy', async () => {
    const simulated = simulate(live, context);
    const checks = checkOf('after', ['a']);

    const { state } = await run(live, simulated, {
      settings: { onFailure: 'continue', maxFailures: 9 },
      ...checks,
    });

    expect(phases(live, state)).toEqual(['m1 failed', 'm2 waiting', 'm3 waiting']);
    expect(state.stopping?.text).toBe('a does not pass its check after m1: no answer');
    expect(checks.asked).toEqual(['a before', 'a after']);
    expect((await seen(simulated.driver, serverId('a'))).host).toBe('h2');
  });

  it('passes, and the run goes on: each guest is looked at before and after', async () => {
    const { asked, check } = checkOf('never');

    const { state } = await run(live, simulate(live, context), { check });

    expect(state.ended?.outcome).toBe('done');
    expect(asked.toSorted()).toEqual(['a after', 'a before', 'b after', 'b before', 'd after', 'd before']);
  });
});

describe('a cold migration whose guest does not work afterwards', () => {
  it('is taken back instead of being confirmed', async () => {
    const simulated = simulate(cold, context);

    const { state, journal } = await run(cold, simulated, checkOf('after'));

    expect(told(journal, 'calling').map(({ step, call }) => `${step} ${call}`)).toEqual([
      'm1 cold',
      'c2 revert',
    ]);
    expect(phases(cold, state)).toEqual(['m1 failed', 'c2 waiting']);
    expect(state.steps.get('m1')?.text).toBe(
      'c is on h1 again: its migration was reverted, since it did not pass its check',
    );
    expect(told(journal, 'note').map(({ text }) => text)).toContain(
      'c does not pass its check after it was moved: no answer; its migration is reverted',
    );
    expect(await seen(simulated.driver, serverId('c'))).toMatchObject({ host: 'h1', status: 'ACTIVE' });
    expect(state.ended?.outcome).toBe('failed');
  });

  it('is tried again by a resume, and confirmed where it works then', async () => {
    const simulated = simulate(cold, context);
    const first = await run(cold, simulated, checkOf('after'));

    const { state } = await run(cold, simulated, { journal: first.journal, ...checkOf('never') });

    expect(state.ended?.outcome).toBe('done');
    expect(await seen(simulated.driver, serverId('c'))).toMatchObject({ host: 'h3', status: 'ACTIVE' });
  });

  it.each(['lose-request', 'lose-answer'] as const)(
    'is taken back where the answer is lost (%s)',
    async (kind) => {
      const simulated = simulate(cold, context, { faults: [{ server: 'c', kind, times: 2 }] });

      const { state } = await run(cold, simulated, checkOf('after'));

      expect(phases(cold, state)).toEqual(['m1 failed', 'c2 waiting']);
      expect((await seen(simulated.driver, serverId('c'))).host).toBe('h1');
    },
  );

  it('is taken back once, whenever the run is killed', async () => {
    for (let at = 1; ; at += 1) {
      const simulated = simulate(cold, context);
      const kill = killer(at);
      const journal = memoryJournal(() => new Date(simulated.clock.now()).toISOString());
      const { check } = checkOf('after');
      try {
        const driver = kill.driver(simulated.driver);
        await run(cold, simulated, { journal: kill.journal(journal), driver, check });
        break;
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
      // Whoever is killed after the revert moves the guest again: it has not failed before.
      await run(cold, simulated, { journal, check });
      const { host, status, actions } = await seen(simulated.driver, serverId('c'));
      const count = (name: string): number => actions.filter(({ action }) => action === name).length;
      expect({ host, status }, `killed at ${at}`).toEqual({ host: 'h1', status: 'ACTIVE' });
      expect(count('revertResize'), `killed at ${at}`).toBe(count('migrate'));
      expect(count('confirmResize'), `killed at ${at}`).toBe(0);
    }
  });

  it('is confirmed first with auto, and checked then', async () => {
    const { asked, check } = checkOf('after');
    const simulated = simulate(cold, context);

    const { state, journal } = await run(cold, simulated, { settings: { confirm: 'auto' }, check });

    expect(told(journal, 'calling').map(({ call }) => call)).toEqual(['cold', 'confirm']);
    expect(asked).toEqual(['c before', 'c after']);
    expect(phases(cold, state)).toEqual(['m1 done', 'c2 failed']);
  });

  it('waits with manual for somebody who reverts it, and says why', async () => {
    const simulated = simulate(cold, context);
    const checks = checkOf('after');
    let told = false;

    const { state } = await run(cold, simulated, {
      settings: { confirm: 'manual' },
      ...checks,
      async wish(): Promise<Wish> {
        if (!checks.asked.includes('c after') || told) return 'go-on';
        told = true;
        await simulated.driver.request({ kind: 'revert', server: serverId('c'), microversion: '2.56' });
        return 'go-on';
      },
    });

    expect(phases(cold, state)).toEqual(['m1 failed', 'c2 waiting']);
    expect(state.steps.get('m1')?.text).toBe('c is on h1 again: its migration was reverted');
  });
});
