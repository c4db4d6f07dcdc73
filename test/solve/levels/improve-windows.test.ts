import { afterAll, expect, it } from 'vitest';
import { createRng } from '../../../src/shared/rng.ts';
import { createBackend } from '../../../src/solve/backends/registry.ts';
import { checkPrimitives } from '../../../src/solve/check-primitives.ts';
import { compileProblem } from '../../../src/solve/compile/compile.ts';
import { improveWindow } from '../../../src/solve/levels/improve-windows.ts';
import { type Placed, toAnswer } from '../../../src/solve/placed.ts';
import { createRun } from '../../../src/solve/run.ts';
import { aBudget, aProblem, migration } from '../support.ts';

const highs = createBackend('highs');
const solver = createRun(aBudget()).spend(highs);

afterAll(() => highs.close());

/** Forty hosts with a server each; the first two have left their homes for each other's. */
const names = Array.from({ length: 40 }, (_, i) => `h${String(i + 10)}`);
const problem = aProblem({
  hosts: Object.fromEntries(names.map((name) => [name, { cpus: 4 }])),
  servers: Object.fromEntries(names.map((host, i) => [`s${String(i + 10)}`, { host, cpus: 3 }])),
  terms: [migration(1, 0)],
});
const compiled = compileProblem(problem);
const swapped: Placed = { at: Int32Array.from(compiled.start), picks: new Int32Array(0) };
[swapped.at[0], swapped.at[1]] = [1, 0];

it('a window that holds both ends undoes needless moves', async () => {
  const least = new Float64Array(names.length);
  let found: Placed | undefined;
  for (let n = 0; n < 10 && found === undefined; n += 1)
    found = await improveWindow(compiled, swapped, solver, createRng(1, n), least);

  expect(found?.at).toEqual(compiled.start);
  expect(checkPrimitives(problem, toAnswer(compiled, found ?? swapped))).toEqual([]);
});

it('windows begin at hosts where more is paid for leaving than must be', async () => {
  const improved = async (least?: Float64Array): Promise<number> => {
    let count = 0;
    for (let n = 0; n < 12; n += 1)
      if ((await improveWindow(compiled, swapped, solver, createRng(2, n), least)) !== undefined) count += 1;
    return count;
  };

  expect(await improved(new Float64Array(names.length))).toBeGreaterThan(2 * (await improved()));
});
