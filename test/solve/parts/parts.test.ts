import { afterAll, describe, expect, it } from 'vitest';
import type { Primitive } from '../../../src/constraints/primitive.ts';
import { createSearchPool } from '../../../src/solve/backends/pool/create-search-pool.ts';
import { createBackend } from '../../../src/solve/backends/registry.ts';
import { checkPrimitives } from '../../../src/solve/check-primitives.ts';
import { compileProblem } from '../../../src/solve/compile/compile.ts';
import { createSearch } from '../../../src/solve/search/heuristic.ts';
import type { PlacementProblem } from '../../../src/solve/placement-problem.ts';
import { isProven, prove, searchFor, type Solve } from '../../../src/solve/prove.ts';
import { binsOf, proveByParts } from '../../../src/solve/parts/prove-by-parts.ts';
import { createRun } from '../../../src/solve/run.ts';
import { toAnswer } from '../../../src/solve/placed.ts';
import { above, aBudget, aProblem, hostSet, hostsUsed, migration, servers } from '../support.ts';

const one = createBackend('highs');
const three = createBackend('highs', 3);
const pool = createSearchPool(3);

afterAll(async () => {
  await Promise.all([one.close(), three.close(), pool.close()]);
});

const zones = ['a', 'b', 'c'];
const hostsOf = (zone: string): string[] => [1, 2, 3, 4, 5].map((n) => `${zone}${n}`);
const serversOf = (zone: string): string[] => Array.from({ length: 70 }, (_, n) => `${zone}-s${n}`);

/** Three zones of five hosts and 70 servers of a few sizes each; nobody goes to another zone. */
function threeZones(
  changes: { readonly maxMoves?: number; readonly balance?: boolean } = {},
): PlacementProblem {
  const stay: Primitive = {
    kind: 'pairMask',
    rule: 'zone',
    sets: zones.map((zone) => ({ servers: servers(...serversOf(zone)), hosts: hostSet(...hostsOf(zone)) })),
  };
  return aProblem({
    hosts: Object.fromEntries(
      zones.flatMap(hostsOf).map((name) => [name, { cpus: 64, zone: name[0] ?? '' }]),
    ),
    servers: Object.fromEntries(
      zones.flatMap((zone, z) =>
        serversOf(zone).map((name, n) => [
          name,
          {
            host: `${zone}${1 + (n % 5)}`,
            cpus: 1 + ((n * 7 + z) % 4),
            memoryMiB: 1024 * (1 + ((n * 5) % 3)),
          },
        ]),
      ),
    ),
    primitives: [stay],
    terms:
      changes.balance === true
        ? [above(5, ['VCPU'], [0, 1], [10, 2]), migration(1, 1)]
        : [hostsUsed(3200), migration(32, 1)],
    ...(changes.maxMoves === undefined ? {} : { maxMoves: changes.maxMoves }),
  });
}

async function start(problem: PlacementProblem): Promise<Solve> {
  const compiled = compileProblem(problem);
  const budget = aBudget({ effort: 1_000, pool });
  const search = createSearch(compiled, budget.seed);
  const solve: Solve = { problem, compiled, budget, run: createRun(budget), search, solutions: [] };
  await searchFor(solve, 1);
  return solve;
}

const facts = ({ search, run }: Solve) => ({
  objective: search.best?.objective,
  bound: run.bound,
  rounds: run.rounds,
  placed: search.best?.placed.at.join(),
});

describe('parts', () => {
  it('are found, by zones, and only where they do not price each other', () => {
    const bins = binsOf(compileProblem(threeZones()));
    const coupled = compileProblem(threeZones());

    expect(bins.map(({ hosts }) => hosts.length)).toEqual([5, 5, 5]);
    expect(bins.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(binsOf({ ...coupled, objective: { ...coupled.objective, couples: true } })).toEqual([]);
  });

  it('solved side by side have the objective and the bound of the whole, with any number of threads', async () => {
    const whole = await start(threeZones());
    const [alone, beside] = [await start(threeZones()), await start(threeZones())];
    const bins = binsOf(whole.compiled);

    await prove(whole, whole.run.spendRounds(one));
    await proveByParts(alone, bins, one);
    await proveByParts(beside, bins, three);

    expect(isProven(whole)).toBe(true);
    expect(alone.search.best?.objective).toBeCloseTo(whole.search.best?.objective ?? 0, 6);
    expect(alone.run.bound).toBeCloseTo(whole.run.bound ?? 0, 6);
    expect(facts(beside)).toEqual(facts(alone));
  });

  it('give the optimum under a limit that does not bind, and a bound and the word of the whole under one that does', async () => {
    const free = await start(threeZones());
    const bins = binsOf(free.compiled);
    await proveByParts(free, bins, one);
    const wide = await start(threeZones({ maxMoves: 210 }));
    const narrow = await start(threeZones({ maxMoves: 3 }));

    expect(await proveByParts(wide, bins, one)).toBe('done');
    expect(await proveByParts(narrow, bins, one)).toBe('whole');

    expect(facts(wide)).toEqual(facts(free));
    const { best } = narrow.search;
    if (best === undefined) throw new Error('staying is an answer');
    expect(checkPrimitives(narrow.problem, toAnswer(narrow.compiled, best.placed))).toEqual([]);
    expect(narrow.run.bound ?? Infinity).toBeLessThanOrEqual(best.objective);
  });

  it('that time cut short are not heeded, nor those after them', async () => {
    const solve = await start(threeZones({ balance: true }));
    const before = facts(solve);
    const timeless = { ...solve, run: createRun({ ...solve.budget, timeLimitSeconds: 0.5, now: ticking() }) };

    await proveByParts(timeless, binsOf(solve.compiled), one);

    expect(timeless.run.stoppedBy).toBe('time');
    expect(facts(timeless)).toMatchObject({ placed: before.placed, rounds: 0 });
  });
});

/** A clock that stands still until it was asked twice. */
function ticking(): () => number {
  let asked = 0;
  return () => (++asked > 2 ? 100 : 0);
}
