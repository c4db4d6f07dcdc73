import { afterAll, describe, expect, it } from 'vitest';
import type { Term } from '../../src/objective/goal.ts';
import { createRng } from '../../src/shared/rng.ts';
import { buildAssignmentModel } from '../../src/solve/linear/assignment-model.ts';
import { createBackend } from '../../src/solve/backends/registry.ts';
import { relaxHosts, relaxLoads } from '../../src/solve/bounds/bound.ts';
import { checkPrimitives } from '../../src/solve/check-primitives.ts';
import { compileProblem } from '../../src/solve/compile/compile.ts';
import { encode } from '../../src/solve/linear/encode.ts';
import { evaluate, findBreach } from '../../src/solve/linear/linear-model.ts';
import { toAnswer } from '../../src/solve/placed.ts';
import { createRun } from '../../src/solve/run.ts';
import { SearchState } from '../../src/solve/search/search-state.ts';
import { solvePlacement } from '../../src/solve/solve.ts';
import { bestOfAll, valueOf } from './brute-force.ts';
import { otherTerms, randomProblemOf } from './random-cloud.ts';
import { aBudget } from './support.ts';

const highs = createBackend('highs');
afterAll(() => highs.close());

const kinds = Object.keys(otherTerms) as Exclude<Term['kind'], 'load-above-mean'>[];

describe.each(kinds)('the term %s', (kind) => {
  it('is worth in search and model what evaluate says', () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const problem = randomProblemOf(kind, seed, 4, 10);
      const compiled = compileProblem(problem);
      const state = new SearchState(compiled);
      const rng = createRng(seed);
      for (let n = 0; n < 60; n += 1) {
        const v = rng.nextInt(10);
        const h = rng.nextInt(4);
        if (compiled.fixed[v] === 1) continue;
        const back = { host: state.at[v] ?? -1, picks: state.picksOf(v) };
        state.lift(v);
        if (state.canPlace(v, h)) {
          const expected = state.objective + state.price(v, h);
          state.place(v, h);
          expect(state.objective, `seed ${seed}`).toBeCloseTo(expected, 6);
        } else state.restore(v, back.host, back.picks);
        const answer = toAnswer(compiled, state.snapshot());
        expect(state.objective, `seed ${seed}`).toBeCloseTo(valueOf(problem, answer.assignment), 5);
      }

      const built = buildAssignmentModel(compiled);
      const placed = state.snapshot();
      const values = encode(built, placed);
      if (values === undefined || checkPrimitives(problem, toAnswer(compiled, placed)).length > 0) continue;
      const inModel = evaluate(built.model, values);
      expect([seed, findBreach(inModel)]).toEqual([seed, undefined]);
      expect(inModel.objective, `seed ${seed}`).toBeCloseTo(
        valueOf(problem, toAnswer(compiled, placed).assignment),
        5,
      );
    }
  });

  it('is brought to its optimum, as trying everything does, and never bounded above it', async () => {
    const solver = createRun(aBudget()).spend(highs);
    const missed: number[] = [];
    for (let seed = 500; seed < 508; seed += 1) {
      const problem = randomProblemOf(kind, seed, 3, 6);
      const best = bestOfAll(problem);

      const exact = await solvePlacement(problem, highs, aBudget());
      const searched = await solvePlacement(problem, undefined, aBudget());

      if (best === undefined) {
        expect([seed, exact.kind]).toEqual([seed, 'infeasible']);
        continue;
      }
      expect([seed, exact.kind]).toEqual([seed, 'optimal']);
      if (exact.kind !== 'optimal' || searched.kind !== 'feasible') continue;
      expect(exact.objective, `seed ${seed}`).toBeCloseTo(best, 5);
      expect(searched.objective, `seed ${seed}`).toBeGreaterThan(best - 1e-6);
      if (searched.objective > best + 1e-5) missed.push(seed);
      for (const relax of [relaxHosts, relaxLoads]) {
        const { bound = -Infinity } = await relax(compileProblem(problem), solver);
        expect(bound, `seed ${seed}`).toBeLessThanOrEqual(best + 1e-6);
      }
    }
    // Search alone promises nothing; worse than this it never was.
    expect(missed.length, `seeds ${missed.join(', ')}`).toBeLessThanOrEqual(1);
  });
});
