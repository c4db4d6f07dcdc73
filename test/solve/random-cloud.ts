import type { Primitive } from '../../src/constraints/primitive.ts';
import type { Term } from '../../src/objective/goal.ts';
import type { PlacementProblem } from '../../src/solve/placement-problem.ts';
import { createRng, type Rng } from '../../src/shared/rng.ts';
import {
  above,
  aProblem,
  hostSet,
  type HostSketch,
  hostsUsed,
  migration,
  type ServerSketch,
  servers,
  type Sketch,
} from './support.ts';

/** Flavors: VCPUs, memory, disk and the cells of a guest. */
const flavors: readonly Omit<ServerSketch, 'host'>[] = [
  { cpus: 1, memoryMiB: 1024 },
  { cpus: 2, memoryMiB: 2048, diskGiB: 3 },
  { cpus: 2, memoryMiB: 4096 },
  { cpus: 3, memoryMiB: 1024, diskGiB: 10 },
  { cpus: 2, memoryMiB: 2048, cells: [{ threads: 2, memoryMiB: 512 }] },
  { cpus: 1, memoryMiB: 1024, cells: [{ threads: 1, pages: { 2048: 2 } }] },
  { cpus: 4, memoryMiB: 4096, cells: [{ threads: 2 }, { threads: 1, pages: { 2048: 1 } }] },
  { cpus: 2, memoryMiB: 2048, cells: [{ threads: 1 }, { threads: 1 }] },
];
/** More ways on five cells than the model has columns for (`maxOptionColumns`). */
const wideFlavor: Omit<ServerSketch, 'host'> = {
  cpus: 3,
  memoryMiB: 1024,
  cells: [{ threads: 1 }, { threads: 2 }, { threads: 1, pages: { 2048: 1 } }],
};

const goals: readonly (readonly Term[])[] = [
  [hostsUsed(3200), migration(32, 1)],
  [above(10, ['VCPU', 'MEMORY_MB'], [0, 1], [10, 2], [25, 4]), migration(32, 1)],
  [migration(32, 1), above(0.5, ['VCPU'], [0, 1])],
  [hostsUsed(50), above(1, ['MEMORY_MB'], [0, 3], [20, 1]), migration(5, 2)],
  [hostsUsed(1)],
  [above(3, ['VCPU'], [5, 1])],
];

const random = <Item>(rng: Rng, items: readonly Item[]): Item => {
  const item = items[rng.nextInt(items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
};

/** One term of each kind besides those of `goals`, with weights of a size that matters. */
export const otherTerms: Readonly<Record<Exclude<Term['kind'], 'load-above-mean'>, (rng: Rng) => Term>> = {
  'hosts-used': (rng) => ({
    kind: 'hosts-used',
    weight: 20,
    prices: [
      { hosts: { name: `h${rng.nextInt(3)}` }, weight: 100 },
      { hosts: { rack: 'r0' }, weight: 40 },
    ],
  }),
  'load-above': (rng) =>
    rng.nextInt(2) === 0
      ? { kind: 'load-above', weight: 3, resources: ['VCPU', 'MEMORY_MB'], threshold: { percent: 40 } }
      : {
          kind: 'load-above',
          weight: 7,
          resources: ['VCPU'],
          threshold: {
            amounts: [
              { hosts: { name: 'h1' }, amount: 2 },
              { hosts: { name: 'h*' }, amount: 4 },
            ],
          },
        },
  'highest-load': (rng) => ({
    kind: 'highest-load',
    weight: 1 + rng.nextInt(5),
    resource: random(rng, ['VCPU', 'MEMORY_MB']),
  }),
  'stranded-capacity': (rng) => ({
    kind: 'stranded-capacity',
    weight: 0.5,
    resource: 'VCPU',
    needs: 'MEMORY_MB',
    target: 512 * (1 + rng.nextInt(3)),
  }),
  'free-slots': (rng) => ({
    kind: 'free-slots',
    weight: 25,
    amounts: { VCPU: 3, MEMORY_MB: 2048 },
    ...(rng.nextInt(2) === 0 ? { wanted: 2 + rng.nextInt(4) } : {}),
  }),
  spread: (rng) => ({
    kind: 'spread',
    weight: 15,
    of: random(rng, [{ eachMetadata: 'service' }, { sets: [{ tag: 'web' }] }, { each: 'group' }] as const),
    over: random(rng, ['host', 'rack'] as const),
    ...(rng.nextInt(2) === 0 ? { atLeast: 2 } : {}),
  }),
  'group-violations': () => ({
    kind: 'group-violations',
    weight: 18,
    policies: ['affinity', 'anti-affinity', 'soft-affinity', 'soft-anti-affinity'],
  }),
  closeness: (rng) => ({
    kind: 'closeness',
    weight: 12,
    within: random(rng, ['host', 'rack'] as const),
    pairs: [
      {
        servers: { metadata: 'service=0' },
        near: { metadata: 'service=1' },
      },
      { servers: { tag: 'web' }, near: { metadata: 'service=0' } },
      { servers: { tag: 'web' }, near: { tag: 'web' } },
    ],
  }),
  'route-cost': (rng) => ({
    kind: 'route-cost',
    weight: 2,
    routes: [
      { from: { name: `h${rng.nextInt(3)}` }, to: { rack: 'r1' }, price: 3 },
      { from: { rack: 'r0' }, to: { name: '*' }, price: 7 },
      { from: { name: '*' }, to: { name: 'h0' }, price: 1 },
    ],
  }),
  'most-moved': () => ({ kind: 'most-moved', weight: 6, of: { eachMetadata: 'service' } }),
  'servers-left': (rng) => ({
    kind: 'servers-left',
    weight: 20,
    hosts: { name: `h${rng.nextInt(3)}` },
    ...(rng.nextInt(2) === 0 ? { servers: { tag: 'web' } } : {}),
  }),
  'migration-cost': (rng) => ({
    kind: 'migration-cost',
    perMove: 1,
    perGiB: 0.5,
    perDiskGiB: 1,
    perMetadata: { key: 'price', weight: rng.nextInt(3) },
    factors: [{ servers: { tag: 'web' }, factor: 3 }],
  }),
};

/** The same clouds as `randomProblem` makes, with one to three terms of any kind, groups, tags and metadata. */
export function randomProblemOf(
  kind: keyof typeof otherTerms,
  seed: number,
  hostCount: number,
  serverCount: number,
): PlacementProblem {
  const rng = createRng(seed, 77);
  const more = Object.values(otherTerms).filter(() => rng.nextInt(6) === 0);
  const terms = [otherTerms[kind](rng), ...more.map((make) => make(rng))];
  return randomProblem(seed, hostCount, serverCount, [
    ...terms,
    ...(terms.some((term) => term.kind === 'migration-cost') ? [] : [migration(rng.nextInt(4), 0.5)]),
  ]);
}

/** A small cloud with some of everything that primitives can say; equal seeds, equal clouds. */
export function randomProblem(
  seed: number,
  hostCount: number,
  serverCount: number,
  ownTerms?: readonly Term[],
): PlacementProblem {
  const rng = createRng(seed);
  const chance = (share: number): boolean => rng.nextFloat() < share;
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[rng.nextInt(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  };
  const hostNames = Array.from({ length: hostCount }, (_, h) => `h${h}`);
  const names = Array.from({ length: serverCount }, (_, v) => `s${String(v).padStart(2, '0')}`);
  const cellCount = chance(0.2) ? 5 : 2 + rng.nextInt(2);
  const hosts: Record<string, HostSketch> = Object.fromEntries(
    hostNames.map((name) => [
      name,
      {
        cpus: 6 + rng.nextInt(7),
        memoryMiB: 1024 * (6 + rng.nextInt(9)),
        disabled: chance(0.1),
        ...(chance(0.8) ? { rack: `r${rng.nextInt(2)}` } : {}),
        ...(chance(0.9)
          ? {
              cells: Array.from({ length: cellCount }, () => ({
                threads: 2 + rng.nextInt(3),
                memoryMiB: 2048,
                pages: { 2048: rng.nextInt(4) },
              })),
            }
          : {}),
      },
    ]),
  );
  // Now and then two hosts that are empty and alike.
  const occupied = chance(0.3) && hostCount > 2 ? hostNames.slice(2) : hostNames;
  if (occupied !== hostNames && hosts['h0'] !== undefined) hosts['h1'] = hosts['h0'];
  const all = Object.fromEntries(
    names.map((name) => [
      name,
      randomServer(
        rng,
        cellCount === 5 && chance(0.5) ? wideFlavor : pick(flavors),
        pick(occupied),
        cellCount,
      ),
    ]),
  );
  const some = (share: number): string[] => names.filter(() => chance(share));
  const primitives: Primitive[] = [];
  if (chance(0.5))
    primitives.push({
      kind: 'pairMask',
      rule: 'test',
      sets: [
        { servers: servers(...some(0.4)), hosts: hostSet(...hostNames.filter(() => chance(0.6))) },
        { servers: servers(...some(0.3)), hosts: hostSet(...hostNames.filter(() => chance(0.7))) },
      ],
    });
  if (chance(0.6))
    primitives.push({
      kind: 'domainCount',
      rule: 'test',
      members: servers(...some(0.4)),
      per: 'host',
      atMost: 1 + rng.nextInt(2),
    });
  if (chance(0.3))
    primitives.push({
      kind: 'domainCount',
      rule: 'test',
      members: servers(...some(0.5)),
      per: 'rack',
      atMost: 2,
    });
  if (chance(0.4))
    primitives.push({
      kind: 'domainCount',
      rule: 'test',
      members: servers(...some(0.4)),
      per: pick(['host', 'rack'] as const),
      atLeast: 2,
    });
  if (chance(0.4))
    primitives.push({
      kind: 'together',
      rule: 'test',
      members: servers(...some(0.5)),
      groups: chance(0.5)
        ? hostNames.map((name) => hostSet(name))
        : [hostSet(...hostNames.slice(0, 2)), hostSet(...hostNames.slice(1))],
    });
  if (chance(0.3)) primitives.push({ kind: 'fixed', rule: 'test', servers: servers(...some(0.2)) });
  if (chance(0.25)) primitives.push({ kind: 'twin', rule: 'test', covered: servers(...some(0.3)) });
  const sketch: Sketch = {
    hosts,
    servers: all,
    terms: ownTerms ?? pick(goals),
    primitives,
    ...(chance(0.3) ? { mustEmpty: [pick(hostNames)] } : {}),
    ...(chance(0.3) ? { maxMoves: rng.nextInt(serverCount) } : {}),
    ...(chance(0.2) ? { maxGiB: rng.nextInt(20) } : {}),
    ...(chance(0.4)
      ? {
          noGoods: [
            { host: pick(hostNames), servers: names.slice(0, 1 + rng.nextInt(3)) },
            { host: pick(hostNames), servers: [pick(names)] },
          ],
        }
      : {}),
  };
  return aProblem(ownTerms === undefined ? sketch : decorate(sketch, seed));
}

/** Adds what the goals' other terms speak of: groups, tags, metadata, and disks that stay taken until the end. */
function decorate(sketch: Sketch, seed: number): Sketch {
  const rng = createRng(seed, 78);
  const names = Object.keys(sketch.servers);
  const some = (): string[] => names.filter(() => rng.nextInt(2) === 0);
  const limited = rng.nextInt(3) === 0;
  return {
    ...sketch,
    hosts: Object.fromEntries(
      Object.entries(sketch.hosts).map(([name, host]) => [
        name,
        limited ? { ...host, diskGiB: 6 + rng.nextInt(20) } : host,
      ]),
    ),
    servers: Object.fromEntries(
      Object.entries(sketch.servers).map(([name, server]) => [
        name,
        {
          ...server,
          metadata: { service: String(rng.nextInt(3)), price: random(rng, ['2', '7', 'no number']) },
          tags: rng.nextInt(3) === 0 ? ['web'] : [],
        },
      ]),
    ),
    groups: [
      { policy: 'soft-affinity', members: some() },
      { policy: 'soft-anti-affinity', members: some() },
      { policy: 'anti-affinity', members: some() },
    ],
  };
}

function randomServer(
  rng: Rng,
  flavor: Omit<ServerSketch, 'host'>,
  host: string,
  cellCount: number,
): ServerSketch {
  const first = rng.nextInt(cellCount);
  const on = (flavor.cells ?? []).map((_, g) => (first + g) % cellCount);
  return {
    host,
    ...flavor,
    ...(rng.nextInt(8) === 0 ? { heldCpus: (flavor.cpus ?? 1) + rng.nextInt(3) - 1 } : {}),
    ...(on.length > 0 && rng.nextInt(6) > 0 ? { on } : {}),
  };
}
