import { describe, expect, it } from 'vitest';
import { capacity } from '../../src/constraints/rules/capacity.ts';
import { aCloud, aContext, aHost, aServer, providerId } from '../support/builders.ts';

const pinned = { 'hw:cpu_policy': 'dedicated' };

describe('what capacity compiles to', () => {
  const primitive = (context: Parameters<typeof capacity.compile>[0], resource: string) => {
    const found = capacity
      .compile(context)
      .find((one) => one.kind === 'capacity' && one.resource === resource);
    if (found?.kind !== 'capacity') throw new Error(`no primitive ${resource}`);
    return found;
  };

  it('limits each class on each host to what is left of others', () => {
    const provider = providerId('rp-h1');
    const context = aContext(
      aCloud({
        hosts: [aHost('h1', { pcpu: 4 }), aHost('h2', { pcpu: 4, vcpu: 8 })],
        servers: [aServer('s1', 'h1', { vcpus: 3 })],
        otherConsumers: [{ id: 'x', allocations: [{ provider, resources: { VCPU: 5 } }] }],
      }),
    );

    expect(primitive(context, 'VCPU')).toEqual({
      kind: 'capacity',
      rule: 'capacity',
      resource: 'VCPU',
      unit: 'VCPU',
      bothEnds: true,
      limits: new Map([
        ['h1', 11],
        ['h2', 8],
      ]),
      demand: new Map([['s1', 3]]),
      held: new Map(),
    });
  });

  it('asks pinned servers for VCPU on hosts without PCPU alone', () => {
    const context = aContext(
      aCloud({
        hosts: [aHost('h1', { pcpu: 4 }), aHost('h2')],
        servers: [aServer('s1', 'h1', { vcpus: 3, extraSpecs: pinned }), aServer('s2', 'h1')],
      }),
    );

    expect([...primitive(context, 'VCPU').demand]).toEqual([['s2', 2]]);
    expect([...primitive(context, 'PCPU').demand]).toEqual([['s1', 3]]);
    expect([...primitive(context, 'VCPU (legacy)').limits]).toEqual([['h2', 16]]);
    expect([...primitive(context, 'VCPU (legacy)').demand]).toEqual([
      ['s1', 3],
      ['s2', 2],
    ]);
  });

  it('holds of a server what Placement says that it has on its host, which may be nothing', () => {
    const vcpus = (host: string, amount: number) => ({
      provider: providerId(`rp-${host}`),
      resources: { VCPU: amount },
    });
    const context = aContext(
      aCloud({
        servers: [
          aServer('s1', 'h1', { allocations: [vcpus('h1', 5)] }),
          aServer('s2', 'h1', { allocations: [] }),
          aServer('s3', 'h1', { allocations: [vcpus('h2', 2)] }),
          aServer('s4', 'h1'),
        ],
      }),
    );

    expect([...primitive(context, 'VCPU (legacy)').held]).toEqual([
      ['s1', 5],
      ['s2', 0],
      ['s3', 0],
    ]);
    expect([...primitive(context, 'VCPU (legacy)').limits]).toEqual([
      ['h1', 16],
      ['h2', 14],
    ]);
  });
});
