import { describe, expect, it } from 'vitest';
import { computeCapabilities } from '../../../src/constraints/rules/compute-capabilities.ts';
import type { Host } from '../../../src/model/host.ts';
import { aCloud, aContext, aHost, aServer, someConfig } from '../../support/builders.ts';
import { allowedHosts, say } from '../../support/say.ts';

const contextOf = (extraSpecs: Record<string, string>, to: Partial<Host>, on = true) =>
  aContext(
    aCloud({
      hosts: [aHost('h1', { stats: { node: 'fast' } }), aHost('h2', to)],
      servers: [aServer('s1', 'h1', { extraSpecs })],
      config: {
        ...someConfig,
        enabledFilters: { value: on ? ['ComputeCapabilitiesFilter'] : [], known: true },
      },
    }),
  );
const ask = (extraSpecs: Record<string, string>, to: Partial<Host> = {}, on = true) =>
  say(computeCapabilities, contextOf(extraSpecs, to, on), 's1', 'h2');

describe('compute-capabilities', () => {
  it('compares what the flavor asks of a host with what it is', () => {
    expect(ask({ 'capabilities:hypervisor_version': '>= 7000000' })).toBe('yes');
    expect(ask({ 'capabilities:hypervisor_version': '>= 8000000' })).toBe(
      'host h2 is not what the flavor asks for: capabilities:hypervisor_version=>= 8000000',
    );
    expect(ask({ 'capabilities:cpu_info:features': '<in> avx' })).toBe('yes');
    expect(ask({ 'capabilities:cpu_info:vendor': 'AMD' })).not.toBe('yes');
  });

  it('reads stats, and specs without a scope that have the name of a stat', () => {
    expect(ask({ 'capabilities:node': 'fast' }, { stats: { node: 'slow' } })).not.toBe('yes');
    expect(ask({ node: 'fast' }, { stats: { node: 'slow' } })).not.toBe('yes');
    expect(ask({ other: 'fast' }, { stats: { node: 'slow' } })).toBe('yes');
    expect(
      allowedHosts(
        computeCapabilities.compile(contextOf({ 'capabilities:node': 'fast' }, { stats: { node: 'slow' } })),
        's1',
      ),
    ).toEqual(['h1']);
  });

  it('does not know what nobody read, nor what changes all the time', () => {
    expect(ask({ 'capabilities:node': 'fast' }, { stats: {} })).toContain('unknown, safe no');
    expect(ask({ 'capabilities:free_ram_mb': '>= 1' })).toContain('unknown, safe no');
    expect(ask({ num_instances: '<= 4' })).toContain('unknown, safe no');
    expect(ask({ 'capabilities:cpu_info:topology:cores': '4' })).toContain('unknown, safe no');
  });

  it('asks nothing of other specs, and where the filter is off', () => {
    expect(ask({ 'hw:cpu_policy': 'shared', 'trait:X': 'required' })).toBe('yes');
    expect(ask({ 'capabilities:hypervisor_version': '>= 8000000' }, {}, false)).toBe('yes');
  });
});
