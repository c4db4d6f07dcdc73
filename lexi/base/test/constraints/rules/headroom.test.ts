import { describe, expect, it } from 'vitest';
import type { RuleContext } from '../../../src/constraints/context.ts';
import { headroom } from '../../../src/constraints/rules/headroom.ts';
import { createState } from '../../../src/replay/state.ts';
import { aCloud, aContext, aHost, aServer, providerId } from '../../support/builders.ts';
import { broken, say } from '../../support/say.ts';

const limits = (context: RuleContext, percent: number) =>
  Object.fromEntries(
    headroom(percent)
      .compile(context)
      .flatMap((one) =>
        one.kind === 'capacity' ? [[one.resource, Object.fromEntries(one.limits)] as const] : [],
      ),
  );

describe('headroom', () => {
  it('lets migrations pass through at any time', () => {
    const context = aContext(aCloud({ servers: [aServer('s1', 'h1', { vcpus: 16 })] }));

    expect(say(headroom(50), context, 's1', 'h2')).toBe('yes');
  });

  it('reports hosts that keep less free than asked for', () => {
    const context = aContext(
      aCloud({
        hosts: [aHost('h1', { vcpu: 10 }), aHost('h2')],
        servers: [aServer('s1', 'h1', { vcpus: 9 })],
      }),
    );

    expect(broken(headroom(10), createState(context))).toEqual([]);
    expect(broken(headroom(11), createState(context))).toEqual([
      'host h1 uses 9 VCPU; the headroom asked for leaves 8 ()',
    ]);
  });

  it('names no server, so that another may take the place of one that left', () => {
    const context = aContext(aCloud({ servers: [aServer('s1', 'h1', { vcpus: 16 })] }));

    expect(
      headroom(10)
        .audit(createState(context))
        .map(({ key, servers }) => ({ key, servers })),
    ).toEqual([{ key: 'h1 VCPU', servers: [] }]);
  });

  it('takes the share of the whole capacity from what others leave', () => {
    const otherConsumers = [
      { id: 'x', allocations: [{ provider: providerId('rp-h1'), resources: { VCPU: 3 } }] },
    ];
    const hosts = [aHost('h1', { vcpu: 10, pcpu: 4, memoryMiB: 1000 })];

    expect(limits(aContext(aCloud({ hosts, otherConsumers })), 20)).toEqual({
      'VCPU (headroom)': { h1: 5 },
      'PCPU (headroom)': { h1: 3 },
      'MEMORY_MB (headroom)': { h1: 800 },
    });
  });

  it('keeps room for pinned servers too, and asks them for VCPU where there is no PCPU', () => {
    const context = aContext(
      aCloud({
        hosts: [aHost('h1', { pcpu: 8 }), aHost('h2')],
        servers: [aServer('s1', 'h1', { vcpus: 4, extraSpecs: { 'hw:cpu_policy': 'dedicated' } })],
      }),
    );

    const demands = headroom(10)
      .compile(context)
      .flatMap((one) => (one.kind === 'capacity' ? [[one.resource, [...one.demand]] as const] : []));

    expect(demands).toEqual([
      ['VCPU (headroom)', []],
      ['VCPU (headroom, legacy)', [['s1', 4]]],
      ['PCPU (headroom)', [['s1', 4]]],
      ['PCPU (headroom, legacy)', []],
      ['MEMORY_MB (headroom)', [['s1', 4096]]],
      ['MEMORY_MB (headroom, legacy)', [['s1', 4096]]],
    ]);
  });

  it('is no rule at all when none is asked for, not even on a host that is overfull', () => {
    const context = aContext(aCloud({ servers: [aServer('s1', 'h1', { vcpus: 17 })] }));

    expect(headroom(0).audit(createState(context))).toEqual([]);
    expect(headroom(0).compile(context)).toEqual([]);
  });
});
