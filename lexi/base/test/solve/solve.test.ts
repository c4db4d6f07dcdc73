import { afterAll, describe, expect, it } from 'vitest';
import { createBackend } from '../../src/solve/backends/registry.ts';
import { checkPrimitives } from '../../src/solve/check-primitives.ts';
import type { SolveOutcome } from '../../src/solve/placement-problem.ts';
import { solvePlacement } from '../../src/solve/solve.ts';
import { hostId } from '../../src/model/ids.ts';
import { bestOfAll, valueOf } from './brute-force.ts';
import { randomProblem } from './random-cloud.ts';
import { above, aBudget, aProblem, hostSet, hostsUsed, migration, plain, servers } from './support.ts';

const highs = createBackend('highs');
afterAll(() => highs.close());

const fourSmall = {
  s1: { host: 'h1', cpus: 2 },
  s2: { host: 'h2', cpus: 2 },
  s3: { host: 'h3', cpus: 2 },
};
const threeHosts = { h1: { cpus: 8 }, h2: { cpus: 4 }, h3: { cpus: 8 } };

function assignmentOf(outcome: SolveOutcome): Readonly<Record<string, string>> {
  if (outcome.kind !== 'optimal') throw new Error(`expected an optimum, got ${outcome.kind}`);
  return plain(outcome.assignment);
}

describe('solving', () => {
  it('frees the hosts that cost least to free', async () => {
    const problem = aProblem({
      hosts: threeHosts,
      servers: { ...fourSmall, s4: { host: 'h1', cpus: 2 } },
      terms: [hostsUsed(100), migration(1, 0)],
    });

    const outcome = await solvePlacement(problem, highs, aBudget());

    expect(assignmentOf(outcome)).toEqual({ s1: 'h1', s2: 'h1', s3: 'h1', s4: 'h1' });
    expect(outcome).toMatchObject({ objective: 102, bound: 102 });
  });

  it('keeps everything where it is when no migration pays', async () => {
    const problem = aProblem({
      hosts: threeHosts,
      servers: fourSmall,
      terms: [hostsUsed(1), migration(5, 0)],
    });

    const outcome = await solvePlacement(problem, highs, aBudget());

    expect(outcome).toMatchObject({ kind: 'optimal', objective: 3, assignment: problem.start });
  });

  it('evens out the load', async () => {
    const problem = aProblem({
      hosts: { h1: { cpus: 8 }, h2: { cpus: 8 } },
      servers: { s1: { host: 'h1', cpus: 4 }, s2: { host: 'h1', cpus: 4 } },
      terms: [above(1, ['VCPU'], [0, 1]), migration(1, 0)],
    });

    const outcome = await solvePlacement(problem, highs, aBudget());

    expect(outcome).toMatchObject({ kind: 'optimal', objective: 1 });
  });

  it('moves no more servers than it may', async () => {
    const problem = aProblem({
      hosts: threeHosts,
      servers: fourSmall,
      terms: [hostsUsed(100), migration(1, 0)],
      maxMoves: 1,
    });

    const outcome = await solvePlacement(problem, highs, aBudget());

    expect(outcome).toMatchObject({ kind: 'optimal', objective: 201 });
  });

  it('never proposes again what it was told not to', async () => {
    const problem = aProblem({
      hosts: { h1: { cpus: 8 }, h2: { cpus: 8 } },
      servers: { s1: { host: 'h1', cpus: 2 }, s2: { host: 'h2', cpus: 2 } },
      terms: [hostsUsed(100), migration(1, 0)],
    });
    const together = ['h1', 'h2'].map((host) => ({
      host: hostId(host),
      servers: servers('s1', 's2'),
      proven: true,
    }));

    const outcome = await solvePlacement({ ...problem, noGoods: together }, highs, aBudget());

    expect(outcome).toMatchObject({ kind: 'optimal', objective: 200 });
  });

  it('empties a host to be drained, and proves when that cannot be', async () => {
    const sketch = {
      hosts: { h1: { cpus: 8 }, h2: { cpus: 4 } },
      servers: { s1: { host: 'h1', cpus: 2 }, s2: { host: 'h1', cpus: 2 }, s3: { host: 'h2', cpus: 2 } },
      terms: [migration(1, 0)],
      mustEmpty: ['h1'],
    };
    const small = { ...sketch, servers: { s1: { host: 'h1', cpus: 2 }, s3: { host: 'h2', cpus: 2 } } };

    const feasible = await solvePlacement(aProblem(small), highs, aBudget());
    const infeasible = await solvePlacement(aProblem(sketch), highs, aBudget());

    expect(assignmentOf(feasible)).toEqual({ s1: 'h2', s3: 'h2' });
    expect(infeasible.kind).toBe('infeasible');
  });

  it('lets an overfull host be, and sends nothing there', async () => {
    const problem = aProblem({
      hosts: { h1: { cpus: 2 }, h2: { cpus: 8 } },
      servers: { s1: { host: 'h1', cpus: 4 }, s2: { host: 'h2', cpus: 1 } },
      terms: [migration(1, 0)],
    });

    const outcome = await solvePlacement(problem, highs, aBudget());

    expect(outcome).toMatchObject({ kind: 'optimal', objective: 0, assignment: problem.start });
  });

  it('puts guests on cells that have the threads and the pages', async () => {
    const guest = (pages: number) => ({ cpus: 2, cells: [{ threads: 2, pages: { 2048: pages } }] });
    const problem = aProblem({
      hosts: {
        h1: { cells: [{ threads: 4, pages: { 2048: 8 } }] },
        h2: {
          cells: [
            { threads: 2, pages: { 2048: 1 } },
            { threads: 2, pages: { 2048: 4 } },
          ],
        },
        h3: { cells: [{ threads: 1, pages: { 2048: 9 } }] },
      },
      servers: {
        s1: { host: 'h1', ...guest(4), on: [0] },
        s2: { host: 'h1', ...guest(1), on: [0] },
      },
      terms: [migration(1, 0)],
      mustEmpty: ['h1'],
    });

    const outcome = await solvePlacement(problem, highs, aBudget());

    expect(assignmentOf(outcome)).toEqual({ s1: 'h2', s2: 'h2' });
  });

  it('leaves residents on their cells: room that is split over cells holds no guest', async () => {
    const guest = { cells: [{ threads: 2 }] };
    const problem = aProblem({
      hosts: { h1: { cells: [{ threads: 2 }] }, h2: { cells: [{ threads: 3 }, { threads: 3 }] } },
      servers: {
        s1: { host: 'h1', ...guest, on: [0] },
        s2: { host: 'h2', ...guest, on: [0] },
        s3: { host: 'h2', ...guest, on: [1] },
      },
      terms: [migration(1, 0)],
      mustEmpty: ['h1'],
    });

    const outcome = await solvePlacement(problem, highs, aBudget());

    expect(outcome.kind).toBe('infeasible');
  });

  it('puts no two cells of a guest on one NUMA cell', async () => {
    const problem = aProblem({
      hosts: {
        h1: { cells: [{ threads: 2 }, { threads: 2 }] },
        h2: { cells: [{ threads: 8 }] },
        h3: { cells: [{ threads: 1 }, { threads: 2 }] },
      },
      servers: { s1: { host: 'h1', cells: [{ threads: 2 }, { threads: 1 }], on: [0, 1] } },
      terms: [migration(1, 0)],
      mustEmpty: ['h1'],
    });

    const outcome = await solvePlacement(problem, highs, aBudget());

    expect(assignmentOf(outcome)).toEqual({ s1: 'h3' });
  });

  it('keeps group limits, but asks for no more than there is today', async () => {
    const members = servers('s1', 's2', 's3');
    const problem = aProblem({
      hosts: threeHosts,
      servers: { s1: { host: 'h1', cpus: 1 }, s2: { host: 'h1', cpus: 1 }, s3: { host: 'h2', cpus: 1 } },
      terms: [hostsUsed(100), migration(1, 0)],
      primitives: [{ kind: 'domainCount', rule: 'test', members, per: 'host', atMost: 1 }],
    });

    const outcome = await solvePlacement(problem, highs, aBudget());

    expect(outcome).toMatchObject({ kind: 'optimal', objective: 200, assignment: problem.start });
  });

  it('keeps members in as many racks as they have to be in', async () => {
    const problem = aProblem({
      hosts: { h1: { cpus: 8, rack: 'r1' }, h2: { cpus: 8, rack: 'r1' }, h3: { cpus: 8, rack: 'r2' } },
      servers: fourSmall,
      terms: [hostsUsed(100), migration(1, 0)],
      primitives: [
        { kind: 'domainCount', rule: 'test', members: servers('s1', 's2', 's3'), per: 'rack', atLeast: 2 },
      ],
    });

    const outcome = await solvePlacement(problem, highs, aBudget());

    expect(outcome).toMatchObject({ kind: 'optimal', objective: 201 });
  });

  it('moves servers that are to be together from one group of hosts to another together', async () => {
    const problem = aProblem({
      hosts: { h1: { cpus: 8 }, h2: { cpus: 8 }, h3: { cpus: 2 }, h4: { cpus: 1 } },
      servers: { s1: { host: 'h1', cpus: 2 }, s2: { host: 'h1', cpus: 2 }, s3: { host: 'h2', cpus: 1 } },
      terms: [migration(1, 0)],
      primitives: [
        {
          kind: 'together',
          rule: 'test',
          members: servers('s1', 's2'),
          groups: [hostSet('h1', 'h3'), hostSet('h2'), hostSet('h3', 'h4')],
        },
      ],
      mustEmpty: ['h1'],
    });

    const outcome = await solvePlacement(problem, highs, aBudget());

    expect(outcome).toMatchObject({ kind: 'optimal', objective: 2 });
    expect(assignmentOf(outcome)).toMatchObject({ s1: 'h2', s2: 'h2' });
  });

  it('may leave servers apart that are so today, and no more', async () => {
    const problem = (hosts: Readonly<Record<string, number>>) =>
      aProblem({
        hosts: Object.fromEntries(Object.entries(hosts).map(([name, cpus]) => [name, { cpus }])),
        servers: Object.fromEntries(['h1', 'h1', 'h2'].map((host, i) => [`s${i + 1}`, { host, cpus: 1 }])),
        terms: [migration(1, 0)],
        primitives: [
          {
            kind: 'together',
            rule: 'test',
            members: servers('s1', 's2', 's3'),
            groups: Object.keys(hosts).map((name) => hostSet(name)),
          },
        ],
        mustEmpty: ['h1'],
      });

    const wide = await solvePlacement(problem({ h1: 8, h2: 1, h3: 1, h4: 1, h5: 2 }), highs, aBudget());
    const narrow = await solvePlacement(problem({ h1: 8, h2: 1, h3: 1, h4: 1 }), highs, aBudget());

    expect(assignmentOf(wide)).toEqual({ s1: 'h5', s2: 'h5', s3: 'h2' });
    expect(narrow.kind).toBe('infeasible');
  });

  it('sends covered servers only to hosts that hold nothing else', async () => {
    const sketch = {
      hosts: threeHosts,
      servers: { s1: { host: 'h1', cpus: 2 }, s2: { host: 'h1', cpus: 2 }, s3: { host: 'h2', cpus: 1 } },
      terms: [migration(1, 0)],
      primitives: [{ kind: 'twin', rule: 'test', covered: servers('s1') }] as const,
      mustEmpty: ['h1'],
    };

    const outcome = await solvePlacement(aProblem(sketch), highs, aBudget());

    expect(outcome).toMatchObject({ kind: 'optimal', objective: 2 });
    expect(assignmentOf(outcome)).toMatchObject({ s1: 'h3', s3: 'h2' });
  });

  it('copies no more than it may', async () => {
    const problem = aProblem({
      hosts: threeHosts,
      servers: {
        s1: { host: 'h1', cpus: 2, diskGiB: 40 },
        s2: { host: 'h2', cpus: 2, diskGiB: 20 },
        s3: { host: 'h3', cpus: 2, diskGiB: 30 },
      },
      terms: [hostsUsed(100), migration(1, 0)],
      maxGiB: 45,
    });

    const outcome = await solvePlacement(problem, highs, aBudget());

    expect(outcome).toMatchObject({ kind: 'optimal', objective: 201 });
  });

  it('rests no bound on what only the order refused', async () => {
    const problem = aProblem({
      hosts: { h1: { cpus: 8 }, h2: { cpus: 8 } },
      servers: { s1: { host: 'h1', cpus: 2 }, s2: { host: 'h2', cpus: 2 } },
      terms: [hostsUsed(100), migration(1, 0)],
      noGoods: ['h1', 'h2'].map((host) => ({ host, servers: ['s1', 's2'], proven: false })),
    });

    const outcome = await solvePlacement(problem, highs, aBudget());

    expect(outcome).toMatchObject({
      kind: 'feasible',
      objective: 200,
      bound: 101,
      assignment: problem.start,
    });
  });

  it('stops when its time is up, and says so', async () => {
    let seconds = 0;
    const now = (): number => (seconds += 10);

    const outcome = await solvePlacement(
      randomProblem(3, 4, 12),
      highs,
      aBudget({ now, timeLimitSeconds: 5 }),
    );

    expect(outcome).toMatchObject({ kind: 'feasible', stoppedBy: 'time' });
  });

  it('tells of what it has found on the way', async () => {
    const told: (number | undefined)[] = [];
    const problem = aProblem({
      hosts: threeHosts,
      servers: fourSmall,
      terms: [hostsUsed(100), migration(1, 0)],
    });

    await solvePlacement(problem, highs, aBudget({ onProgress: ({ objective }) => told.push(objective) }));

    expect(told.length).toBeGreaterThan(1);
    expect(told.at(-1)).toBe(102);
  });

  it('needs no solver to see that nothing can be better than free', async () => {
    const problem = aProblem({ hosts: threeHosts, servers: fourSmall, terms: [migration(1, 0)] });

    const outcome = await solvePlacement(problem, undefined, aBudget());

    expect(outcome).toMatchObject({ kind: 'optimal', objective: 0, bound: 0, assignment: problem.start });
  });

  it('finds the optimum of tiny clouds, as trying everything does', async () => {
    const seen = { optimal: 0, infeasible: 0 };
    for (let seed = 1; seed <= 60; seed += 1) {
      const problem = randomProblem(seed, 3, 5);
      const best = bestOfAll(problem);

      const outcome = await solvePlacement(problem, highs, aBudget());

      if (outcome.kind === 'optimal') {
        expect(outcome.objective, `seed ${seed}`).toBeCloseTo(best ?? NaN, 5);
        expect(valueOf(problem, outcome.assignment), `seed ${seed}`).toBeCloseTo(best ?? NaN, 5);
        seen.optimal += 1;
      } else {
        expect([seed, outcome.kind, best]).toEqual([seed, 'infeasible', undefined]);
        seen.infeasible += 1;
      }
    }
    expect(seen.optimal).toBeGreaterThan(30);
  });

  it('keeps every primitive without a solver too', async () => {
    for (let seed = 21; seed <= 40; seed += 1) {
      const problem = randomProblem(seed, 4, 10);

      const outcome = await solvePlacement(problem, undefined, aBudget());

      if (outcome.kind === 'infeasible')
        expect((await solvePlacement(problem, highs, aBudget())).kind, `seed ${seed}`).toBe('infeasible');
      if (outcome.kind !== 'feasible' && outcome.kind !== 'optimal') continue;
      const broken = checkPrimitives(problem, { assignment: outcome.assignment, cells: new Map() });
      expect([seed, broken]).toEqual([seed, []]);
    }
  });

  it('gives the same answer to the same seed and effort', async () => {
    const problem = randomProblem(7, 4, 12);

    const [one, two] = [
      await solvePlacement(problem, highs, aBudget()),
      await solvePlacement(problem, highs, aBudget()),
    ];

    expect(one).toEqual(two);
  });

  it('stops at once when it is cancelled, with the best answer so far', async () => {
    const abort = new AbortController();
    abort.abort();

    const outcome = await solvePlacement(randomProblem(3, 4, 12), highs, aBudget({ signal: abort.signal }));

    if (outcome.kind === 'feasible' || outcome.kind === 'unknown') expect(outcome.stoppedBy).toBe('cancel');
    else expect(outcome.kind).toBe('optimal');
  });
});
