import { afterAll, describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../src/execute/journal/entry.ts';
import { memoryJournal } from '../../src/execute/journal/journal-file.ts';
import { parseJournal } from '../../src/execute/journal/journal-schema.ts';
import { runStateOf } from '../../src/execute/runner/run-state.ts';
import type { ReplanAsked, RunTools } from '../../src/execute/runner/tools.ts';
import type { Simulated } from '../../src/execute/simulated/simulated-driver.ts';
import { changedBy, allChanged } from '../../src/execute/way-back.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { createBackend } from '../../src/solve/backends/registry.ts';
import { aCell, aCloud, aContext, aHost, aServer, hostId, serverId } from '../support/builders.ts';
import { move, planOf } from '../plan/small-plan.ts';
import { drainGoal, plan as planCloud } from '../support/planning.ts';
import { Killed, killer } from './killer.ts';
import { cloud, context, plan } from './sample.ts';
import { phases, run, seen, simulate, told } from './simulate.ts';

const backend = createBackend('highs');
afterAll(() => backend.close());

/** Plans draining h1 on the simulated cloud as it is, without servers that failed twice. */
function replanner(simulated: Simulated) {
  const asked: ReplanAsked[] = [];
  const replan: NonNullable<RunTools['replan']> = async (given) => {
    asked.push(given);
    const exclude = given.failed
      .filter(({ times }) => times >= 2)
      .map(({ server: value }) => ({ kind: 'server', value }) as const);
    const outcome = await planCloud(simulated.cloud(), drainGoal, backend, {
      ...{ allow: ['cold'], drain: [hostId('h1')], exclude, spareHosts: 0, effort: 2 },
    });
    if (outcome.kind !== 'planned') return { kind: 'no', text: outcome.kind };
    return { kind: 'planned', plan: outcome.plan, file: `plan.replan-${asked.length}.json` };
  };
  return { asked, replan };
}

const settings = { onFailure: 'replan' } as const;

describe('the rest of a plan', () => {
  it('is planned again after a failure, on the cloud as it is then, and carried out', async () => {
    const simulated = simulate(plan, context, { faults: [{ server: 'a', kind: 'running' }] });
    const { asked, replan } = replanner(simulated);

    const { state, journal } = await run(plan, simulated, { settings, replan });

    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ because: 'a step failed', failed: [{ server: 'a', times: 1 }] });
    expect(told(journal, 'replanned')).toMatchObject([
      { file: 'plan.replan-1.json', text: 'a step failed', failed: [{ server: 'a', times: 1 }] },
    ]);
    expect(state.ended?.outcome).toBe('done');
    for (const server of ['a', 'b', 'c'])
      expect((await seen(simulated.driver, serverId(server))).host).not.toBe('h1');
    // Services were as found while it was planned, and are as the new plan says at the end.
    expect(told(journal, 'service-restored')).toMatchObject([{ host: 'h1', status: 'enabled' }]);
    const services = await simulated.driver.services();
    expect(services.find(({ host }) => host === 'h1')).toMatchObject({ status: 'disabled' });
    const lines = journal.entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    expect(parseJournal(lines).entries).toEqual(journal.entries);
  });

  it('waits for what is under way, and has it counted', async () => {
    const simulated = simulate(plan, context, { faults: [{ server: 'd', kind: 'running' }] });
    const { asked, replan } = replanner(simulated);

    await run(plan, simulated, { settings, replan });

    const [first] = asked;
    expect(phases(plan, first?.run ?? runStateOf([], []))).toContain('m4 done');
    expect([...(first?.run.steps.values() ?? [])].map(({ phase }) => phase)).not.toContain('running');
  });

  it('is not planned again while steps go on that do not depend on the failure', async () => {
    const simulated = simulate(plan, context, { faults: [{ server: 'd', kind: 'running' }] });
    const { asked, replan } = replanner(simulated);

    await run(plan, simulated, { settings: { ...settings, maxFailures: 9 }, replan });

    expect(phases(plan, asked[0]?.run ?? runStateOf([], []))).toContain('c5 done');
  });

  it('leaves a server out that has failed twice, and ends after so many plans', async () => {
    const always = simulate(plan, context, { faults: [{ server: 'a', kind: 'running', times: 99 }] });
    const { asked, replan } = replanner(always);
    const { state } = await run(plan, always, { settings, replan });

    const stubborn = simulate(plan, context, { rates: { running: 1 } });
    const again = replanner(stubborn);
    const limited = await run(plan, stubborn, { settings: { ...settings, maxReplans: 2 }, ...again });

    expect(asked.map(({ failed }) => failed)).toEqual([
      [{ server: 'a', times: 1 }],
      [{ server: 'a', times: 2 }],
    ]);
    expect(state.ended?.outcome).toBe('failed');
    expect(state.stopping?.text).toBe('a step failed; impossible');
    expect(again.asked.length).toBeLessThanOrEqual(2);
    expect(limited.state.ended?.outcome).toBe('failed');
  });

  it('is planned again at most so often', async () => {
    const stubborn = simulate(plan, context, { faults: [{ server: 'd', kind: 'running', times: 99 }] });
    const same: NonNullable<RunTools['replan']> = ({ plan: again }) =>
      Promise.resolve({ kind: 'planned', plan: again, file: 'x.json' });

    const { state, journal } = await run(plan, stubborn, {
      settings: { ...settings, maxReplans: 2 },
      replan: same,
    });

    expect(told(journal, 'replanned')).toHaveLength(2);
    expect(state.stopping?.text).toBe('a step failed; planned again 2 times before (--max-replans)');
  });

  it('ends where there is no other plan, or nobody who makes one', async () => {
    const fails = () => simulate(plan, context, { faults: [{ server: 'd', kind: 'running' }] });
    const replan = () => Promise.resolve({ kind: 'no', text: 'nobody wants it' } as const);

    const refused = await run(plan, fails(), { settings, replan });
    const alone = await run(plan, fails(), { settings });

    expect(refused.state.stopping?.text).toBe('a step failed; nobody wants it');
    expect(alone.state.stopping?.text).toBe('a step failed; plan again');
    expect(alone.state.ended?.outcome).toBe('failed');
  });

  it('goes on from the new plan when the run is killed, at any instant', async () => {
    let later = 0;
    for (let at = 1; at < 120; at += 3) {
      const simulated = simulate(plan, context, { faults: [{ server: 'a', kind: 'running' }] });
      const { replan } = replanner(simulated);
      const plans = new Map<string, Plan>([[plan.id, plan]]);
      const keeping: NonNullable<RunTools['replan']> = async (given) => {
        const answer = await replan(given);
        if (answer.kind === 'planned') plans.set(answer.plan.id, answer.plan);
        return answer;
      };
      const kill = killer(at);
      const journal = memoryJournal(() => new Date(simulated.clock.now()).toISOString());
      try {
        await run(plan, simulated, {
          ...{ settings, replan: keeping, journal: kill.journal(journal) },
          driver: kill.driver(simulated.driver),
        });
        continue; // it was at its end already, or heard of it as of an answer that was lost
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
      const last = journal.entries.findLast((entry) => entry.kind === 'replanned');
      if (last !== undefined) later += 1;
      const current = plans.get(last?.plan ?? plan.id) ?? plan;
      const resumed = await run(current, simulated, { settings, replan: keeping, journal });

      expect(resumed.state.ended?.outcome, `killed at ${at}`).toBe('done');
      for (const server of ['a', 'b', 'c'])
        expect((await seen(simulated.driver, serverId(server))).host, `killed at ${at}`).not.toBe('h1');
    }
    expect(later).toBeGreaterThan(5);
  });
});

describe('what the plan before has ended', () => {
  const first = planOf([move('m1', 'a', 'h1', 'h2'), move('m2', 'd', 'h2', 'h3')]);
  const fails = { server: 'd', kind: 'running' } as const;
  const answer = (rest: Plan) => () =>
    Promise.resolve({ kind: 'planned', plan: rest, file: 'plan.replan-1.json' } as const);
  const members = new Set(['a', 'b']);
  const apart = { seconds: 3600, groupOf: (id: string) => (members.has(id) ? 'g' : undefined) };

  it('keeps other members of its server group apart in the plan after, and after a resume too', async () => {
    const rest = planOf([move('m1', 'b', 'h1', 'h3')]);
    const tools = { settings: { ...settings, apart }, replan: answer(rest) };

    const { state, journal } = await run(first, simulate(first, context, { faults: [fails] }), tools);

    const ended = told(journal, 'step-done').find(({ step }) => step === 'm1');
    const asked = told(journal, 'calling').at(-1);
    expect(state.ended?.outcome).toBe('done');
    expect(told(journal, 'replanned')[0]?.ended).toMatchObject([
      { server: 'a', at: ended?.at, left: 'h1' },
      {},
    ]);
    expect(Date.parse(asked?.at ?? '') - Date.parse(ended?.at ?? '')).toBeGreaterThanOrEqual(3_600_000);
    const process = { pid: 2, host: 'admin', startedAt: '2026-02-14T23:00:00Z' };
    const resumed = { kind: 'run-resumed', process, seq: 99, at: '2026-02-14T23:00:00Z' } as const;
    expect(runStateOf([...journal.entries, resumed], rest.steps).earlier).toEqual(state.earlier);
    const lines = journal.entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    expect(parseJournal(lines).entries).toEqual(journal.entries);
  });

  it('is known when the scheduler refuses a host that was left a moment before', async () => {
    const leaves = planOf([move('m1', 'd', 'h2', 'h3'), move('m2', 'a', 'h1', 'h3')]);
    const rest = planOf([move('m1', 'b', 'h1', 'h2')]);
    const refuses = (times: number) =>
      simulate(leaves, context, {
        faults: [
          { server: 'a', kind: 'running' },
          { server: 'b', kind: 'refuse', times },
        ],
      });

    const soon = await run(leaves, refuses(2), { settings, replan: answer(rest) });

    expect(told(soon.journal, 'step-retry').map(({ step }) => step)).toEqual(['m1', 'm1']);
    expect(soon.state.ended?.outcome).toBe('done');
  });

  it('is told no longer than it matters', async () => {
    const rest = planOf([move('m1', 'b', 'h1', 'h3')]);
    const late = simulate(first, context, { faults: [{ ...fails, kind: 'stall' }] });

    const slow = { ...settings, timeoutSeconds: 300 };
    const { journal } = await run(first, late, { settings: slow, replan: answer(rest) });

    expect(told(journal, 'replanned')[0]?.ended).toMatchObject([{ server: 'd' }]);
  });
});

describe('other NUMA cells than predicted', () => {
  const pinned = { vcpus: 2, extraSpecs: { 'hw:cpu_policy': 'dedicated' } };
  const numa = aCloud({
    hosts: ['h1', 'h2'].map((name) => aHost(name, { pcpu: 8, cells: [aCell(0), aCell(1)] })),
    servers: [aServer('p', 'h1', pinned), aServer('q', 'h1', pinned)],
  });

  it('have the rest planned again where it does not hold', async () => {
    const numaContext = aContext(numa);
    const drain = await planCloud(numa, drainGoal, backend, { drain: [hostId('h1')], spareHosts: 0 });
    if (drain.kind !== 'planned') throw new Error('h1 can be drained');
    const simulated = simulate(drain.plan, numaContext, { faults: [{ server: 'p', kind: 'other-cells' }] });
    const { replan, asked } = replanner(simulated);

    const { state, journal } = await run(drain.plan, simulated, {
      ...{ settings: { ...settings, maxParallel: 1 }, replan },
      recheck: () => Promise.resolve(['m2: refused']),
    });

    expect(asked).toHaveLength(1);
    expect(told(journal, 'replanned')[0]?.text).toMatch(
      /^Nova chose NUMA cells .* for p, the plan says .*; the rest does not hold any more: m2: refused$/,
    );
    expect(state.ended?.outcome).toBe('done');
  });
});

it('is taken back as a whole: servers were at home where the first plan found them', () => {
  const turn = (homes: readonly (readonly [string, string])[], disabled: readonly string[]) => ({
    homes: new Map(homes.map(([id, home]) => [serverId(id), hostId(home)])),
    disabled: disabled.map(hostId),
  });

  const { homes, disabled } = allChanged([
    turn([['a', 'h1']], ['h1']),
    turn(
      [
        ['a', 'h2'],
        ['b', 'h1'],
      ],
      ['h1', 'h2'],
    ),
  ]);

  expect([...homes]).toEqual([
    ['a', 'h1'],
    ['b', 'h1'],
  ]);
  expect(disabled).toEqual(['h1', 'h2']);
  const entries: readonly JournalEntry[] = [];
  expect(changedBy(plan, runStateOf(entries, plan.steps)).homes.size).toBe(0);
  expect(cloud.servers.size).toBe(4);
});
