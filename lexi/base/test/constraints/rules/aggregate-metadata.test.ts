import { describe, expect, it } from 'vitest';
import { aggregateMetadata } from '../../../src/constraints/rules/aggregate-metadata.ts';
import { createState } from '../../../src/replay/state.ts';
import { aCloud, aContext, aggregateId, aHost, aServer, someConfig } from '../../support/builders.ts';
import { allowedHosts, broken, say } from '../../support/say.ts';

const fast = aggregateId('fast');
const aggregates = new Map([
  [fast, { id: fast, name: 'fast', hosts: [], metadata: { disk: 'ssd,nvme', cores: '16' } }],
]);

const asking = (extraSpecs: Readonly<Record<string, string>>, at = 'h1') =>
  aCloud({
    hosts: [aHost('h1'), aHost('h2', { aggregates: [fast] })],
    servers: [aServer('s1', at, { extraSpecs })],
    aggregates,
  });

describe('aggregate-metadata', () => {
  it('wants a value of some aggregate of the host for each extra spec without a scope', () => {
    const context = aContext(asking({ disk: 'nvme' }));

    expect(say(aggregateMetadata, context, 's1', 'h2')).toBe('yes');
    expect(say(aggregateMetadata, context, 's1', 'h1')).toBe(
      'no aggregate of host h1 has what the flavor asks for: disk=nvme',
    );
  });

  it('names every extra spec that finds no match, without its scope', () => {
    const context = aContext(
      asking({ disk: 'hdd', 'aggregate_instance_extra_specs:zone': 'x', cores: '>= 8' }),
    );

    expect(say(aggregateMetadata, context, 's1', 'h2')).toBe(
      'no aggregate of host h2 has what the flavor asks for: disk=hdd, zone=x',
    );
  });

  it('does not look at extra specs of other scopes', () => {
    const context = aContext(asking({ 'hw:cpu_policy': 'dedicated', 'trait:CUSTOM_X': 'required' }));

    expect(say(aggregateMetadata, context, 's1', 'h1')).toBe('yes');
  });

  it('says nothing where the filter is not enabled', () => {
    const config = { ...someConfig, enabledFilters: { value: [], known: true } };

    expect(say(aggregateMetadata, aContext({ ...asking({ disk: 'hdd' }), config }), 's1', 'h2')).toBe('yes');
  });

  it('reports a server on a host that does not match, and compiles to those that do', () => {
    const context = aContext(asking({ disk: 'ssd' }));

    expect(broken(aggregateMetadata, createState(context))).toEqual([
      'no aggregate of host h1 has what the flavor asks for: disk=ssd (s1)',
    ]);
    expect(allowedHosts(aggregateMetadata.compile(context), 's1')).toEqual(['h2']);
  });
});
