import { describe, expect, it } from 'vitest';
import { rules } from '../../src/constraints/registry.ts';
import type { RuleContext } from '../../src/constraints/context.ts';
import { createState } from '../../src/replay/state.ts';
import { explainDeadlock } from '../../src/schedule/explain-deadlock.ts';
import { orderMigrations } from '../../src/schedule/order.ts';
import type { Deadlock } from '../../src/schedule/ordered.ts';
import type { OrderRequest } from '../../src/schedule/run.ts';
import { aCloud, aContext, aHost, aServer, hostId, serverId } from '../support/builders.ts';
import { order, trips } from './support.ts';

const big = (name: string, host: string, memoryGiB = 64) => aServer(name, host, { memoryGiB });

function explained(
  context: RuleContext,
  target: Record<string, string>,
  closed: readonly string[] = [],
): Deadlock {
  const start = createState(context);
  for (const host of closed) start.apply({ kind: 'service', host: hostId(host), status: 'disabled' });
  const request: OrderRequest = {
    context,
    rules,
    start,
    target: new Map(Object.entries(target).map(([server, host]) => [serverId(server), hostId(host)])),
    closed: new Set(closed.map(hostId)),
    options: { effort: 10_000 },
  };
  const outcome = orderMigrations(request);
  if (outcome.kind === 'ordered') throw new Error('there is an order');
  return explainDeadlock(request, outcome);
}

/** Two full hosts, a third on which half is taken by a server, and a fourth with just so much room. */
function withGuest(locked: boolean, more = 0): RuleContext {
  const hosts = [
    aHost('h1'),
    aHost('h2'),
    aHost('h3'),
    aHost('h4', { memoryMiB: 32 * 1024 }),
    ...Array.from({ length: more }, (_, index) => aHost(`small${index}`, { memoryMiB: 1024 })),
  ];
  const servers = [big('a', 'h1'), big('b', 'h2'), { ...big('guest', 'h3', 32), locked }];
  return aContext(aCloud({ hosts, servers }));
}

describe('a deadlock', () => {
  it('names the moves that alone have no order, and no others', () => {
    const hosts = ['h1', 'h2', 'h3', 'h4'].map((name) =>
      aHost(name, { memoryMiB: name === 'h4' ? 8192 : 65536 }),
    );
    const servers = [big('a', 'h1'), big('b', 'h2'), big('c', 'h3', 4)];
    const context = aContext(aCloud({ hosts, servers: [...servers, big('d', 'h3', 60)] }));

    const { core, exists } = explained(context, { a: 'h2', b: 'h1', c: 'h4' });

    expect(exists).toBe('no');
    expect(core).toEqual([
      { server: 'a', to: 'h2', rule: 'capacity', text: 'host h2: 131072 of 65536 MEMORY_MB' },
      { server: 'b', to: 'h1', rule: 'capacity', text: 'host h1: 131072 of 65536 MEMORY_MB' },
    ]);
  });

  it('says on which host how much room would release it', () => {
    const context = aContext(aCloud({ servers: [big('a', 'h1'), big('b', 'h2', 60)] }));

    const { releases } = explained(context, { a: 'h2', b: 'h1' });

    expect(releases).toEqual([
      'free room on h1 for 10 DISK_GB, 61440 MEMORY_MB, 2 VCPU',
      'free room on h2 for 10 DISK_GB, 61440 MEMORY_MB, 2 VCPU',
      'free room on h1 for 10 DISK_GB, 65536 MEMORY_MB, 2 VCPU',
    ]);
  });

  it('says which lock holds it', () => {
    expect(explained(withGuest(true), { a: 'h2', b: 'h1' }).releases?.[0]).toBe(
      'unlock guest, so that it can step aside',
    );
  });

  it('says which host is missing as a bypass host', () => {
    const context = aContext(
      aCloud({
        hosts: ['h1', 'h2', 'h3'].map((name) => aHost(name)),
        servers: [big('a', 'h1'), big('b', 'h2')],
      }),
    );

    expect(explained(context, { a: 'h2', b: 'h1' }, ['h3']).releases?.[0]).toBe(
      'let servers pass through h3',
    );
  });

  it('says that a disruption has to be allowed', () => {
    const request = {
      count: 1,
      specs: [{ vendor_id: '8086' }],
      source: { kind: 'alias', alias: 'nic' },
    } as const;
    const device = { vendorId: '8086', productId: '1', devType: 'type-PCI', tags: {}, numaNode: 0 } as const;
    const servers = [aServer('a', 'h1', { pciRequests: [request], pciDevices: ['0000:00:00.0'] })];
    const hosts = [aHost('h1'), aHost('h2', { pciPools: [{ ...device, count: 1 }] })];

    expect(explained(aContext(aCloud({ hosts, servers })), { a: 'h2' }).releases?.[0]).toBe(
      'allow cold migrations (--allow cold)',
    );
  });
});

describe('a server that stays where it is', () => {
  const expected = [
    'm1 guest h3>h4 +stop-over',
    'm2 b h2>h3 +stop-over',
    'm3 a h1>h2',
    'm4 b h3>h1',
    'm5 guest h4>h3',
  ];

  it('steps aside where nothing else helps', () => {
    expect(trips(order(withGuest(false), { a: 'h2', b: 'h1' })).toSorted()).toEqual(expected);
  });

  it('does so in a large cloud as well', () => {
    expect(trips(order(withGuest(false, 70), { a: 'h2', b: 'h1' })).toSorted()).toEqual(expected);
  });

  it('is not known to be of no use where not all hosts were looked at', () => {
    expect(order(withGuest(true, 70), { a: 'h2', b: 'h1' })).toMatchObject({
      kind: 'deadlock',
      exists: 'unknown',
    });
  });
});
