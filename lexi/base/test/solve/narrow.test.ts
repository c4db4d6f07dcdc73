import { describe, expect, it } from 'vitest';
import { narrowDrain, widen } from '../../src/solve/narrow.ts';
import { solvePlacement } from '../../src/solve/solve.ts';
import { hostId, serverId } from '../../src/model/ids.ts';
import { aBudget, aProblem, hostSet, hostsUsed, migration, servers, type Sketch } from './support.ts';

const hostCount = 600;
const name = (h: number): string => `h${String(h).padStart(3, '0')}`;
const numbers = Array.from({ length: hostCount }, (_, h) => h);

/** Host h000 is drained; each host holds server a of its number, and `cpusOf` says how large it is. */
const largeCloud = (
  changes: Partial<Sketch> = {},
  cpusOf: (h: number) => number = () => 6,
): ReturnType<typeof aProblem> =>
  aProblem({
    hosts: Object.fromEntries(numbers.map((h) => [name(h), { cpus: 8, rack: `r${h % 2}` }])),
    servers: {
      ...Object.fromEntries(numbers.map((h) => [`a${name(h)}`, { host: name(h), cpus: cpusOf(h) }])),
      b: { host: 'h000', cpus: 2 },
    },
    terms: [migration(32, 1)],
    mustEmpty: ['h000'],
    ...changes,
  });
const freeOnOdd = (h: number): number => (h === 0 || h % 2 === 1 ? 2 : 7);

describe('a drain of a large cloud', () => {
  it('is solved on few hosts, and leaves everybody else where they are', async () => {
    const problem = largeCloud({}, freeOnOdd);

    const outcome = await solvePlacement(problem, undefined, aBudget());

    expect(narrowDrain(problem)?.cloud.hosts.size).toBeLessThan(hostCount / 4);
    if (outcome.kind !== 'optimal') throw new Error(outcome.kind);
    expect(outcome.objective).toBe(64);
    expect(outcome.assignment.size).toBe(problem.start.size);
    const moved = [...outcome.assignment].filter(([server, host]) => problem.start.get(server) !== host);
    expect(moved.map(([server]) => server).sort()).toEqual(['ah000', 'b']);
  });

  it('is solved whole where the few hosts have no room', async () => {
    const room = 578; // none of those that are looked at
    const problem = largeCloud({}, (h) => (h === 0 || h === room ? 2 : 8));

    const outcome = await solvePlacement(problem, undefined, aBudget());

    expect(narrowDrain(problem)?.cloud.hosts.has(hostId(name(room)))).toBe(false);
    if (outcome.kind !== 'optimal') throw new Error(outcome.kind);
    expect(outcome.assignment.get(serverId('b'))).toBe(name(room));
  });

  it('heeds who may go where, and those elsewhere that count with a server', async () => {
    const problem = largeCloud(
      {
        primitives: [
          {
            kind: 'pairMask',
            rule: 'test',
            sets: [{ servers: servers('ah000'), hosts: hostSet(name(77), name(78)) }],
          },
          {
            kind: 'domainCount',
            rule: 'test',
            members: servers('b', `a${name(599)}`, `a${name(597)}`),
            per: 'rack',
            atMost: 2,
          },
        ],
      },
      () => 2,
    );

    const outcome = await solvePlacement(problem, undefined, aBudget());

    expect(narrowDrain(problem)?.cloud.hosts.has(hostId(name(597)))).toBe(true);
    if (outcome.kind !== 'optimal') throw new Error(outcome.kind);
    expect(outcome.assignment.get(serverId('ah000'))).toBe(name(77));
    expect(Number(outcome.assignment.get(serverId('b'))?.slice(1)) % 2).toBe(0); // the other rack has two already
  });

  it.each([
    ['a host has a price', { terms: [migration(32, 1), hostsUsed(1)] }],
    ['a migration pays', { terms: [migration(-1, 0)] }],
    ['nothing is to be emptied', { mustEmpty: [] }],
    ['a covered server is about', { primitives: [{ kind: 'twin', rule: 'test', covered: servers('b') }] }],
  ] as const)('is not narrowed where %s', (_, changes) => {
    expect(narrowDrain(largeCloud(changes))).toBeUndefined();
  });

  it('widens an answer to all servers', () => {
    const problem = largeCloud();
    const widened = widen(problem, new Map([[serverId('b'), hostId(name(5))]]));

    expect(widened.get(serverId('b'))).toBe(name(5));
    expect(widened.get(serverId(`a${name(5)}`))).toBe(name(5));
    expect(widened.size).toBe(problem.start.size);
  });
});
