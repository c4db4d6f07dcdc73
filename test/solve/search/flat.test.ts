import { describe, expect, it } from 'vitest';
import type { Term } from '../../../src/objective/goal.ts';
import { createRng } from '../../../src/shared/rng.ts';
import { checkPrimitives } from '../../../src/solve/check-primitives.ts';
import { compileProblem } from '../../../src/solve/compile/compile.ts';
import { createSearch } from '../../../src/solve/search/heuristic.ts';
import type { PlacementProblem } from '../../../src/solve/placement-problem.ts';
import { toAnswer } from '../../../src/solve/placed.ts';
import { flatten } from '../../../src/solve/search/flat/flat-problem.ts';
import { FlatState } from '../../../src/solve/search/flat/flat-state.ts';
import { SearchState } from '../../../src/solve/search/search-state.ts';
import { bestOfAll, valueOf } from '../brute-force.ts';
import { randomProblemOf } from '../random-cloud.ts';
import { above, aProblem, migration } from '../support.ts';

const kinds = [
  'load-above',
  'stranded-capacity',
  'closeness',
  'route-cost',
  'most-moved',
  'migration-cost',
] as const;
const isKind = (kind: Term['kind']): boolean =>
  kind === 'load-above-mean' || kinds.some((known) => known === kind);

/** A small random cloud without NUMA cells and without rules and terms that have no place in flat arrays. */
function flatProblemOf(kind: (typeof kinds)[number], seed: number, hosts: number, servers: number) {
  const problem = randomProblemOf(kind, seed, hosts, servers);
  return {
    ...problem,
    noGoods: [],
    primitives: problem.primitives.filter(
      (primitive) => !['cellFit', 'together', 'twin'].includes(primitive.kind),
    ),
    goal: {
      ...problem.goal,
      terms: [
        ...problem.goal.terms.filter((term) => isKind(term.kind)),
        above(2, ['VCPU', 'MEMORY_MB'], [0, 1], [20, 3]),
      ],
    },
  };
}

/** The search state, the flat one and the problem; undefined where today's assignment is no answer. */
function bothStates(problem: PlacementProblem) {
  const compiled = compileProblem(problem);
  const state = new SearchState(compiled);
  const flat = flatten(compiled);
  if (flat === undefined) throw new Error('the problem should be flat');
  const onShut = [...compiled.start].some((h) => compiled.mustEmpty[h] === 1);
  return state.complete && !onShut ? { compiled, state, flat: new FlatState(flat) } : undefined;
}

describe.each(kinds)('flat arrays with %s', (kind) => {
  it('allow the same moves as the search state, at the price that evaluate says', () => {
    let accepted = 0;
    for (let seed = 1; seed <= 20; seed += 1) {
      const problem = flatProblemOf(kind, seed, 4, 10);
      const both = bothStates(problem);
      if (both === undefined) continue;
      const { compiled, state, flat } = both;
      const rng = createRng(seed);
      for (let n = 0; n < 60; n += 1) {
        const v = rng.nextInt(10);
        const to = rng.nextInt(4);
        const from = flat.at[v] ?? -1;
        if (compiled.fixed[v] === 1 || from === to) continue;
        const before = state.objective;
        const total = flat.total;
        state.lift(v);
        let legal = state.canPlace(v, to);
        if (legal) {
          state.place(v, to);
          legal = state.complete;
          if (!legal) state.lift(v);
        }
        if (!legal) state.restore(v, from, new Int32Array(0));
        const rise = state.objective - before;

        expect([seed, n, flat.tryMove(v, to, legal ? rise - 1e-6 : Infinity)]).toEqual([seed, n, false]);
        expect([flat.at[v], flat.total]).toEqual([from, total]);
        expect([seed, n, flat.tryMove(v, to, rise + 1e-6)]).toEqual([seed, n, legal]);

        expect(flat.total - total, `seed ${seed}`).toBeCloseTo(rise, 6);
        accepted += Number(legal);
      }
    }
    expect(accepted).toBeGreaterThan(150);
  });

  it('change two servers at once at the price that evaluate says, and only if all primitives hold', () => {
    let accepted = 0;
    for (let seed = 1; seed <= 20; seed += 1) {
      const problem = flatProblemOf(kind, seed, 4, 10);
      const both = bothStates(problem);
      if (both === undefined) continue;
      const { compiled, flat } = both;
      const answer = () => toAnswer(compiled, { at: flat.at, picks: new Int32Array(0) });
      const worth = () => valueOf(problem, answer().assignment);
      const rng = createRng(seed, 2);
      for (let n = 0; n < 80; n += 1) {
        const [v, w, c] = [rng.nextInt(10), rng.nextInt(10), rng.nextInt(4)];
        if (compiled.fixed[v] === 1 || compiled.fixed[w] === 1) continue;
        const [hosts, total, value] = [Int32Array.from(flat.at), flat.total, worth()];
        const limit = rng.nextInt(3) === 0 ? Infinity : 20 * rng.nextFloat();
        const chain = rng.nextInt(2) === 0;
        const done = chain ? flat.tryChain(v, w, c, limit) : flat.trySwap(v, w, limit);
        const target = Int32Array.from(hosts);
        target[v] = hosts[w] ?? 0;
        target[w] = chain ? c : (hosts[v] ?? 0);

        expect(flat.at).toEqual(done ? target : hosts);
        expect(flat.total - total, `seed ${seed}`).toBeCloseTo(worth() - value, 5);
        if (!done) continue;
        expect(flat.total - total).toBeLessThanOrEqual(limit + 1e-9);
        expect([seed, checkPrimitives(problem, answer())]).toEqual([seed, []]);
        accepted += 1;
      }
      const total = flat.total;
      flat.load(Int32Array.from(flat.at));
      expect(flat.total).toBeCloseTo(total, 6);
    }
    expect(accepted).toBeGreaterThan(20);
  });

  it('are brought to the optimum, as trying everything does', () => {
    for (let seed = 600; seed < 608; seed += 1) {
      const problem = flatProblemOf(kind, seed, 3, 6);
      const best = bestOfAll(problem);
      const compiled = compileProblem(problem);
      const search = createSearch(compiled, seed);
      for (let round = 0; round < 5; round += 1) search.round();
      if (search.best === undefined) continue;

      const answer = toAnswer(compiled, search.best.placed);

      expect([seed, checkPrimitives(problem, answer)]).toEqual([seed, []]);
      expect(search.best.objective, `seed ${seed}`).toBeCloseTo(best ?? -1, 5);
      expect(search.best.objective, `seed ${seed}`).toBeCloseTo(valueOf(problem, answer.assignment), 5);
    }
  });
});

describe('what has no place in flat arrays', () => {
  const hosts = { h1: { cpus: 8 }, h2: { cpus: 8 } };
  const servers = { s1: { host: 'h1', cpus: 4 }, s2: { host: 'h1', cpus: 2 } };
  const load = above(2, ['VCPU'], [0, 1]);

  it('is a goal that pays for hosts or slots, or a rule on sets', () => {
    const isFlat = (terms: readonly Term[]) =>
      flatten(compileProblem(aProblem({ hosts, servers, terms }))) !== undefined;

    expect(isFlat([load, migration(1, 0)])).toBe(true);
    expect(isFlat([load, { kind: 'hosts-used', weight: 1 }])).toBe(false);
    expect(isFlat([load, { kind: 'free-slots', weight: 1, amounts: { VCPU: 2 } }])).toBe(false);
    expect(isFlat([load, { kind: 'highest-load', weight: 1, resource: 'VCPU' }])).toBe(false);
  });

  it('is a server with NUMA cells', () => {
    const cells = [{ threads: 4 }];
    const problem = aProblem({
      hosts: { h1: { cpus: 8, cells }, h2: { cpus: 8, cells } },
      servers: { s1: { host: 'h1', cpus: 2, cells: [{ threads: 2 }], on: [0] } },
      terms: [load],
    });

    expect(flatten(compileProblem(problem))).toBeUndefined();
  });
});
