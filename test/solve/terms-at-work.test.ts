import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadCatalog, readGoalFile } from '../../src/catalog/catalog.ts';
import type { Goal, MigrationCost, Term } from '../../src/objective/goal.ts';
import { createBackend } from '../../src/solve/backends/registry.ts';
import type { PlacementProblem } from '../../src/solve/placement-problem.ts';
import { solvePlacement } from '../../src/solve/solve.ts';
import { aBudget, aProblem, migration, plain, type Sketch } from './support.ts';

const highs = createBackend('highs');
afterAll(() => highs.close());

const folder = mkdtempSync(join(tmpdir(), 'planner-goals-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const catalog = await loadCatalog();

/** The problem of a sketch, with its goal read from a file as with `--goal-file`. */
async function asked(sketch: Sketch, priorities?: Goal['priorities']): Promise<PlacementProblem> {
  const problem = aProblem(sketch);
  const file = join(folder, 'goal.json');
  writeFileSync(file, JSON.stringify({ ...problem.goal, priorities }));
  return { ...problem, goal: await readGoalFile(file, catalog) };
}

/** The servers that another host would suit better, with the host; without the term nothing moves. */
async function movedBy(term: Term, sketch: Omit<Sketch, 'terms'>): Promise<Record<string, string>> {
  const price = migration(1, 0);
  const still = await solvePlacement(await asked({ ...sketch, terms: [price] }), highs, aBudget());
  expect(still).toMatchObject({ kind: 'optimal', objective: 0 });
  const terms = term.kind === 'migration-cost' ? [term] : [term, price];
  const problem = await asked({ ...sketch, terms });
  const answers = [
    await solvePlacement(problem, highs, aBudget()),
    await solvePlacement(problem, undefined, aBudget()),
  ].map((answer) => ('assignment' in answer ? plain(answer.assignment) : {}));
  expect(answers[1]).toEqual(answers[0]);
  return Object.fromEntries(
    Object.entries(answers[0] ?? {}).filter(([name, host]) => sketch.servers[name]?.host !== host),
  );
}

/** The servers that the optimum moves, with the host. */
async function answerTo(sketch: Sketch, priorities?: Goal['priorities']): Promise<Record<string, string>> {
  const answer = await solvePlacement(await asked(sketch, priorities), highs, aBudget());
  expect(answer.kind).toBe('optimal');
  if (!('assignment' in answer)) return {};
  return Object.fromEntries(
    Object.entries(plain(answer.assignment)).filter(([name, host]) => sketch.servers[name]?.host !== host),
  );
}

const two = { h1: { cpus: 8, memoryMiB: 8192 }, h2: { cpus: 8, memoryMiB: 8192 } };

describe('a term changes the answer:', () => {
  it('hosts-used frees the host that costs most', async () => {
    const term: Term = { kind: 'hosts-used', weight: 10, prices: [{ hosts: { name: 'h1' }, weight: 50 }] };
    const servers = { s1: { host: 'h1', cpus: 2 }, s2: { host: 'h2', cpus: 2 } };

    expect(await movedBy(term, { hosts: two, servers })).toEqual({ s1: 'h2' });
  });

  it('load-above relieves a host down to its threshold and no further', async () => {
    const servers = { s1: { host: 'h1', cpus: 4 }, s2: { host: 'h1', cpus: 3 }, s3: { host: 'h2', cpus: 2 } };
    const sketch = { hosts: two, servers };
    const amounts = [{ hosts: { name: 'h*' }, amount: 5 }];

    expect(
      await movedBy(
        { kind: 'load-above', weight: 1, resources: ['VCPU'], threshold: { percent: 62.5 } },
        sketch,
      ),
    ).toEqual({ s2: 'h2' });
    expect(
      await movedBy({ kind: 'load-above', weight: 2, resources: ['VCPU'], threshold: { amounts } }, sketch),
    ).toEqual({ s2: 'h2' });
    expect(
      await movedBy(
        { kind: 'load-above', weight: 2, resources: ['VCPU'], threshold: { percent: 90 } },
        sketch,
      ),
    ).toEqual({});
  });

  it('highest-load lowers the fullest host', async () => {
    const servers = { s1: { host: 'h1', cpus: 4 }, s2: { host: 'h1', cpus: 3 }, s3: { host: 'h2', cpus: 2 } };

    expect(
      await movedBy({ kind: 'highest-load', weight: 1, resource: 'VCPU' }, { hosts: two, servers }),
    ).toEqual({ s2: 'h2' });
  });

  it('stranded-capacity gives free vCPUs the memory that they need', async () => {
    // h1 has 7 vCPUs free and no memory, h2 has 1 vCPU free and 6 GiB.
    const servers = {
      s1: { host: 'h1', cpus: 1, memoryMiB: 7168 },
      s2: { host: 'h2', cpus: 7, memoryMiB: 2048 },
      s3: { host: 'h1', cpus: 0, memoryMiB: 1024 },
    };
    const term: Term = {
      kind: 'stranded-capacity',
      weight: 0.01,
      resource: 'VCPU',
      needs: 'MEMORY_MB',
      target: 512,
    };

    expect(await movedBy(term, { hosts: two, servers })).toEqual({ s3: 'h2' });
  });

  it('free-slots makes a gap for a large server', async () => {
    const servers = { s1: { host: 'h1', cpus: 2 }, s2: { host: 'h2', cpus: 3 } };
    const term: Term = { kind: 'free-slots', weight: 5, amounts: { VCPU: 8 }, wanted: 1 };

    expect(Object.keys(await movedBy(term, { hosts: two, servers }))).toHaveLength(1);
    expect(await movedBy({ ...term, wanted: 0 }, { hosts: two, servers })).toEqual({});
    expect(await movedBy({ ...term, hosts: { name: 'h2' } }, { hosts: two, servers })).toEqual({ s2: 'h1' });
  });

  it('spread takes servers of a kind to another rack', async () => {
    const hosts = { a1: { cpus: 8, rack: 'a' }, a2: { cpus: 8, rack: 'a' }, b1: { cpus: 8, rack: 'b' } };
    const servers = {
      s1: { host: 'a1', tags: ['web'] },
      s2: { host: 'a2', tags: ['web'] },
      s3: { host: 'a1' },
    };
    const term: Term = { kind: 'spread', weight: 5, of: { sets: [{ tag: 'web' }] }, over: 'rack' };

    expect(Object.values(await movedBy(term, { hosts, servers }))).toEqual(['b1']);
    expect(await movedBy({ ...term, atLeast: 1 }, { hosts, servers })).toEqual({});
  });

  it('group-violations takes a group apart, or together', async () => {
    const servers = { s1: { host: 'h1' }, s2: { host: 'h1' }, s3: { host: 'h2' }, s4: { host: 'h1' } };
    const groups = [
      { policy: 'soft-anti-affinity', members: ['s1', 's2'] },
      { policy: 'soft-affinity', members: ['s3', 's4'] },
    ] as const;
    const sketch = { hosts: { ...two, h2: { cpus: 3 } }, servers, groups };

    expect(
      Object.values(
        await movedBy({ kind: 'group-violations', weight: 5, policies: ['soft-anti-affinity'] }, sketch),
      ),
    ).toEqual(['h2']);
    const together = await movedBy(
      { kind: 'group-violations', weight: 5, policies: ['soft-affinity'] },
      sketch,
    );
    expect([{ s3: 'h1' }, { s4: 'h2' }]).toContainEqual(together);
  });

  it('closeness brings a server to the rack of its database', async () => {
    const hosts = { a1: { cpus: 8, rack: 'a' }, b1: { cpus: 8, rack: 'b' }, b2: { cpus: 1, rack: 'b' } };
    const servers = { web: { host: 'a1', cpus: 1 }, db: { host: 'b1', tags: ['db'], cpus: 8 } };
    const pairs = [{ servers: { name: 'web' }, near: { tag: 'db' } }];

    expect(
      await movedBy({ kind: 'closeness', weight: 5, within: 'rack', pairs }, { hosts, servers }),
    ).toEqual({
      web: 'b2',
    });
  });

  it('route-cost sends a server the cheap way', async () => {
    const hosts = { a1: { zone: 'a', cpus: 4 }, a2: { zone: 'a', cpus: 4 }, b1: { zone: 'b', cpus: 4 } };
    const routes = [{ from: { zone: 'a' }, to: { zone: 'a' }, price: 9 }];
    const sketch = { hosts, servers: { s1: { host: 'a1' } }, mustEmpty: ['a1'] };
    const terms: Term[] = [{ kind: 'route-cost', weight: 2, routes }];

    for (const backend of [highs, undefined])
      expect(await solvePlacement(await asked({ ...sketch, terms }), backend, aBudget())).toMatchObject({
        objective: 0,
        assignment: new Map([['s1', 'b1']]),
      });
  });

  it('servers-left gives the room that there is to those that count', async () => {
    const servers = {
      a1: { host: 'h1', cpus: 4, memoryMiB: 1024 },
      a2: { host: 'h1', cpus: 4, memoryMiB: 4096, tags: ['vip'] },
    };
    const hosts = { h1: { cpus: 8 }, h2: { cpus: 4 } };
    const left = { kind: 'servers-left', weight: 1, hosts: { name: 'h1' } } as const;
    const terms: Term[] = [
      { ...left, priority: 1, servers: { tag: 'vip' } },
      { ...left, priority: 2, servers: { not: { tag: 'vip' } } },
      { ...migration(0, 1), priority: 3 },
    ];

    for (const backend of [highs, undefined])
      expect(await solvePlacement(await asked({ hosts, servers, terms }), backend, aBudget())).toMatchObject({
        assignment: new Map([
          ['a1', 'h1'],
          ['a2', 'h2'],
        ]),
      });
  });

  it('most-moved shares migrations out among sets', async () => {
    // Two of h1 must go; without the term the cheapest two are both of service a.
    const of = { eachMetadata: 'service' } as const;
    const servers = {
      a1: { host: 'h1', cpus: 4, memoryMiB: 1024, metadata: { service: 'a' } },
      a2: { host: 'h1', cpus: 4, memoryMiB: 1024, metadata: { service: 'a' } },
      b1: { host: 'h1', cpus: 4, memoryMiB: 2048, metadata: { service: 'b' } },
    };
    const hosts = { h1: { cpus: 12 }, h2: { cpus: 8 } };
    const above: Term = {
      kind: 'load-above',
      weight: 100,
      resources: ['VCPU'],
      threshold: { amounts: [{ hosts: { name: 'h1' }, amount: 4 }] },
    };
    const moved = async (terms: readonly Term[]): Promise<string[]> => {
      const answer = await solvePlacement(await asked({ hosts, servers, terms }), highs, aBudget());
      if (!('assignment' in answer)) return [];
      return [...answer.assignment].flatMap(([server, host]) => (host === 'h2' ? [server] : []));
    };

    expect(await moved([above, migration(0, 1)])).toEqual(['a1', 'a2']);
    expect(await moved([above, migration(0, 1), { kind: 'most-moved', weight: 3, of }])).toContain('b1');
  });

  it('migration-cost spares servers whose metadata or tag says so', async () => {
    const servers = {
      s1: { host: 'h1', cpus: 1, metadata: { price: '50' } },
      s2: { host: 'h1', cpus: 1, tags: ['database'] },
      s3: { host: 'h1', cpus: 1, memoryMiB: 2048 },
    };
    const above: Term = {
      kind: 'load-above',
      weight: 1000,
      resources: ['VCPU'],
      threshold: { amounts: [{ hosts: { name: '*' }, amount: 2 }] },
    };
    const cost: Term = {
      kind: 'migration-cost',
      perMove: 1,
      perGiB: 1,
      perMetadata: { key: 'price', weight: 1 },
      factors: [{ servers: { tag: 'database' }, factor: 10 }],
    };
    const answer = await solvePlacement(
      await asked({ hosts: two, servers, terms: [above, cost] }),
      highs,
      aBudget(),
    );

    expect(answer).toMatchObject({ kind: 'optimal', objective: 3 });
  });

  it('load-above-mean evens out loads', async () => {
    const servers = { s1: { host: 'h1', cpus: 4 }, s2: { host: 'h1', cpus: 4 }, s3: { host: 'h2', cpus: 2 } };
    const term: Term = {
      kind: 'load-above-mean',
      weight: 1,
      resources: ['VCPU'],
      thresholds: [{ abovePercent: 0, slope: 1 }],
    };

    expect(Object.values(await movedBy(term, { hosts: two, servers }))).toEqual(['h2']);
    expect(
      await movedBy({ ...term, thresholds: [{ abovePercent: 38, slope: 1 }] }, { hosts: two, servers }),
    ).toEqual({});
  });

  it('migration-cost takes those who can go live, and of those who go cold the one that is down least', async () => {
    const servers = {
      s1: { host: 'h1', cpus: 2, ways: { cold: 60 } },
      s2: { host: 'h1', cpus: 2, ways: { live: 2 } },
      s3: { host: 'h1', cpus: 2, ways: { cold: 20 } },
    };
    const relieved = (amount: number, prices: Partial<MigrationCost>): Promise<Record<string, string>> => {
      const above: Term = {
        kind: 'load-above',
        weight: 1000,
        resources: ['VCPU'],
        threshold: { amounts: [{ hosts: { name: 'h1' }, amount }] },
      };
      const cost: Term = { kind: 'migration-cost', perMove: 1, perGiB: 0, ...prices };
      return answerTo({ hosts: two, servers, terms: [above, cost] });
    };

    expect(await relieved(4, { perMethod: { live: 3, cold: 5 } })).toEqual({ s2: 'h2' });
    expect(await relieved(2, { perDowntimeSecond: 1 })).toEqual({ s2: 'h2', s3: 'h2' });
    expect(Object.keys(await relieved(2, { perMethod: { live: 9 } }))).toEqual(['s1', 's3']);
    expect(await relieved(4, { perMethod: { live: 30, cold: 5 }, perDowntimeSecond: 1 })).toEqual({
      s3: 'h2',
    });
  });

  it('priorities take what comes first first, whatever comes after weighs', async () => {
    // Freeing h1 takes a move that costs more than the host is worth.
    const servers = { s1: { host: 'h1', cpus: 2 }, s2: { host: 'h2', cpus: 2 } };
    const hosts: Term = { kind: 'hosts-used', weight: 1 };
    const sketch = { hosts: two, servers };
    const cost = migration(50, 0);

    expect(await answerTo({ ...sketch, terms: [hosts, cost] })).toEqual({});
    expect(await answerTo({ ...sketch, terms: [hosts, { ...cost, priority: 2 }] })).not.toEqual({});
    expect(await answerTo({ ...sketch, terms: [{ ...hosts, priority: 2 }, cost] })).toEqual({});
  });

  it('a tolerance gives away as much as it says, for what comes after', async () => {
    // Four on h1 to be shed; s1 alone is enough, s2 and s3 are needed without it, and s1 is dear.
    const servers = {
      s1: { host: 'h1', cpus: 4, memoryMiB: 8192 },
      s2: { host: 'h1', cpus: 3, memoryMiB: 1024 },
      s3: { host: 'h2', cpus: 1 },
    };
    const above: Term = {
      kind: 'load-above',
      weight: 1,
      resources: ['VCPU'],
      threshold: { amounts: [{ hosts: { name: 'h1' }, amount: 3 }] },
    };
    const sketch = { hosts: two, servers, terms: [above, { ...migration(0, 1), priority: 2 }] };
    const giving = (absolute: number): Promise<Record<string, string>> =>
      answerTo(sketch, [{ priority: 1, tolerance: { absolute } }]);

    expect(await giving(0)).toEqual({ s1: 'h2' });
    expect(await giving(0.9)).toEqual({ s1: 'h2' });
    expect(await giving(1)).toEqual({ s2: 'h2' });
    expect(await giving(4)).toEqual({});
  });
});
it('a capacity that departures do not free keeps two servers from trading places', async () => {
  const servers = {
    s1: { host: 'h1', cpus: 6, diskGiB: 6 },
    s2: { host: 'h2', cpus: 3, diskGiB: 6 },
  };
  const terms: Term[] = [
    {
      kind: 'load-above',
      weight: 1,
      resources: ['VCPU'],
      threshold: { amounts: [{ hosts: { name: 'h1' }, amount: 3 }] },
    },
  ];
  const hosts = (diskGiB: number) => ({ h1: { cpus: 8, diskGiB }, h2: { cpus: 8, diskGiB } });

  const narrow = await solvePlacement(aProblem({ hosts: hosts(11), servers, terms }), highs, aBudget());
  const wide = await solvePlacement(aProblem({ hosts: hosts(12), servers, terms }), highs, aBudget());

  expect(narrow).toMatchObject({ kind: 'optimal', objective: 3 });
  expect(wide).toMatchObject({ kind: 'optimal', objective: 0 });
});

it('equal seeds give equal answers', async () => {
  const problem = aProblem({
    hosts: Object.fromEntries(
      Array.from({ length: 8 }, (_, h) => [`h${h}`, { cpus: 20, rack: `r${h % 3}` }]),
    ),
    servers: Object.fromEntries(
      Array.from({ length: 60 }, (_, v) => [
        `s${v}`,
        { host: `h${v % 4}`, cpus: 1 + (v % 2), metadata: { service: String(v % 7) } },
      ]),
    ),
    terms: [
      { kind: 'highest-load', weight: 10, resource: 'VCPU' },
      { kind: 'spread', weight: 3, of: { eachMetadata: 'service' }, over: 'host' },
      migration(1, 0),
    ],
  });
  const [one, two] = [
    await solvePlacement(problem, undefined, aBudget({ effort: 3 })),
    await solvePlacement(problem, undefined, aBudget({ effort: 3 })),
  ];

  expect(one).toEqual(two);
  expect(one.kind).toBe('feasible');
});
