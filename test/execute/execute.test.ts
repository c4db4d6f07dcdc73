import { describe, expect, it } from 'vitest';
import type { Driver } from '../../src/execute/driver.ts';
import type { Journal } from '../../src/execute/journal/journal-file.ts';
import type { Wish } from '../../src/execute/runner/tools.ts';
import { aServiceStep } from '../report/sample-plan.ts';
import { aCell, aCloud, aContext, aHost, aServer, hostId, serverId } from '../support/builders.ts';
import { after, move, planOf } from '../plan/small-plan.ts';
import { context, plan } from './sample.ts';
import { phases, run, seen, simulate, told } from './simulate.ts';

const ids = ['d1', 'm1', 'm2', 'm3', 'm4', 'c5'];

describe('a run', () => {
  it('does every step, each as soon as what it waits for is done', async () => {
    const { state, journal } = await run(plan, simulate(plan, context));

    expect(phases(plan, state)).toEqual(ids.map((id) => `${id} done`));
    expect(state.ended).toEqual({ outcome: 'done', text: '6 of 6 steps done' });
    expect(told(journal, 'calling').map(({ step }) => step)).toEqual(['d1', 'm1', 'm4', 'm2', 'm3', 'c5']);
  });

  it('requests a step that waits for a request only when that one has its claim', async () => {
    const { journal } = await run(plan, simulate(plan, context));

    const claimed = journal.entries.find(
      (entry) => entry.kind === 'progress' && entry.step === 'm2' && entry.claimed,
    );
    const asked = told(journal, 'calling').find(({ step }) => step === 'm3');
    expect(claimed?.seq).toBeLessThan(asked?.seq ?? 0);
  });

  it('writes the same journal again from the same seed, and another one from another', async () => {
    const journalOf = async (seed: number) =>
      JSON.stringify((await run(plan, simulate(plan, context, { seed }))).journal.entries);

    expect(await journalOf(7)).toBe(await journalOf(7));
    expect(await journalOf(7)).not.toBe(await journalOf(8));
  });

  it('notes before a call what is newest of the server, so that a resume knows its own', async () => {
    const { journal } = await run(plan, simulate(plan, context));

    const confirm = told(journal, 'calling').find(({ step }) => step === 'c5');
    expect(confirm?.before).toEqual({ migration: 2, action: 'req-2', host: 'h3', status: 'VERIFY_RESIZE' });
  });

  it('keeps to a number of migrations at a time', async () => {
    const { journal, state } = await run(plan, simulate(plan, context), { settings: { maxParallel: 1 } });

    expect(state.ended?.outcome).toBe('done');
    let running = 0;
    for (const entry of journal.entries) {
      if (entry.kind === 'calling' && /^m/.test(entry.step)) running += 1;
      if (entry.kind === 'step-done' && /^m/.test(entry.step)) running -= 1;
      expect(running).toBeLessThanOrEqual(1);
    }
  });

  it('requests nothing after its deadline, and says why', async () => {
    const deadline = Date.parse('2026-02-14T22:00:30Z');

    const { state } = await run(plan, simulate(plan, context), { settings: { deadline } });

    expect(state.ended).toEqual({
      outcome: 'stopped',
      text: '0 of 6 steps done: m1 would not be over by the deadline',
    });
  });
});

describe('a failure', () => {
  it.each([
    ['refuse', 'a stays on h1: No valid host was found. There are not enough hosts available.'],
    ['precheck', 'a stays on h1: Migration pre-check error: the destination refuses'],
    ['pre', 'a stays on h1: Migration error: the destination could not prepare for it'],
    ['running', 'migration failed while it ran, and Nova tells no reason; a is ACTIVE on h1'],
    ['crash', 'migration error; a is in ERROR on h1'],
    [
      'post',
      'the migration went only half well; a is in ERROR on h2: the guest was switched, and what follows on the destination failed',
    ],
  ] as const)('of a live migration (%s) is told in plain words', async (kind, text) => {
    const { journal } = await run(plan, simulate(plan, context, { faults: [{ server: 'a', kind }] }), {
      settings: { releaseSeenSeconds: 0 },
    });

    expect(told(journal, 'step-failed').map(({ step, text: words }) => `${step}: ${words}`)).toEqual([
      `m2: ${text}`,
    ]);
    expect(told(journal, 'step-failed')[0]?.read).toMatch(/log/);
  });

  it('ends the run when what is on its way is over', async () => {
    const cloud = simulate(plan, context, { faults: [{ server: 'd', kind: 'running' }] });

    const { state } = await run(plan, cloud);

    expect(phases(plan, state)).toEqual([
      'd1 waiting',
      'm1 failed',
      'm2 waiting',
      'm3 waiting',
      'm4 done',
      'c5 waiting',
    ]);
    expect(state.ended?.text).toBe('1 of 6 steps done, 1 failed');
  });

  it('leaves hosts enabled that the run had disabled and not emptied', async () => {
    const cloud = simulate(plan, context, { faults: [{ server: 'd', kind: 'running' }] });

    const { journal } = await run(plan, cloud);

    expect(told(journal, 'service-restored')).toMatchObject([{ host: 'h1', status: 'enabled' }]);
    const service = (await cloud.driver.services()).find(({ host }) => host === 'h1');
    expect(service).toMatchObject({ status: 'enabled' });
  });

  it('lets steps go on that do not depend on it, where that is the policy', async () => {
    const cloud = simulate(plan, context, { faults: [{ server: 'd', kind: 'running' }] });

    const { state } = await run(plan, cloud, { settings: { onFailure: 'continue', maxFailures: 2 } });

    expect(state.steps.get('c5')?.phase).toBe('done');
    expect(state.steps.get('m2')?.phase ?? 'waiting').toBe('waiting');
  });

  it('is asked again when a host may not have told yet what has left it', async () => {
    const cloud = simulate(plan, context, { faults: [{ server: 'a', kind: 'refuse', times: 2 }] });

    const { state, journal } = await run(plan, cloud);

    expect(state.ended?.outcome).toBe('done');
    expect(told(journal, 'step-retry').map(({ step }) => step)).toEqual(['m2', 'm2']);
    const [first, second] = told(journal, 'step-retry').map(
      ({ at, notBefore }) => (Date.parse(notBefore) - Date.parse(at)) / 1000,
    );
    expect([first, second]).toEqual([5, 10]);
  });

  it('is asked again where a member of the group may have left the host before the run', async () => {
    const guard = { kind: 'group-members', group: 'g', host: hostId('h3'), atMost: 0 } as const;
    const steps = plan.steps.map((step) => (step.id === 'm1' ? { ...step, guards: [guard] } : step));
    const refuse = (times: number) =>
      simulate({ ...plan, steps }, context, { faults: [{ server: 'd', kind: 'refuse', times }] });

    const soon = await run({ ...plan, steps }, refuse(2));
    const never = await run({ ...plan, steps }, refuse(99));

    expect(soon.state.steps.get('m1')?.phase).toBe('done');
    expect(told(soon.journal, 'step-retry').map(({ step }) => step)).toEqual(['m1', 'm1']);
    // 5, 10, 20, 40 and 60 seconds: by then the scheduler knows.
    expect(told(never.journal, 'step-retry')).toHaveLength(5);
    expect(never.state.steps.get('m1')?.phase).toBe('failed');
  });

  it('counts at once where nobody has left the host', async () => {
    const cloud = simulate(plan, context, { faults: [{ server: 'd', kind: 'refuse' }] });

    const { journal } = await run(plan, cloud);

    expect(told(journal, 'step-retry')).toEqual([]);
    expect(told(journal, 'step-failed').map(({ step }) => step)).toEqual(['m1']);
  });

  it('of a confirmation leaves the step failed, with the server as it is', async () => {
    const cloud = simulate(plan, context, { faults: [{ server: 'c', kind: 'confirm' }] });

    const { journal } = await run(plan, cloud);

    expect(told(journal, 'step-failed')).toMatchObject([
      { step: 'c5', text: 'c is in ERROR since its confirmation: the source could not be cleaned up' },
    ]);
  });
});

describe('a migration that takes too long', () => {
  const stalled = { faults: [{ server: 'a', kind: 'stall' }] } as const;

  it('is aborted where the plan says so', async () => {
    const cloud = simulate(plan, context, stalled);

    const { journal, state } = await run(plan, cloud);

    expect(told(journal, 'calling').filter(({ call }) => call === 'abort')).toHaveLength(1);
    expect(state.steps.get('m2')).toMatchObject({
      phase: 'failed',
      text: 'the migration was aborted; a is ACTIVE on h1',
    });
  });

  it('is not one that only waits for its turn on its host', async () => {
    const cloud = simulate(plan, context, stalled);

    const { state } = await run(plan, cloud);

    expect(state.steps.get('m3')?.phase).toBe('done');
  });

  it('is forced to its end where that was asked for', async () => {
    const cloud = simulate(plan, context, stalled);

    const { journal, state } = await run(plan, cloud, { settings: { onTimeout: 'force-complete' } });

    expect(told(journal, 'calling').map(({ call }) => call)).toContain('force-complete');
    expect(state.ended?.outcome).toBe('done');
  });

  it('is given up when the host that carries it is down', async () => {
    const faults = [
      { server: 'a', kind: 'stall' },
      { kind: 'host-down', host: 'h1', atSeconds: 150 },
    ] as const;
    const cloud = simulate(plan, context, { faults });

    const { state } = await run(plan, cloud);

    expect(state.steps.get('m2')).toMatchObject({
      phase: 'failed',
      text: 'nova-compute on h1 went down, and the step does not go on',
    });
  });
});

describe('a request to end a migration early', () => {
  const stalled = () => simulate(plan, context, { faults: [{ server: 'a', kind: 'stall' }] });
  const calls = (journal: Journal) => told(journal, 'calling').filter(({ call }) => call === 'abort');
  const heard = (journal: Journal) =>
    told(journal, 'reconciled').map(({ call, arrived }) => `${call} ${arrived ? 'arrived' : 'lost'}`);
  const slow = { timeoutSeconds: 120 };
  const eight = (step: string) => Array.from({ length: 8 }, () => step);

  it('is sent again when it got lost, and only then', async () => {
    for (const [where, times, words] of [
      ['request', 2, ['abort lost', 'abort lost']],
      ['answer', 1, ['abort arrived']],
    ] as const) {
      const cloud = stalled();

      const { state, journal } = await run(plan, cloud, {
        ...{ settings: slow, driver: losing(cloud.driver, where, times) },
      });

      expect(heard(journal)).toEqual(words);
      expect(calls(journal)).toHaveLength(where === 'request' ? 3 : 1);
      expect(state.steps.get('m2')?.text).toBe('the migration was aborted; a is ACTIVE on h1');
    }
  });

  it('is given up in the end when it is lost each time', async () => {
    const cloud = stalled();

    const { state, journal } = await run(plan, cloud, {
      ...{ settings: slow, driver: losing(cloud.driver, 'request', 99) },
    });

    const text = 'Nova was asked 8 times to end it early, and no request has arrived';
    expect(calls(journal).map(({ step }) => step)).toEqual([...eight('m2'), ...eight('m3')]);
    expect(state.steps.get('m2')).toMatchObject({ phase: 'failed', text });
    // It has waited for its turn behind m2, which Nova will not end any more.
    expect(state.steps.get('m3')).toMatchObject({ phase: 'failed', text });
  });

  it('is sent again when the migration was refused it, and has come further', async () => {
    const cloud = simulate(plan, context);
    const driver: Driver = {
      ...cloud.driver,
      async request(call) {
        const [newest] = 'server' in call ? (await cloud.driver.look(call.server)).migrations : [];
        return call.kind !== 'abort' || newest?.status === 'running'
          ? cloud.driver.request(call)
          : { kind: 'refused', status: 409, text: `it is ${newest?.status ?? ''}` };
      },
    };
    const { state, journal } = await run(plan, cloud, {
      driver,
      wish: () => (cloud.elapsed() > 0.9 ? 'abort' : 'go-on'),
    });

    expect(calls(journal).map(({ step }) => step)).toEqual(['m1', 'm1']);
    expect(state.steps.get('m1')?.text).toBe('the migration was aborted; d is ACTIVE on h2');
  });
});

/** A cloud of which requests to abort, or the answers to them, get lost so often. */
function losing(driver: Driver, what: 'request' | 'answer', times: number): Driver {
  let left = times;
  return {
    ...driver,
    async request(call) {
      if (call.kind !== 'abort' || left === 0) return driver.request(call);
      left -= 1;
      if (what === 'answer') await driver.request(call);
      return { kind: 'lost', text: 'timed out' };
    },
  };
}

describe('what somebody wants of a run', () => {
  it('stop: what is on its way comes to its end, and a resume does the rest', async () => {
    const cloud = simulate(plan, context);
    const stopped = await run(plan, cloud, {
      wish: () => (cloud.elapsed() > 5 ? 'stop' : 'go-on'),
    });
    expect(stopped.state.ended).toEqual({
      outcome: 'stopped',
      text: '2 of 6 steps done: somebody stopped it',
    });

    const { state } = await run(plan, cloud, { journal: stopped.journal });

    expect(phases(plan, state)).toEqual(ids.map((id) => `${id} done`));
    expect((await cloud.driver.services()).find(({ host }) => host === 'h1')?.status).toBe('disabled');
  });

  it('abort: live migrations end where they began', async () => {
    const cloud = simulate(plan, context);

    const { state } = await run(plan, cloud, { wish: () => (cloud.elapsed() > 5 ? 'abort' : 'go-on') });

    expect(state.steps.get('m1')?.text).toBe('the migration was aborted; d is ACTIVE on h2');
    expect(await seen(cloud.driver, serverId('d'))).toMatchObject({ host: 'h2', status: 'ACTIVE' });
  });
});

describe('other NUMA cells than predicted', () => {
  const pinned = { vcpus: 2, extraSpecs: { 'hw:cpu_policy': 'dedicated' } };
  const numa = aContext(
    aCloud({
      hosts: ['h1', 'h2'].map((name) => aHost(name, { pcpu: 8, cells: [aCell(0), aCell(1)] })),
      servers: [aServer('p', 'h1', pinned), aServer('q', 'h1', pinned)],
    }),
  );
  const cells = [{ hostCellId: 0, pinnedCpuCount: 2 }];
  const two = planOf([
    move('m1', 'p', 'h1', 'h2', { cells }),
    move('m2', 'q', 'h1', 'h2', { cells: [{ hostCellId: 1, pinnedCpuCount: 2 }], ...after('m1') }),
  ]);
  const other = { faults: [{ server: 'p', kind: 'other-cells' }] } as const;

  it('are compared, and end the run where nobody can tell what follows', async () => {
    const same = await run(two, simulate(two, numa));
    const differ = await run(two, simulate(two, numa, other));

    expect(same.state.ended?.outcome).toBe('done');
    expect(told(same.journal, 'cells-differ')).toEqual([]);
    expect(differ.state.ended).toMatchObject({ outcome: 'stopped' });
    expect(told(differ.journal, 'cells-differ')[0]?.text).toBe(
      'Nova chose NUMA cells 1 on h2 for p, the plan says 0',
    );
  });

  it('do not end it where the rest was replayed and holds', async () => {
    const holds = await run(two, simulate(two, numa, other), { recheck: () => Promise.resolve([]) });
    const breaks = await run(two, simulate(two, numa, other), { recheck: () => Promise.resolve(['m2: no']) });

    expect(holds.state.ended?.outcome).toBe('done');
    expect(breaks.state.ended?.text).toContain('the rest does not hold any more: m2: no');
  });
});

it('waits for whoever confirms by hand', async () => {
  const cloud = simulate(plan, context);
  let told = false;
  const { state } = await run(plan, cloud, {
    settings: { confirm: 'manual' },
    async wish(): Promise<Wish> {
      const { status } = await seen(cloud.driver, serverId('c'));
      if (status !== 'VERIFY_RESIZE' || told) return 'go-on';
      told = true;
      await cloud.driver.request({ kind: 'confirm', server: serverId('c'), microversion: '2.56' });
      return 'go-on';
    },
  });

  expect(told).toBe(true);
  expect(state.steps.get('c5')).toMatchObject({ phase: 'done', attempts: 0 });
});

it('leaves a host disabled that the plan ends so, and one that somebody else disabled', async () => {
  const only = planOf([aServiceStep({ id: 'd1', host: hostId('h1') })]);
  const cloud = simulate(only, context);

  await run(only, cloud);

  expect((await cloud.driver.services()).find(({ host }) => host === 'h1')).toMatchObject({
    status: 'disabled',
    reason: `planner plan ${only.id}: emptied by consolidate`,
  });
});
