import { describe, expect, it } from 'vitest';
import { checkMvm } from './mvm/check.ts';
import type { MvmInstance } from './mvm/instance.ts';
import { judgeReassignment } from './roadef/check.ts';
import { parseModel, parseNumbers, type Reassignment } from './roadef/model.ts';
import { toProblem as reassignmentProblem } from './roadef/adapter.ts';
import { exponentOf, median } from './table.ts';
import { judgeMoves } from './vmr2l/check.ts';
import { orderMoves } from './vmr2l/adapter.ts';
import { parseSnapshot } from './vmr2l/snapshot.ts';
import { createObjective } from '../../src/objective/evaluate.ts';
import { hostId, serverId } from '../../src/model/ids.ts';

/** Two machines in two locations, one neighbourhood each; the second resource is transient. */
const tinyModel = `
2  0 10  1 1
2  0 0  20 9  15 9  0 5
   1 1  20 9  15 9  7 0
2  1 0
   1 1 0
3  0 10 4 2
   0 9 4 3
   1 5 1 1
1  0 1 2
10
1 100 1000`;

const tiny = (): Reassignment => parseModel(parseNumbers(tinyModel));

describe('the reassignment checker', () => {
  it('adds up load, balance and the three prices of moves', () => {
    const verdict = judgeReassignment(tiny(), [0, 1, 0], [0, 1, 1]);

    // load: machine 1 holds 14 of 15; balance: 2 × 10 free − 5 free on machine 0, 2 × 6 − 4 on machine 1
    expect(verdict.parts).toEqual({
      load: 0,
      balance: 10 * (2 * 10 - 5) + 10 * (2 * 6 - 4),
      processMove: 1,
      serviceMove: 100,
      machineMove: 5000,
    });
    expect(verdict.cost).toBe(5331);
  });

  it('names every hard constraint that is broken', () => {
    const spread = {
      ...tiny(),
      services: [
        { spreadMin: 2, dependsOn: [] },
        { spreadMin: 0, dependsOn: [0] },
      ],
    };

    const verdict = judgeReassignment(spread, [0, 1, 0], [1, 1, 0]);

    expect(verdict.broken).toEqual([
      'two processes of service 0 on machine 1',
      'service 0 in 1 locations, at least 2 wanted',
      'service 1 in neighbourhood 0 without service 0',
    ]);
  });

  it('charges transient resources at both ends', () => {
    const model = tiny();
    const tight = { ...model, machines: model.machines.map((m) => ({ ...m, capacity: [20, 4] })) };

    expect(judgeReassignment(tight, [0, 1, 1], [1, 0, 1]).broken).toContain(
      'machine 0 would hold 8 of resource 1, capacity 4',
    );
  });

  it('agrees with the goal in the product’s terms', () => {
    const model = tiny();
    const initial = [0, 1, 0];
    const problem = reassignmentProblem(model, initial);
    const after = new Map([
      [serverId('p000000'), hostId('m0000')],
      [serverId('p000001'), hostId('m0001')],
      [serverId('p000002'), hostId('m0001')],
    ]);

    const { after: value } = createObjective(problem.goal, problem.cloud, problem.demands).evaluate(
      problem.start,
      after,
      [problem.volumeOf(serverId('p000002'))],
    );

    expect(value).toBe(judgeReassignment(model, initial, [0, 1, 1]).cost);
  });

  it('refuses a model with too few or too many numbers', () => {
    expect(() => parseModel(parseNumbers('1 0 10'))).toThrow('the model ends after 3 numbers');
    expect(() => parseModel(parseNumbers(`${tinyModel} 4`))).toThrow('1 numbers are left over');
    expect(() => parseNumbers('1 x')).toThrow('"x" is not an integer');
  });
});

const cells = [
  { node: 0, total_cpu: 44, memory_huge_total_mb: 100 },
  { node: 1, total_cpu: 44, memory_huge_total_mb: 100 },
];
const server = (id: string, host: string, node: number, cpu: number) => ({
  instance_id: id,
  host_id: host,
  numa: [{ node, cpu, mem_mb: 10 }],
  allow_migration: id !== 'fixed',
});
const snapshot = () =>
  parseSnapshot({
    cluster_list: [
      {
        host_info: [
          { node_id: 'h1', status: 'ACTIVE', numa: cells },
          { node_id: 'h2', status: 'DISABLED', numa: cells },
        ],
        vm_instance: [
          server('a', 'h1', 0, 20),
          server('b', 'h1', 0, 20),
          server('c', 'h1', 1, 32),
          server('fixed', 'h2', 0, 4),
        ],
      },
    ],
  });

describe('the checker of NUMA moves', () => {
  it('measures what is free modulo 16 on cells of active hosts', () => {
    // free: 4 on cell 0, 12 on cell 1
    expect(judgeMoves(snapshot(), [], 0).fragment).toBe(1);
  });

  it('takes moves one after the other, with room for both ends', () => {
    const blocked = judgeMoves(snapshot(), [{ server: 'a', host: 'h1', cells: [1] }], 1);
    const fixed = judgeMoves(snapshot(), [{ server: 'fixed', host: 'h1', cells: [0] }], 1);
    const disabled = judgeMoves(snapshot(), [{ server: 'a', host: 'h2', cells: [1] }], 0);

    expect(blocked.broken).toEqual(['move 1 of a to h1: no room on cell 1', 'cell h1/1 is overfull']);
    expect(fixed.broken).toEqual(['move 1 of fixed to h1: it may not move']);
    expect(disabled.broken).toEqual([
      '1 moves, at most 0 wanted',
      'move 1 of a to h2: the host is not active',
    ]);
  });

  it('gets moves in an order in which each finds room', () => {
    const target = new Map([
      [serverId('a'), hostId('h1/1')],
      [serverId('c'), hostId('h2/0')],
    ]);

    const moves = orderMoves(snapshot(), target);

    expect(moves.map(({ server: id }) => id)).toEqual(['c', 'a']);
  });
});

describe('the table', () => {
  it('takes medians and the exponent of growth', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(
      exponentOf([
        [100, 1],
        [1000, 10],
        [10_000, 100],
      ]),
    ).toBeCloseTo(1, 9);
  });
});

describe('the checker of migration schedules', () => {
  const instance = (left: number): MvmInstance => ({
    linkMbps: new Map([
      ['a', 1000],
      ['b', 500],
    ]),
    uplinks: [],
    migrations: ['1', '2'].map((vm) => ({
      vm,
      from: 'a',
      to: 'b',
      memoryMB: 2000,
      hotMB: 96,
      hotSeconds: 2,
      coldMBps: 2,
    })),
    amounts: [
      {
        name: 'mem',
        needOf: new Map([
          ['1', 2],
          ['2', 2],
        ]),
        freeOn: new Map([['b', left]]),
      },
    ],
  });

  it('passes what fits, and adds up ends', () => {
    const schedule = [
      { vm: '1', start: 0, end: 51 },
      { vm: '2', start: 51, end: 102 },
    ];

    expect(checkMvm(instance(4), schedule)).toEqual({ makespan: 102, sumOfEnds: 153, broken: [] });
  });

  it('names links and nodes that are overfilled, wrong times and what is missing', () => {
    const both = [
      { vm: '1', start: 0, end: 51 },
      { vm: '2', start: 50, end: 100 },
    ];

    expect(checkMvm(instance(3), both).broken).toEqual([
      'VM 2 runs from 50 to 100',
      'link b to: 1000 Mbit/s, has 500',
      'mem of node b: 4 more than at the start, has 3',
    ]);
    expect(checkMvm(instance(4), both.slice(0, 1)).broken).toEqual(['1 scheduled, 2 wanted']);
  });
});
