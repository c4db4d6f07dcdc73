import { afterAll, describe, expect, it } from 'vitest';
import type { Primitive } from '../../../src/constraints/primitive.ts';
import { hostId } from '../../../src/model/ids.ts';
import { createRng } from '../../../src/shared/rng.ts';
import { createBackend } from '../../../src/solve/backends/registry.ts';
import { relaxHosts, relaxLoads } from '../../../src/solve/bounds/bound.ts';
import { checkPrimitives } from '../../../src/solve/check-primitives.ts';
import { compileProblem } from '../../../src/solve/compile/compile.ts';
import { packExactly } from '../../../src/solve/bounds/pack-exactly.ts';
import { areSeparable, componentsOf, windowsOf } from '../../../src/solve/parts/parts.ts';
import { toAnswer } from '../../../src/solve/placed.ts';
import { createRun } from '../../../src/solve/run.ts';
import { solveParts } from '../../../src/solve/parts/solve-parts.ts';
import { solvePlacement } from '../../../src/solve/solve.ts';
import { bestOfAll } from '../brute-force.ts';
import { randomProblem } from '../random-cloud.ts';
import { above, aBudget, aProblem, hostSet, hostsUsed, migration, servers } from '../support.ts';

const highs = createBackend('highs');
const solver = createRun(aBudget()).spend(highs);
const goesOn = (): boolean => true;

afterAll(() => highs.close());

/** Leaving hosts never helps others to keep to it. */
const isMonotone = (primitive: Primitive): boolean =>
  primitive.kind !== 'together' &&
  (primitive.kind !== 'domainCount' || (primitive.per === 'host' && primitive.atLeast === undefined));

describe('bounds', () => {
  it.each([
    ['closing knapsack', relaxHosts],
    ['shedding', relaxLoads],
  ] as const)('of the %s are never above the optimum', async (_, relax) => {
    let bounds = 0;
    for (let seed = 200; seed < 280; seed += 1) {
      const problem = randomProblem(seed, 3, 5);
      const best = bestOfAll(problem);

      const { bound, infeasible } = await relax(compileProblem(problem), solver);

      if (infeasible) expect([seed, best]).toEqual([seed, undefined]);
      if (bound === undefined || best === undefined) continue;
      expect(bound, `seed ${seed}`).toBeLessThanOrEqual(best + 1e-6);
      bounds += 1;
    }
    expect(bounds).toBeGreaterThan(10);
  });

  it('of the closing knapsack hold while it learns which hosts cannot hold everybody', async () => {
    let raised = 0;
    let packed = 0;
    for (let seed = 400; seed < 480; seed += 1) {
      const drawn = randomProblem(seed, 4, 6);
      const problem = { ...drawn, primitives: drawn.primitives.filter(isMonotone) };
      const best = bestOfAll(problem) ?? Infinity;
      const compiled = compileProblem(problem);
      const first = await relaxHosts(compiled, solver);
      let keep = first.keep;
      for (let n = 0; n < 8 && keep !== undefined; n += 1) {
        const packing = await packExactly(compiled, keep, solver);
        if (typeof packing === 'object') {
          expect(checkPrimitives(problem, toAnswer(compiled, packing)), `seed ${seed}`).toEqual([]);
          packed += 1;
        }
        if (packing !== 'infeasible') break;
        const next = await first.another?.(keep, true);
        expect(next?.bound ?? -Infinity, `seed ${seed}`).toBeLessThanOrEqual(best + 1e-6);
        if ((next?.bound ?? 0) > (first.bound ?? 0) + 1e-6) raised += 1;
        keep = next?.keep;
      }
    }
    expect(raised).toBeGreaterThan(10);
    expect(packed).toBeGreaterThan(10);
  });

  it('learn nothing from hosts that cannot hold servers which would have to follow each other', async () => {
    const problem = aProblem({
      hosts: { h1: { cpus: 8 }, h2: { cpus: 4 }, h3: { cpus: 8 }, h4: { cpus: 8 } },
      servers: { s1: { host: 'h1', cpus: 4 }, s2: { host: 'h2', cpus: 4 } },
      primitives: [
        {
          kind: 'together',
          rule: 'near',
          members: servers('s1', 's2'),
          groups: [hostSet('h1', 'h2'), hostSet('h3', 'h4')],
        },
      ],
    });

    // h1 alone cannot be emptied, h1 and h2 can.
    expect(await packExactly(compileProblem(problem), Uint8Array.of(0, 1, 1, 1), solver)).toBe('unknown');
    expect(await packExactly(compileProblem(problem), Uint8Array.of(0, 0, 1, 1), solver)).toBeTypeOf(
      'object',
    );
  });

  it('count NUMA cells that alone have what guests ask for', async () => {
    const cell = (id: number, devices: number) => ({
      id,
      threads: 4,
      memoryMiB: 0,
      pages: new Map([[1, devices]]),
    });
    const need = { threads: 3, memoryMiB: 0, pages: new Map([[1, 1]]) };
    const problem = aProblem({
      hosts: { h1: { cpus: 20 }, h2: { cpus: 20 }, h3: { cpus: 20 } },
      servers: { s1: { host: 'h1', cpus: 3 }, s2: { host: 'h2', cpus: 3 } },
      terms: [hostsUsed(100), migration(1, 0)],
      primitives: [
        {
          kind: 'cellFit',
          rule: 'devices',
          hosts: new Map(
            ['h1', 'h2', 'h3'].map((host) => [hostId(host), [cell(0, host === 'h3' ? 0 : 8), cell(1, 0)]]),
          ),
          guests: new Map([...servers('s1', 's2')].map((server) => [server, [need]])),
          held: new Map([...servers('s1', 's2')].map((server) => [server, [{ cell: 0, need }]])),
        },
      ],
    });

    const relaxed = await relaxHosts(compileProblem(problem), solver);

    // Threads, devices and hosts' CPUs would all let one host hold both: but not its one cell with devices.
    expect(relaxed).toMatchObject({ leastHosts: 2, bound: 200 });
  });

  it('tell how few hosts can hold everybody', async () => {
    const problem = aProblem({
      hosts: { h1: { cpus: 4 }, h2: { cpus: 4 }, h3: { cpus: 4 }, h4: { cpus: 4 } },
      servers: Object.fromEntries(
        ['h1', 'h2', 'h3', 'h4'].map((host, i) => [`s${i}`, { host, cpus: 3 - (i % 2) * 2 }]),
      ),
      terms: [hostsUsed(100), migration(1, 0)],
    });

    const relaxed = await relaxHosts(compileProblem(problem), solver);

    expect(relaxed).toMatchObject({ leastHosts: 2, bound: 202 });
  });
});

describe('parts of a cloud', () => {
  const zones = aProblem({
    hosts: { a1: { cpus: 8 }, a2: { cpus: 8 }, b1: { cpus: 8 }, b2: { cpus: 8 } },
    servers: {
      s1: { host: 'a1', cpus: 2 },
      s2: { host: 'a2', cpus: 2 },
      s3: { host: 'b1', cpus: 2 },
      s4: { host: 'b2', cpus: 2 },
    },
    terms: [hostsUsed(10), above(1, ['VCPU'], [0, 1]), migration(1, 0)],
    primitives: [
      {
        kind: 'pairMask',
        rule: 'zone',
        sets: [
          { servers: servers('s1', 's2'), hosts: hostSet('a1', 'a2') },
          { servers: servers('s3', 's4'), hosts: hostSet('b1', 'b2') },
        ],
      },
    ],
  });

  it('are found by who may move where', () => {
    const compiled = compileProblem(zones);

    const components = componentsOf(compiled);

    expect(components).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(areSeparable(compiled, components)).toBe(true);
    expect(areSeparable({ ...compiled, maxMoves: 3 }, components)).toBe(false);
  });

  it('have optima that add up to the optimum', async () => {
    const whole = await solvePlacement(zones, highs, aBudget());

    const parts = await solveParts(compileProblem(zones), solver, { seed: 1, goesOn });

    expect(whole).toMatchObject({ kind: 'optimal', objective: parts.bound });
    expect(checkPrimitives(zones, toAnswer(compileProblem(zones), parts.placed))).toEqual([]);
  });

  it('bound the optimum from below, or not at all', async () => {
    for (let seed = 300; seed < 330; seed += 1) {
      const problem = randomProblem(seed, 3, 5);
      const best = bestOfAll(problem);

      const { bound, infeasible } = await solveParts(compileProblem(problem), solver, { seed, goesOn });

      if (infeasible) expect([seed, best]).toEqual([seed, undefined]);
      if (bound !== undefined && best !== undefined) expect(bound, `seed ${seed}`).toBeCloseTo(best, 5);
    }
  });

  it('share out all hosts', () => {
    const windows = windowsOf(compileProblem(zones), [0, 1, 2, 3], 2, createRng(1));

    expect(windows.map((hosts) => hosts.length)).toEqual([2, 2]);
    expect(windows.flat().toSorted()).toEqual([0, 1, 2, 3]);
  });
});
