import { expect, it } from 'vitest';
import { createObjective } from '../../src/objective/evaluate.ts';
import type { MigrationVolume } from '../../src/objective/evaluation.ts';
import type { Term } from '../../src/objective/goal.ts';
import { factsOf } from '../../src/objective/measure.ts';
import { createWhatIf } from '../../src/objective/what-if.ts';
import { createRng } from '../../src/shared/rng.ts';
import { otherTerms, randomProblemOf } from '../solve/random-cloud.ts';
import { above } from '../solve/support.ts';

const kinds = Object.keys(otherTerms) as Exclude<Term['kind'], 'load-above-mean'>[];

const volume = (server: MigrationVolume['server']): MigrationVolume => ({
  server,
  memoryMiB: 2048,
  diskGiB: 1,
});

it.each([...kinds, 'load-above-mean' as const])(
  'says of %s what two evaluations differ by, when one server ends elsewhere',
  (kind) => {
    let differed = 0;
    for (let seed = 1; seed <= 40; seed += 1) {
      const own = kind === 'load-above-mean' ? [above(3, ['VCPU', 'MEMORY_MB'], [0, 1], [10, 2])] : [];
      const problem = randomProblemOf(kind === 'load-above-mean' ? 'hosts-used' : kind, seed, 4, 10);
      const { cloud, demands, start } = problem;
      const goal = { ...problem.goal, terms: [...own, ...problem.goal.terms] };
      const rng = createRng(seed);
      const hosts = [...cloud.hosts.keys()];
      const anyHost = () => {
        const host = hosts[rng.nextInt(hosts.length)];
        if (host === undefined) throw new Error('no host');
        return host;
      };
      const end = new Map(
        [...start].map(([server, host]) => [server, rng.nextInt(3) === 0 ? anyHost() : host]),
      );
      const movesTo = (at: typeof end): MigrationVolume[] =>
        [...at].filter(([server, host]) => start.get(server) !== host).map(([server]) => volume(server));
      const objective = createObjective(goal, cloud, demands);
      const planned = objective.evaluate(start, end, movesTo(end));
      const whatIf = createWhatIf(goal, factsOf(goal, cloud, demands), {
        start,
        end,
        migrationsOf: (server) => (start.get(server) === end.get(server) ? [] : [volume(server)]),
      });

      for (const server of start.keys()) {
        const to = anyHost();
        const changed = new Map(end).set(server, to);
        const value = objective.evaluate(start, changed, movesTo(changed));

        const shifts = whatIf(server, to, start.get(server) === to ? [] : [volume(server)]);

        for (const [index, shift] of shifts.entries()) {
          const difference = (value.terms[index]?.after ?? 0) - (planned.terms[index]?.after ?? 0);
          expect(shift, `seed ${seed}, ${server} to ${to}`).toBeCloseTo(difference, 5);
          if (Math.abs(difference) > 1e-6) differed += 1;
        }
      }
    }
    expect(differed).toBeGreaterThan(20);
  },
);
