import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Task, TimetableProblem } from '../../../src/schedule/timetable/problem.ts';
import { solveTimetable } from '../../../src/schedule/timetable/solve-timetable.ts';
import { createRng } from '../../../src/shared/rng.ts';
import { tryAll, wrongs } from './check.ts';

const task = (id: string, seconds: number, over: Partial<Task> = {}): Task => ({
  id,
  seconds,
  uses: [{ resource: 'link', amount: 1 }],
  after: [],
  ...over,
});

const link = [{ name: 'link', capacity: 1 }];

function solved(problem: TimetableProblem, effort = 100_000) {
  const outcome = solveTimetable(problem, { effort, seed: 1 });
  if (outcome.kind !== 'timetable') throw new Error(outcome.kind);
  expect(wrongs(problem, outcome.starts)).toEqual([]);
  return { ...outcome, starts: Object.fromEntries(outcome.starts) };
}

describe('solveTimetable', () => {
  const closed = [{ from: 0, to: 4 }];
  const after = [{ task: 'a', kind: 'end', lagSeconds: 1 } as const];
  const room = [{ room: 'r', amount: 1 }];
  const free = (id: string, over: Partial<Task> = {}) => task(id, 2, { uses: [], ...over });
  const both = (
    over: Partial<TimetableProblem>,
    a: Partial<Task>,
    b: Partial<Task> = a,
  ): TimetableProblem => ({
    resources: link,
    tasks: [free('a', a), free('b', b)],
    ...over,
  });
  const wide = [{ resource: 'link', amount: 1, seconds: 1 }];

  it.each<[string, TimetableProblem]>([
    ['precedence', both({}, {}, { after })],
    ['closed time', both({}, {}, { closed })],
    ['distance', both({ apart: [{ tasks: ['a', 'b'], gapSeconds: 3 }] }, {})],
    ['capacity', both({}, { uses: wide })],
    ['room', both({ rooms: [{ name: 'r', left: 1 }] }, { takes: room, frees: room })],
  ])('leaves known starts aside that break a %s', (_, problem) => {
    for (const known of [
      new Map([['a', 0]]),
      new Map([
        ['a', 0],
        ['b', 0],
      ]),
    ])
      for (const effort of [0, 1000]) {
        const outcome = solveTimetable(problem, { effort, seed: 1, known });

        expect(outcome).toMatchObject({ kind: 'timetable' });
        if (outcome.kind === 'timetable') expect(wrongs(problem, outcome.starts)).toEqual([]);
      }
  });

  it('is no worse than known starts that hold a resource one after the other', () => {
    const problem = both({}, { uses: wide });
    const known = new Map([
      ['a', 0],
      ['b', 1],
    ]);

    expect(solveTimetable(problem, { effort: 0, seed: 1, known })).toMatchObject({ makespanSeconds: 3 });
  });

  it('lets the shortest go first on one link, which is the least sum of ends', () => {
    const answer = solved({ resources: link, tasks: [task('a', 5), task('b', 2), task('c', 3)] });

    expect(answer).toMatchObject({
      starts: { b: 0, c: 2, a: 5 },
      makespanSeconds: 10,
      sumOfEndSeconds: 17,
      bound: { seconds: 10, by: 'volume', of: 'link' },
      outcome: 'optimal',
    });
  });

  it('puts the makespan before the sum of ends', () => {
    const two = [{ name: 'link', capacity: 2 }];

    const answer = solved({ resources: two, tasks: [task('a', 1), task('b', 1), task('c', 2)] });

    expect(answer).toMatchObject({ makespanSeconds: 2, sumOfEndSeconds: 5, outcome: 'optimal' });
  });

  it('keeps what is closed out, and counts it in the bound', () => {
    const closed = [{ from: 3, to: 10 }];

    const answer = solved({ resources: link, tasks: [task('a', 2, { closed }), task('b', 2, { closed })] });

    expect(answer).toMatchObject({ starts: { a: 0, b: 10 }, makespanSeconds: 12, outcome: 'optimal' });
  });

  it('holds room at both ends, so that a swap without spare room has no timetable', () => {
    const moves = (left: number): TimetableProblem => ({
      resources: [],
      rooms: [
        { name: 'h1', left },
        { name: 'h2', left: 0 },
      ],
      tasks: [
        task('a', 4, { uses: [], takes: [{ room: 'h1', amount: 1 }], frees: [{ room: 'h2', amount: 1 }] }),
        task('b', 4, { uses: [], takes: [{ room: 'h2', amount: 1 }], frees: [{ room: 'h1', amount: 1 }] }),
      ],
    });

    expect(solveTimetable(moves(0), { effort: 1000, seed: 1 })).toEqual({ kind: 'infeasible' });
    expect(solved(moves(1))).toMatchObject({ starts: { a: 0, b: 4 }, makespanSeconds: 8 });
  });

  it('has no answer where tasks wait for each other, or one needs more than there is', () => {
    const cycle = [
      task('a', 1, { after: [{ task: 'b', kind: 'start', lagSeconds: 0 }] }),
      task('b', 1, { after: [{ task: 'a', kind: 'end', lagSeconds: 0 }] }),
    ];
    const wide = task('a', 1, { uses: [{ resource: 'link', amount: 2 }] });

    expect(solveTimetable({ resources: link, tasks: cycle }, { effort: 9, seed: 1 }).kind).toBe('infeasible');
    expect(solveTimetable({ resources: link, tasks: [wide] }, { effort: 9, seed: 1 }).kind).toBe(
      'infeasible',
    );
  });

  it('gives equal tasks their places by rank', () => {
    const answer = solved({
      resources: link,
      tasks: [task('a', 2, { rank: 3 }), task('b', 2, { rank: 1 }), task('c', 2, { rank: 2 })],
    });

    expect(answer.starts).toEqual({ b: 0, c: 2, a: 4 });
  });

  it('keeps members of a set apart in time', () => {
    const uses: Task['uses'] = [];
    const answer = solved({
      resources: [],
      tasks: [task('a', 2, { uses }), task('b', 2, { uses })],
      apart: [{ tasks: ['a', 'b'], gapSeconds: 7 }],
    });

    expect(answer).toMatchObject({ makespanSeconds: 11, sumOfEndSeconds: 13, outcome: 'optimal' });
  });

  it('agrees with trying every start on small problems', () => {
    let infeasible = 0;
    let closed = 0;
    fc.assert(
      fc.property(smallProblem, (problem) => {
        const expected = tryAll(problem, 13);
        const answer = solveTimetable(problem, { effort: 200_000, seed: 1 });
        if (answer.kind !== 'timetable' || expected === undefined) {
          infeasible += 1;
          expect(answer.kind === 'timetable' ? answer.makespanSeconds : 14).toBeGreaterThan(13);
          expect(expected).toBeUndefined();
          return;
        }
        closed += problem.tasks.some((one) => (one.closed ?? []).length > 0) ? 1 : 0;
        expect(wrongs(problem, answer.starts)).toEqual([]);
        expect(answer.outcome).toBe('optimal');
        expect([answer.makespanSeconds, answer.sumOfEndSeconds]).toEqual([
          expected.makespan,
          expected.sumOfEnds,
        ]);
        expect(answer.bound.seconds).toBe(expected.makespan);
        const quick = solveTimetable(problem, { effort: 0, seed: 1 });
        if (quick.kind !== 'timetable') return;
        expect(wrongs(problem, quick.starts)).toEqual([]);
        expect(quick.bound.seconds).toBeLessThanOrEqual(expected.makespan);
      }),
      { numRuns: 300, seed: 20_261_121 },
    );
    expect(infeasible).toBeGreaterThan(5);
    expect(closed).toBeGreaterThan(50);
  });

  it('packs hundreds of tasks near the volume bound, and the same way each time', () => {
    const problem = wideProblem(400, 20);

    const answer = solved(problem, 10_000);

    expect(answer.makespanSeconds).toBeLessThan(answer.bound.seconds * 1.02);
    expect(solved(problem, 10_000)).toEqual(answer);
  });
});

const smallProblem: fc.Arbitrary<TimetableProblem> = fc
  .record({ tasks: fc.integer({ min: 1, max: 4 }), seed: fc.nat() })
  .map(({ tasks, seed }) => randomProblem(tasks, seed));

/** Two resources of 2, two rooms, precedences to earlier tasks with lags, closed intervals, a set kept apart. */
function randomProblem(count: number, seed: number): TimetableProblem {
  const rng = createRng(seed);
  const chance = (percent: number): boolean => rng.nextInt(100) < percent;
  const ids = Array.from({ length: count }, (_, index) => `t${index}`);
  const names = ['r0', 'r1'];
  const rooms = ['m0', 'm1'];
  return {
    resources: names.map((name) => ({ name, capacity: 2 })),
    rooms: rooms.map((name) => ({ name, left: rng.nextInt(3) })),
    apart: count > 1 && chance(20) ? [{ tasks: ids.slice(0, 2), gapSeconds: rng.nextInt(3) }] : [],
    tasks: ids.map((id, index): Task => {
      const from = rng.nextInt(5);
      const [takes, frees] = chance(50) ? rooms : rooms.toReversed();
      return {
        id,
        seconds: 1 + rng.nextInt(3),
        uses: names
          .filter(() => chance(60))
          .map((resource) => ({
            resource,
            amount: 1 + rng.nextInt(2),
            ...(chance(20) && { seconds: 1 }),
          })),
        after:
          index > 0 && chance(30)
            ? [
                {
                  task: `t${rng.nextInt(index)}`,
                  kind: chance(50) ? 'end' : 'start',
                  lagSeconds: rng.nextInt(3),
                },
              ]
            : [],
        closed: chance(30) ? [{ from, to: from + 1 + rng.nextInt(3) }] : [],
        ...(chance(40) &&
          takes !== undefined &&
          frees !== undefined && {
            takes: [{ room: takes, amount: 1 }],
            frees: [{ room: frees, amount: 1 }],
          }),
      };
    }),
  };
}

/** Moves between hosts, one out at a time, over links that carry two. */
function wideProblem(count: number, hosts: number): TimetableProblem {
  const rng = createRng(7);
  return {
    resources: Array.from({ length: hosts }, (_, host) => [
      { name: `out ${host}`, capacity: 1 },
      { name: `in ${host}`, capacity: 2 },
    ]).flat(),
    tasks: Array.from({ length: count }, (_, index) =>
      task(`t${index}`, 5 + rng.nextInt(40), {
        uses: [
          { resource: `out ${index % hosts}`, amount: 1 },
          { resource: `in ${rng.nextInt(hosts)}`, amount: 1 },
        ],
      }),
    ),
  };
}
