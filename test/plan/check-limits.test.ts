import { describe, expect, it } from 'vitest';
import { hostId, serverId } from '../../src/model/ids.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { aServiceStep } from '../report/sample-plan.ts';
import { aCloud, aContext, aHost, aServer } from '../support/builders.ts';
import { after, move, planOf, told, verify } from './small-plan.ts';

/** Two servers of 4 GiB memory and 10 GiB disk on h1, hosts h2 and h3 are empty. */
const cloud = aCloud({
  hosts: [aHost('h1'), aHost('h2'), aHost('h3')],
  servers: [aServer('a', 'h1'), aServer('b', 'h1')],
});
const context = aContext(cloud);
const both = [move('m1', 'a', 'h1', 'h2'), move('m2', 'b', 'h1', 'h2', { startSeconds: 60 })];
const limits = (steps: Plan['steps'], options: Partial<Plan['basedOn']['options']>): readonly string[] =>
  told(verify(planOf(steps, { options }), context), 'limit');

describe('what the operator asked for', () => {
  it('is kept', () => {
    expect(limits(both, { maxMoves: 2, maxGiB: 28, maxParallel: 1, drain: [hostId('h1')] })).toEqual([]);
  });

  it('limits the servers that migrate, and what they copy', () => {
    expect(limits(both, { maxMoves: 1, maxGiB: 27.5 })).toEqual(['2 migrated servers, limit 1']);
    expect(limits(both, { maxGiB: 27 })).toEqual(['28 GiB to copy, limit 27']);
  });

  it('limits migrations at a time', () => {
    const together = [move('m1', 'a', 'h1', 'h2'), move('m2', 'b', 'h1', 'h2', { startSeconds: 59 })];

    expect(limits(together, { maxParallel: 1 })).toEqual(['m2: 2 migrations at a time, limit 1']);
    expect(limits(together, { maxParallel: 2 })).toEqual([]);
  });

  it('limits migrations to one host at a time', () => {
    const together = [move('m1', 'a', 'h1', 'h2'), move('m2', 'b', 'h1', 'h2', { startSeconds: 59 })];

    expect(limits(together, { maxInbound: 1 })).toEqual([
      'm2: 2 migrations come to h2 at the same time, limit 1',
    ]);
    expect(limits(together, { maxInbound: 2 })).toEqual([]);
    expect(limits(both, { maxInbound: 1 })).toEqual([]);
  });

  it('empties drained hosts, but for what the plan says it leaves', () => {
    const [first] = both;
    const drain = [hostId('h1')];
    const half = planOf(first === undefined ? [] : [first], { options: { drain } });
    const notDone = [{ server: serverId('b'), host: hostId('h1'), rule: 'server-state', reason: 'locked' }];

    expect(told(verify(half, context), 'limit')).toEqual(['h1 is to be drained and still runs b']);
    expect(told(verify({ ...half, notDone }, context), 'limit')).toEqual([]);
  });

  it('keeps spare hosts in each zone where hosts are disabled', () => {
    const steps = [
      aServiceStep({ id: 'd1', host: hostId('h1') }),
      move('m1', 'a', 'h1', 'h2', after('d1')),
      move('m2', 'b', 'h1', 'h2', { startSeconds: 60, ...after('d1') }),
    ];

    expect(limits(steps, { spareHosts: 1 })).toEqual([]);
    expect(limits(steps, { spareHosts: 2 })).toEqual(['zone nova keeps 1 spare hosts, wanted 2']);
  });
});
