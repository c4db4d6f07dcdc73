import { describe, expect, it } from 'vitest';
import { releasesOf } from '../../../src/schedule/exact/releases.ts';
import { order as orderOf, requestOf } from '../support.ts';
import type { OrderRequest } from '../../../src/schedule/run.ts';
import { aCloud, aContext, aHost, aServer, hostId } from '../../support/builders.ts';

const big = (name: string, host: string) => aServer(name, host, { memoryGiB: 64 });

describe('releasesOf', () => {
  const servers = [big('a', 'h1'), { ...big('b', 'h2'), locked: true }];
  const hosts = ['h1', 'h2', 'h3'].map((name) => aHost(name));
  const context = aContext(aCloud({ hosts, servers }));
  const request = requestOf(context, { a: 'h2' }, { closed: ['h3'] });
  const deadlock = orderOf(context, { a: 'h2' }, { closed: ['h3'] });
  if (deadlock.kind !== 'deadlock') throw new Error('a may not go');

  /** What is told where only requests that pass this have an order. */
  const told = (hasOrder: (changed: OrderRequest) => boolean): readonly string[] =>
    releasesOf(request, deadlock, (changed) =>
      hasOrder(changed)
        ? {
            kind: 'ordered',
            steps: [],
            timing: {
              makespanSeconds: 0,
              sumOfEndSeconds: 0,
              boundSeconds: 0,
              boundBy: 'none',
              outcome: 'optimal',
            },
          }
        : deadlock,
    );

  it('tells changes with which there is an order, each alone', () => {
    expect(told(({ context: { allow } }) => allow.has('cold'))).toEqual([
      'allow cold migrations (--allow cold)',
    ]);
    expect(
      told(({ context: { cloud } }) => [...cloud.servers.values()].every((s) => s.locked !== true)),
    ).toEqual(['unlock b, so that it can step aside']);
    expect(told(({ closed }) => closed.size === 0)).toEqual(['let servers pass through h3']);
  });

  it('frees room on one host', () => {
    const memoryOf = ({ context: { cloud } }: OrderRequest) =>
      cloud.hosts.get(hostId('h1'))?.providers[0]?.inventories.get('MEMORY_MB')?.total;

    expect(told((changed) => memoryOf(changed) === 131_072)).toEqual([
      'free room on h1 for 10 DISK_GB, 65536 MEMORY_MB, 2 VCPU',
    ]);
  });

  it('tells no more than three', () => {
    expect(told(() => true)).toHaveLength(3);
  });
});
