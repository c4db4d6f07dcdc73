import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/shared/rng.ts';
import { buildAssignmentModel } from '../../../src/solve/linear/assignment-model.ts';
import { checkPrimitives } from '../../../src/solve/check-primitives.ts';
import { compileProblem } from '../../../src/solve/compile/compile.ts';
import type { CompiledProblem } from '../../../src/solve/compile/compiled.ts';
import { decode } from '../../../src/solve/linear/decode.ts';
import { encode } from '../../../src/solve/linear/encode.ts';
import { createSearch } from '../../../src/solve/search/heuristic.ts';
import { evaluate, findBreach } from '../../../src/solve/linear/linear-model.ts';
import { type Placed, toAnswer } from '../../../src/solve/placed.ts';
import type { PlacementProblem } from '../../../src/solve/placement-problem.ts';
import { valueOf } from '../brute-force.ts';
import { randomProblem } from '../random-cloud.ts';
import { aProblem, hostsUsed, migration } from '../support.ts';

/** Sends each server somewhere by chance, on some cells of which there are enough, whatever that breaks. */
function scatter(problem: CompiledProblem, seed: number): Placed {
  const rng = createRng(seed);
  const fits = problem.cellFits.length;
  const at = Int32Array.from(problem.start);
  const picks = new Int32Array(at.length * fits).fill(-1);
  for (const { allowed, members, guests } of problem.classes)
    for (const v of members) {
      const host = rng.nextInt(problem.arrivable);
      const options = guests.map(
        (shape, f) => shape?.options(problem.cellFits[f]?.cellCount[host] ?? 0).list.length,
      );
      if (allowed[host] !== 1 || host === problem.start[v] || options.includes(0)) continue;
      at[v] = host;
      for (const [f, count] of options.entries())
        if (count !== undefined && (problem.cellFits[f]?.base[host] ?? -1) >= 0)
          picks[v * fits + f] = rng.nextInt(count);
    }
  return { at, picks };
}

/** The values that the model gives an assignment; undefined when it has no column for one of the moves. */
function encoded(problem: PlacementProblem, placed: Placed) {
  const built = buildAssignmentModel(compileProblem(problem));
  const values = encode(built, placed);
  return values === undefined ? undefined : { built, values };
}

describe('the model of a placement problem', () => {
  it('gives an assignment the objective that evaluate gives it', () => {
    let compared = 0;
    for (let seed = 1; seed <= 150; seed += 1) {
      const problem = randomProblem(seed, 4, 10);
      const compiled = compileProblem(problem);
      const placed = scatter(compiled, seed);

      const model = encoded(problem, placed);

      // A host to be emptied has no price in the model.
      const stays = placed.at.some((host) => compiled.mustEmpty[host] === 1);
      if (model === undefined || stays) continue;
      const { assignment } = toAnswer(compiled, placed);
      const { objective } = evaluate(model.built.model, model.values);
      expect(Math.abs(objective - valueOf(problem, assignment)), `seed ${seed}`).toBeLessThan(1e-6);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(40);
  });

  it('allows what the primitives allow, and nothing else', () => {
    const seen = { allowed: 0, refused: 0 };
    for (let seed = 1; seed <= 300; seed += 1) {
      const problem = randomProblem(seed, 4, 8);
      const compiled = compileProblem(problem);
      const placed = scatter(compiled, seed);

      const model = encoded(problem, placed);

      const answer = toAnswer(compiled, placed);
      const broken = checkPrimitives(problem, answer);
      const breach = model && findBreach(evaluate(model.built.model, model.values));
      if (model !== undefined && breach === undefined) expect([seed, broken]).toEqual([seed, []]);
      // With other cells than those by chance, the assignment may be legal: only what has no cells is compared back.
      if (broken.length === 0 && answer.cells.size === 0) expect([seed, breach]).toEqual([seed, undefined]);
      seen[broken.length === 0 ? 'allowed' : 'refused'] += 1;
    }
    expect(seen.allowed).toBeGreaterThan(20);
    expect(seen.refused).toBeGreaterThan(20);
  });

  it('turns its values back into an assignment of the same worth that keeps all primitives', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const problem = randomProblem(seed, 4, 10);
      const compiled = compileProblem(problem);
      const search = createSearch(compiled, seed);
      search.round();
      if (search.best === undefined) continue;

      const model = encoded(problem, search.best.placed);
      if (model === undefined) expect.fail(`seed ${seed}: an arrival without a column`);
      const answer = toAnswer(compiled, decode(model.built, model.values));

      expect([seed, checkPrimitives(problem, answer)]).toEqual([seed, []]);
      expect(valueOf(problem, answer.assignment)).toBeLessThanOrEqual(search.best.objective + 1e-6);
    }
  });

  it('lets the cheapest of a class leave a host', () => {
    const problem = aProblem({
      hosts: { h1: { cpus: 8 }, h2: { cpus: 8 } },
      servers: {
        big: { host: 'h1', cpus: 1, diskGiB: 90 },
        middle: { host: 'h1', cpus: 1, diskGiB: 50 },
        small: { host: 'h1', cpus: 1, diskGiB: 10 },
      },
      terms: [hostsUsed(10), migration(1, 1)],
    });
    const compiled = compileProblem(problem);
    const built = buildAssignmentModel(compiled);
    const values = encode(built, { at: Int32Array.from([1, 1, 0]), picks: new Int32Array(0) });
    if (values === undefined) expect.fail('no column');

    const decoded = decode(built, values);

    expect(compiled.classes.length).toBe(1);
    expect(Object.fromEntries(toAnswer(compiled, decoded).assignment)).toEqual({
      big: 'h1',
      middle: 'h2',
      small: 'h2',
    });
  });

  it('folds servers into classes, whatever their number', () => {
    const crowd = Object.fromEntries(
      Array.from({ length: 90 }, (_, i) => [`s${i}`, { host: i < 45 ? 'h1' : 'h2', cpus: 1 }]),
    );
    const problem = aProblem({ hosts: { h1: { cpus: 90 }, h2: { cpus: 90 } }, servers: crowd });

    const { model } = buildAssignmentModel(compileProblem(problem));

    expect(model.variableNames).toEqual([
      'leave 0 h1 0 0',
      'leave 0 h2 1 0',
      'arrive 0 h1',
      'arrive 0 h2',
      'used h1',
      'used h2',
    ]);
  });
});
