import { afterAll, describe, expect, it } from 'vitest';
import { createObjective } from '../../../src/objective/evaluate.ts';
import type { Goal, PriorityTolerance, Term } from '../../../src/objective/goal.ts';
import { allowedAbove, prioritiesOf, type Values, valuesOf } from '../../../src/objective/priorities.ts';
import type { Backend } from '../../../src/solve/backend.ts';
import { createBackend } from '../../../src/solve/backends/registry.ts';
import type { PlacementProblem, SolveOutcome } from '../../../src/solve/placement-problem.ts';
import { solvePlacement } from '../../../src/solve/solve.ts';
import { createRng } from '../../../src/shared/rng.ts';
import { valuesOfAll } from '../brute-force.ts';
import { otherTerms, randomProblem } from '../random-cloud.ts';
import { aBudget, migration } from '../support.ts';

const highs = createBackend('highs');
afterAll(() => highs.close());

/** A solver that gets no model of the whole problem, but for the smallest. */
const named: Backend = {
  id: 'jslp',
  solve: (problem, budget) => highs.solve(problem, budget),
  close: () => highs.close(),
};

const withGoal = (problem: PlacementProblem, changes: Partial<Goal>): PlacementProblem => ({
  ...problem,
  goal: { ...problem.goal, ...changes },
});

function valuesIn(problem: PlacementProblem, outcome: SolveOutcome): Values | undefined {
  if (!('assignment' in outcome)) return undefined;
  const { goal, cloud, demands, start, volumeOf } = problem;
  const moved = [...outcome.assignment.keys()].filter(
    (server) => outcome.assignment.get(server) !== start.get(server),
  );
  return valuesOf(
    createObjective(goal, cloud, demands).evaluate(start, outcome.assignment, moved.map(volumeOf)),
  );
}

/** The best value of each priority, one after the other, and how much those before may be. */
function bestByHand(problem: PlacementProblem): { best: number[]; limits: number[] } | undefined {
  let left = valuesOfAll(problem);
  if (left.length === 0) return undefined;
  const best: number[] = [];
  const limits: number[] = [];
  for (const [k, priority] of prioritiesOf(problem.goal).entries()) {
    const least = Math.min(...left.map((values) => values[k] ?? NaN));
    const limit = least + allowedAbove(priority, least);
    best.push(least);
    limits.push(limit);
    left = left.filter((values) => (values[k] ?? NaN) <= limit + 1e-6);
  }
  return { best, limits };
}

/** Two to four terms of any kind under two or three priorities, now and then with a tolerance. */
function randomPriorities(seed: number, servers: number, hosts = 3): PlacementProblem {
  const rng = createRng(seed, 91);
  const kinds = Object.values(otherTerms);
  const terms = Array.from({ length: 2 + rng.nextInt(3) }, (_, i): Term => {
    const make = kinds[rng.nextInt(kinds.length)];
    const term = i === 1 || make === undefined ? migration(1 + rng.nextInt(3), 0.5) : make(rng);
    return { ...term, priority: i < 2 ? 3 - i : 1 + rng.nextInt(3) };
  });
  const tolerance: PriorityTolerance['tolerance'] =
    rng.nextInt(2) === 0 ? { absolute: rng.nextInt(20) } : { percent: 10, absolute: 1 };
  const first = Math.min(...terms.map(({ priority = 1 }) => priority));
  return withGoal(randomProblem(seed, hosts, servers, terms), {
    terms,
    ...(rng.nextInt(2) === 0 && { priorities: [{ priority: first, tolerance }] }),
  });
}

describe('a goal with priorities', () => {
  it('is brought to the best of each, those before kept, as trying everything does', async () => {
    const seen = { optimal: 0, infeasible: 0, tolerant: 0 };
    for (let seed = 1; seed <= 30; seed += 1) {
      const problem = randomPriorities(seed, 5);
      const byHand = bestByHand(problem);
      const outcome = await solvePlacement(problem, highs, aBudget());
      if (byHand === undefined) {
        expect([seed, outcome.kind]).toEqual([seed, 'infeasible']);
        seen.infeasible += 1;
        continue;
      }
      const values = valuesIn(problem, outcome) ?? [];
      expect([seed, outcome.kind, values]).toEqual([seed, 'optimal', values]);
      expect(values, `seed ${seed}`).toHaveLength(byHand.best.length);
      for (const [k, value] of values.entries())
        expect(value, `seed ${seed} priority ${k}`).toBeLessThanOrEqual((byHand.limits[k] ?? NaN) + 1e-5);
      expect(values.at(-1), `seed ${seed}`).toBeCloseTo(byHand.best.at(-1) ?? NaN, 5);
      seen.optimal += 1;
      if (byHand.limits.some((limit, k) => limit > (byHand.best[k] ?? NaN))) seen.tolerant += 1;
    }
    expect(seen.optimal).toBeGreaterThan(17);
    expect(seen.tolerant).toBeGreaterThan(5);
  });

  it('is bounded by nothing above what trying everything finds, without a solver and with little effort too', async () => {
    for (let seed = 100; seed < 115; seed += 1) {
      const problem = randomPriorities(seed, 5);
      const all = valuesOfAll(problem);
      for (const [backend, effort] of [
        [undefined, 2],
        [highs, 1],
      ] as const) {
        const outcome = await solvePlacement(problem, backend, aBudget({ effort }));
        if (!('assignment' in outcome)) continue;
        for (const [k, { anyway = -Infinity, bound = -Infinity }] of (outcome.priorities ?? []).entries()) {
          const least = Math.min(...all.map((values) => values[k] ?? NaN));
          expect(anyway, `seed ${seed}`).toBeLessThanOrEqual(least + 1e-6);
          // What is best here of all plans that are no worse before.
          const values = valuesIn(problem, outcome) ?? [];
          const asGood = all.filter((other) =>
            other.slice(0, k).every((v, j) => v <= (values[j] ?? NaN) + 1e-6),
          );
          expect(bound, `seed ${seed}`).toBeLessThanOrEqual(
            Math.min(...asGood.map((v) => v[k] ?? NaN)) + 1e-5,
          );
        }
      }
    }
  });

  it('is bounded where no model holds the whole problem, never above the optimum', async () => {
    const seen = { answers: 0, told: 0, reached: 0 };
    for (let seed = 200; seed < 206; seed += 1) {
      const problem = randomPriorities(seed, 18, 5);
      const exact = await solvePlacement(problem, highs, aBudget());
      const large = await solvePlacement(problem, named, aBudget({ effort: 8 }));
      if (exact.kind !== 'optimal' || !('assignment' in large)) continue;
      seen.answers += 1;
      const [best, values] = [valuesIn(problem, exact) ?? [], valuesIn(problem, large) ?? []];
      for (const [k, { bound, anyway = -Infinity }] of (large.priorities ?? []).entries()) {
        expect(anyway, `seed ${seed}`).toBeLessThanOrEqual((best[k] ?? NaN) + 1e-5);
        const asGood = values.slice(0, k).every((value, j) => Math.abs(value - (best[j] ?? NaN)) < 1e-6);
        if (bound === undefined || !asGood) continue;
        expect(bound, `seed ${seed}`).toBeLessThanOrEqual((best[k] ?? NaN) + 1e-5);
        if (k > 0 && bound > anyway) seen.told += 1;
      }
      if (values.every((value, k) => Math.abs(value - (best[k] ?? NaN)) < 1e-6)) seen.reached += 1;
    }
    expect(seen.answers).toBeGreaterThan(3);
    expect(seen.told).toBeGreaterThan(0);
    expect(seen.reached).toBeGreaterThan(2);
  });
});
