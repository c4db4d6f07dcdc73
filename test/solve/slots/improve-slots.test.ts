import { afterAll, describe, expect, it } from 'vitest';
import type { Primitive } from '../../../src/constraints/primitive.ts';
import type { Term } from '../../../src/objective/goal.ts';
import { createObjective } from '../../../src/objective/evaluate.ts';
import { createRng } from '../../../src/shared/rng.ts';
import { createBackend } from '../../../src/solve/backends/registry.ts';
import { checkPrimitives } from '../../../src/solve/check-primitives.ts';
import { compileProblem } from '../../../src/solve/compile/compile.ts';
import { improveSlots } from '../../../src/solve/slots/improve-slots.ts';
import { toAnswer } from '../../../src/solve/placed.ts';
import type { PlacementProblem } from '../../../src/solve/placement-problem.ts';
import { createRun } from '../../../src/solve/run.ts';
import { solvePlacement } from '../../../src/solve/solve.ts';
import { bestOfAll } from '../brute-force.ts';
import { above, aBudget, aProblem, migration, servers, type ServerSketch, type Sketch } from '../support.ts';

const highs = createBackend('highs');
const solver = createRun(aBudget()).spend(highs);
const always = (): boolean => true;
const slots: Term = { kind: 'free-slots', weight: 50, amounts: { VCPU: 4 } };

afterAll(() => highs.close());

/** Two servers that no pattern moves, since more than room matters to them. */
const apart: Primitive = {
  kind: 'domainCount',
  rule: 'test',
  members: servers('s0', 's2'),
  per: 'host',
  atMost: 1,
};
const isTied = (seed: number): boolean => seed % 4 === 0;

/** Hosts of a few sizes, filled at random, with a limit on moves or none. */
function randomSketch(seed: number): Sketch {
  const rng = createRng(seed);
  const names = ['h1', 'h2', 'h3', 'h4'];
  const cpus = names.map(() => 6 + rng.nextInt(5));
  const free = [...cpus];
  const sketched: [string, ServerSketch][] = [];
  for (let n = 0; n < 6; n += 1) {
    const size = 1 + rng.nextInt(3);
    const h = rng.nextInt(names.length);
    if ((free[h] ?? 0) < size) continue;
    free[h] = (free[h] ?? 0) - size;
    sketched.push([`s${n}`, { host: names[h] ?? '', cpus: size, memoryMiB: 1024 * rng.nextInt(2) }]);
  }
  return {
    hosts: Object.fromEntries(names.map((name, h) => [name, { cpus: cpus[h] ?? 0, memoryMiB: 8192 }])),
    servers: Object.fromEntries(sketched),
    terms: [slots, migration(1, 1)],
    ...(isTied(seed) ? { primitives: [apart] } : {}),
    ...(rng.nextInt(2) === 0 ? {} : { maxMoves: 1 + rng.nextInt(3) }),
    ...(rng.nextInt(3) > 0 ? {} : { maxGiB: rng.nextInt(3) }),
  };
}

async function valueOf(problem: PlacementProblem) {
  const compiled = compileProblem(problem);
  const { placed, bound } = await improveSlots(compiled, solver, always);
  if (placed === undefined) return { bound };
  const answer = toAnswer(compiled, placed);
  expect(checkPrimitives(problem, answer)).toEqual([]);
  const moved = [...answer.assignment].filter(([server, host]) => problem.start.get(server) !== host);
  const volumes = moved.map(([server]) => problem.volumeOf(server));
  const objective = createObjective(problem.goal, problem.cloud, problem.demands);
  return { bound, value: objective.evaluate(problem.start, answer.assignment, volumes).after };
}

describe('free slots by patterns of hosts', () => {
  it('keep every limit, are mostly the best there are, and never below their bound', async () => {
    let answers = 0;
    let optimal = 0;
    let tight = 0;
    for (let seed = 1; seed <= 60; seed += 1) {
      const problem = aProblem(randomSketch(seed));

      const { value, bound } = await valueOf(problem);

      const best = bestOfAll(problem) ?? Infinity;
      expect(bound ?? Infinity, `seed ${seed}`).toBeLessThanOrEqual(best + 1e-6);
      if ((bound ?? 0) >= best - 1e-6) tight += 1;
      if (value === undefined || isTied(seed)) continue;
      expect(value, `seed ${seed}`).toBeGreaterThanOrEqual(best - 1e-6);
      answers += 1;
      if (value <= best + 1e-6) optimal += 1;
    }
    expect(tight).toBeGreaterThan(12);
    expect(answers).toBeGreaterThan(20);
    expect(optimal).toBeGreaterThan(0.9 * answers);
  });

  it('exchange servers where no single move wins a slot', async () => {
    const problem = aProblem({
      hosts: { h1: { cpus: 8 }, h2: { cpus: 8 } },
      servers: {
        s1: { host: 'h1', cpus: 3 },
        s2: { host: 'h1', cpus: 3 },
        s3: { host: 'h2', cpus: 1 },
        s4: { host: 'h2', cpus: 5 },
      },
      terms: [slots, migration(1, 0)],
      maxMoves: 2,
    });

    const { value } = await valueOf(problem);

    // s1 goes to h2 only once s3 has left it: 4 free on h1, none on h2; today it is no slot at all.
    expect(bestOfAll(problem)).toBe(value);
  });

  it('are left to others where more is paid for', async () => {
    const problem = aProblem({ ...randomSketch(1), terms: [slots, above(1, ['VCPU'], [0, 1])] });

    expect(await improveSlots(compileProblem(problem), solver, always)).toEqual({});
  });

  it('take part in a solve', async () => {
    const outcome = await solvePlacement(aProblem(randomSketch(3)), highs, aBudget());

    expect('method' in outcome && outcome.method).toContain('slot patterns');
  });
});
