import { afterAll, describe, expect, it } from 'vitest';
import { createBackend } from '../../src/solve/backends/registry.ts';
import { checkPrimitives } from '../../src/solve/check-primitives.ts';
import type { SolveOutcome } from '../../src/solve/placement-problem.ts';
import { solvePlacement } from '../../src/solve/solve.ts';
import { hostId } from '../../src/model/ids.ts';
import { bestOfAll, valueOf } from './brute-force.ts';
import { randomProblem } from './random-cloud.ts';
import { above, aBudget, aProblem, hostsUsed, migration, plain, servers } from './support.ts';

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
