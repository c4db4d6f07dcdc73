import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/shared/rng.ts';
import { checkPrimitives } from '../../../src/solve/check-primitives.ts';
import { compileProblem } from '../../../src/solve/compile/compile.ts';
import { createSearch } from '../../../src/solve/search/heuristic.ts';
import { toAnswer } from '../../../src/solve/placed.ts';
import { SearchState } from '../../../src/solve/search/search-state.ts';
import { Trail } from '../../../src/solve/search/steps.ts';
import { valueOf } from '../brute-force.ts';
import { randomProblem } from '../random-cloud.ts';

describe('the search', () => {
  it('finds only answers that keep all primitives, and knows what they are worth', () => {
    let found = 0;
    for (let seed = 1; seed <= 80; seed += 1) {
      const problem = randomProblem(seed, 5, 16);
      const compiled = compileProblem(problem);
      const search = createSearch(compiled, seed);
      for (let round = 0; round < 4; round += 1) search.round();
      if (search.best === undefined) continue;

      const answer = toAnswer(compiled, search.best.placed);

      expect([seed, checkPrimitives(problem, answer)]).toEqual([seed, []]);
      expect(search.best.objective).toBeCloseTo(valueOf(problem, answer.assignment), 5);
      found += 1;
    }
    expect(found).toBeGreaterThan(40);
  });

  it('gets no worse from round to round', () => {
    const search = createSearch(compileProblem(randomProblem(11, 6, 24)), 1);
    const values: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      search.round();
      values.push(search.best?.objective ?? Infinity);
    }

    expect(values).toEqual(values.toSorted((a, b) => b - a));
  });

  it('takes back any sequence of moves', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const state = new SearchState(compileProblem(randomProblem(seed, 4, 12)));
      const rng = createRng(seed);
      const facts = () => [
        state.objective,
        state.moves,
        state.hostPrice,
        state.side.broken,
        [...state.amounts.room],
      ];
      const before = facts();
      const snapshot = state.snapshot();
      const trail = new Trail(state);

      for (let n = 0; n < 30; n += 1) {
        const v = rng.nextInt(12);
        const h = rng.nextInt(4);
        if (state.problem.fixed[v] === 1 || state.at[v] === -1) continue;
        trail.lift(v);
        if (state.canPlace(v, h)) state.place(v, h);
      }
      trail.undo();

      expect(state.snapshot()).toEqual(snapshot);
      for (const [i, fact] of facts().entries())
        if (typeof fact === 'number') expect(fact, `seed ${seed}`).toBeCloseTo(Number(before[i]), 6);
    }
  });
});
