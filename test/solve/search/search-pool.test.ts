import { afterAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../../src/solve/backend.ts';
import { createSearchPool } from '../../../src/solve/backends/pool/create-search-pool.ts';
import { createBackend } from '../../../src/solve/backends/registry.ts';
import { compileProblem } from '../../../src/solve/compile/compile.ts';
import { createSearch } from '../../../src/solve/search/heuristic.ts';
import type { PlacementProblem, SolveBudget } from '../../../src/solve/placement-problem.ts';
import { fromPortable, toPortable } from '../../../src/solve/compile/portable.ts';
import { type SearchPool, searchHere } from '../../../src/solve/search/search-pool.ts';
import { createSearchers } from '../../../src/solve/search/searchers.ts';
import { solvePlacement } from '../../../src/solve/solve.ts';
import { randomProblem } from '../random-cloud.ts';
import { aBudget } from '../support.ts';

const highs = createBackend('highs', 2);
const pools = new Map([1, 2, 3].map((threads) => [threads, createSearchPool(threads)]));

afterAll(async () => {
  await Promise.all([...pools.values()].map((pool) => pool.close()));
  await highs.close();
});

/** Clouds with NUMA cells, groups, racks and limits; large enough that searchers find different answers. */
const problems = [21, 23].map((seed) => randomProblem(seed, 5, 16));

const orders = (count: number, below = Infinity) =>
  Array.from({ length: count }, (_, searcher) => ({ searcher, below }));

describe('a copy of a problem for a worker', () => {
  it('is searched as the problem itself', () => {
    for (const problem of problems) {
      const compiled = compileProblem(problem);
      const copy = fromPortable(structuredClone(toPortable(compiled)));
      const [here, there] = [createSearch(compiled, 1), createSearch(copy, 1)];

      for (let round = 0; round < 3; round += 1) expect(there.round()).toBe(here.round());

      expect(there.best).toEqual(here.best);
    }
  });
});

describe('searchers', () => {
  it('are different from each other', () => {
    const searchers = createSearchers(compileProblem(randomProblem(21, 12, 60)), 1);
    const turns = [0, 1].map(() => orders(3).map((order) => searchers.run(order).found?.placed.at.join()));

    expect(new Set(turns.at(-1)).size).toBeGreaterThan(1);
  });

  it('go on from an answer that is better than their own, and from no other', () => {
    const compiled = compileProblem(randomProblem(22, 5, 16));
    const search = createSearch(compiled, 1);
    for (let round = 0; round < 8; round += 1) search.round();
    const best = search.best ?? { placed: search.best, objective: 0 };
    if (best.placed === undefined) throw new Error('no answer to go on from');

    const taken = createSearchers(compiled, 7).run({ searcher: 3, below: Infinity, from: best });
    const refused = createSearchers(compiled, 7);
    const own = refused.run({ searcher: 3, below: Infinity }).found;
    const after = refused.run({ searcher: 3, below: Infinity, from: { ...best, objective: Infinity } }).found;

    expect(taken.found?.objective).toBeLessThanOrEqual(best.objective);
    expect(after?.objective).toBeLessThanOrEqual(own?.objective ?? 0);
  });

  it('tell nothing that is no better than what is known', () => {
    const searchers = createSearchers(compileProblem(randomProblem(21, 5, 16)), 1);

    expect(searchers.run({ searcher: 0, below: -Infinity })).toEqual({});
  });
});

describe('a pool', () => {
  it('reports in the order of the searchers, with any number of threads', async () => {
    const compiled = compileProblem(randomProblem(23, 5, 16));
    const rounds = async (pool: SearchPool) => {
      const crew = pool.open(compiled, 5);
      const first = await crew.round(orders(8), undefined);
      const second = await crew.round(orders(5), undefined);
      await crew.close();
      return [first, second];
    };
    const here = await rounds(searchHere());

    for (const [threads, pool] of pools) expect([threads, await rounds(pool)]).toEqual([threads, here]);
  });

  it('stops a round at once when it is cancelled, and serves the next crew', async () => {
    const pool = createSearchPool(2);
    const compiled = compileProblem(randomProblem(21, 10, 40));
    const abort = new AbortController();
    const many = Array.from({ length: 10_000 }, (_, n) => ({ searcher: n % 2, below: Infinity }));

    const cancelled = pool.open(compiled, 1).round(many, abort.signal);
    abort.abort();

    expect(await cancelled).toBeUndefined();
    expect(await pool.open(compiled, 1).round(orders(2), undefined)).toHaveLength(2);
    await pool.close();
  });
});

describe('solving', () => {
  const bytes = async (problem: PlacementProblem, backend: Backend | undefined, budget: SolveBudget) => {
    const outcome = await solvePlacement(problem, backend, budget);
    return JSON.stringify({ ...outcome, assignment: 'assignment' in outcome && [...outcome.assignment] });
  };

  it('gives the same bytes with any number of threads, and with no pool at all', async () => {
    for (const problem of problems) {
      const alone = await bytes(problem, undefined, aBudget({ effort: 45 }));

      for (const pool of pools.values())
        expect(await bytes(problem, undefined, aBudget({ effort: 45, pool }))).toBe(alone);
    }
  });

  it('uses exactly the rounds of its effort where nothing is proven', async () => {
    for (const effort of [1, 2, 9]) {
      const outcome = await solvePlacement(randomProblem(21, 5, 16), undefined, aBudget({ effort }));

      expect(outcome).toMatchObject({ kind: 'feasible', rounds: effort, stoppedBy: 'effort' });
    }
  });

  it('that ran out of time is repeated by the effort that it names, with any number of threads', async () => {
    const stops: number[] = [];
    for (const backend of [undefined, highs])
      for (const timeLimitSeconds of [5, 7, 8, 9, 10, 11, 12, 14, 16]) {
        const [problem = randomProblem(21, 5, 16)] = problems;
        let ticks = 0;
        const now = (): number => (ticks += 1);
        const stopped = await solvePlacement(
          problem,
          backend,
          aBudget({ effort: 10_000, timeLimitSeconds, now, ...poolOf(3) }),
        );
        if (stopped.kind !== 'feasible' || stopped.stoppedBy !== 'time') continue;
        const { rounds: effort } = stopped;
        stops.push(effort);
        if (effort === 0) continue;

        for (const threads of [1, 3]) {
          const again = await solvePlacement(problem, backend, aBudget({ effort, ...poolOf(threads) }));

          expect(again).toEqual({ ...stopped, stoppedBy: 'effort' });
        }
      }
    expect(stops.length).toBeGreaterThan(3);
  });

  it('tells of the best after each turn, and gives it when it is cancelled in the middle of one', async () => {
    const problem = randomProblem(21, 10, 40);
    const abort = new AbortController();
    const told: number[] = [];
    const outcome = await solvePlacement(
      problem,
      undefined,
      aBudget({
        effort: 1_000_000,
        signal: abort.signal,
        ...poolOf(2),
        onProgress: ({ objective }) => {
          if (objective !== undefined) told.push(objective);
          if (told.length !== 30) return;
          setTimeout(() => {
            abort.abort();
          }, 20);
        },
      }),
    );

    expect(outcome).toMatchObject({ kind: 'feasible', stoppedBy: 'cancel' });
    expect('objective' in outcome && outcome.objective).toBeCloseTo(told.at(-1) ?? 0, 4);
    expect(told).toEqual(told.toSorted((a, b) => b - a));
  });
});

const poolOf = (threads: number) => {
  const pool = pools.get(threads);
  return pool === undefined ? {} : { pool };
};
