import { describe, expect, it } from 'vitest';
import { typeAffinity } from '../../../src/constraints/rules/type-affinity.ts';
import { aCloud, aContext, aggregateId, aHost, aServer, hostId, someConfig } from '../../support/builders.ts';
import { allowedHosts, say } from '../../support/say.ts';

const kept = aggregateId('a1');
const context = (enabled: readonly string[]) =>
  aContext(
    aCloud({
      hosts: [aHost('h1'), aHost('h2', { aggregates: [kept] })],
      aggregates: new Map([
        [kept, { id: kept, name: 'a1', hosts: [hostId('h2')], metadata: { instance_type: 'f2c4g, huge' } }],
      ]),
      servers: [aServer('s1', 'h1'), aServer('s2', 'h1', { vcpus: 4 })],
      config: { ...someConfig, enabledFilters: { value: enabled, known: true } },
    }),
  );

describe('type-affinity', () => {
  it('keeps hosts for the flavors that an aggregate names', () => {
    const on = context(['AggregateTypeAffinityFilter']);

    expect(say(typeAffinity, on, 's1', 'h2')).toBe('yes');
    expect(say(typeAffinity, on, 's2', 'h2')).toBe('host h2 is kept for flavors f2c4g, huge');
    expect(allowedHosts(typeAffinity.compile(on), 's2')).toEqual(['h1']);
  });

  it('asks nothing where the filter is off', () => {
    expect(say(typeAffinity, context([]), 's2', 'h2')).toBe('yes');
  });
});
