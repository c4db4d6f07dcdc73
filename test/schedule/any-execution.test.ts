import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng, type Rng } from '../../src/shared/rng.ts';
import { randomCloud } from './random-cloud.ts';
import { execute, order, stepsOf } from './support.ts';

const runs = 300;
const executionsEach = 6;

describe('an order of migrations', () => {
  it('is legal and gives the same NUMA cells in every execution that respects it', () => {
    let ordered = 0;
    let stopOvers = 0;
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 2, max: 6 }),
        fc.integer({ min: 40, max: 100 }),
        fc.integer({ min: 1, max: 120 }),
        (seed, hosts, fill, walk) => {
          const { context, target } = randomCloud(createRng(seed), { hosts, fill, walk });
          const outcome = order(context, Object.fromEntries(target), { options: { effort: 20_000 } });
          if (outcome.kind === 'deadlock') return;
          ordered += 1;
          stopOvers += outcome.steps.filter((s) => s.kind === 'migrate' && s.stopOver).length;
          for (let stream = 1; stream <= executionsEach; stream += 1) {
            const rng = createRng(seed, stream);
            const problems = execute(outcome.steps, context, target, (count) => choice(stream, count, rng));
            expect(problems).toEqual([]);
          }
        },
      ),
      { numRuns: runs, seed: 20_240_607 },
    );
    expect(ordered).toBeGreaterThan(runs * 0.95);
    expect(stopOvers).toBeGreaterThan(runs * 0.01); // else the clouds are too easy to show anything
  });

  it('keeps to links, slots and what the operator allows in every execution', () => {
    let waiting = 0;
    for (let seed = 1; seed <= 120; seed += 1) {
      const { context, target } = randomCloud(createRng(seed), { hosts: 6, fill: 60, walk: 60, racks: true });
      const outcome = order(context, Object.fromEntries(target), { options: { effort: 20_000 } });
      if (outcome.kind === 'deadlock') continue;
      waiting += outcome.steps
        .flatMap((step) => step.dependsOn)
        .filter(({ reason }) => /up-|spine/.test(reason)).length;
      for (let stream = 1; stream <= executionsEach; stream += 1) {
        const rng = createRng(seed, stream);
        const problems = execute(outcome.steps, context, target, (count) => choice(stream, count, rng));
        expect(problems, `seed ${seed}`).toEqual([]);
      }
    }
    expect(waiting).toBeGreaterThan(200); // else the links are too wide to show anything
  });

  it.each([5, 40, 41, 92, 99, 134, 141, 161])(
    'has times that keep its own waits on full hosts with slots to spare and narrow links, seed %i',
    (seed) => {
      const shape = { hosts: 5, fill: 85, walk: 120, racks: true } as const;
      const { context, target } = randomCloud(createRng(seed), shape);

      const outcome = order(context, Object.fromEntries(target), { options: { effort: 20_000 } });

      expect(execute(stepsOf(outcome), context, target, () => 0)).toEqual([]);
    },
  );

  it('is found for hundreds of hosts', () => {
    const { context, target } = randomCloud(createRng(1), { hosts: 250, fill: 50, walk: 2500 });

    const outcome = order(context, Object.fromEntries(target), { options: { effort: 100_000 } });

    const rng = createRng(2);
    expect(execute(stepsOf(outcome), context, target, (count) => rng.nextInt(count))).toEqual([]);
  });
});

/** Eager (start all that may start), lazy (end what runs first), and random ones. */
function choice(stream: number, count: number, rng: Rng): number {
  if (stream === 1) return 0;
  return stream === 2 ? count - 1 : rng.nextInt(count);
}
