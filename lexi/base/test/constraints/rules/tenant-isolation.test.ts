import { describe, expect, it } from 'vitest';
import { tenantIsolation } from '../../../src/constraints/rules/tenant-isolation.ts';
import { createState } from '../../../src/replay/state.ts';
import { aCloud, aContext, aggregateId, aHost, aServer, hostId, someConfig } from '../../support/builders.ts';
import { allowedHosts, broken, say } from '../../support/say.ts';

const kept = (id: string, projects: string) => ({
  id: aggregateId(id),
  name: id,
  hosts: [hostId('h2')],
  metadata: { filter_tenant_id: projects },
});

const isolated = (project: string, projects: readonly string[], at = 'h1') => {
  const aggregates = projects.map((list, index) => kept(`agg${index}`, list));
  return aCloud({
    hosts: [aHost('h1'), aHost('h2', { aggregates: aggregates.map(({ id }) => id) })],
    servers: [aServer('s1', at, { projectId: project })],
    aggregates: new Map(aggregates.map((aggregate) => [aggregate.id, aggregate])),
  });
};

describe('tenant-isolation', () => {
  it('keeps foreign projects off a host whose aggregate names others', () => {
    const context = aContext(isolated('p1', ['p2, p3']));

    expect(say(tenantIsolation, context, 's1', 'h2')).toBe('host h2 is kept for projects p2, p3');
  });

  it('lets in the projects that are named, in whichever of the aggregates', () => {
    expect(say(tenantIsolation, aContext(isolated('p3', ['p2, p3'])), 's1', 'h2')).toBe('yes');
    expect(say(tenantIsolation, aContext(isolated('p3', ['p2', 'p3'])), 's1', 'h2')).toBe('yes');
  });

  it('lets everybody onto a host without such an aggregate', () => {
    const context = aContext(isolated('p1', ['p2'], 'h2'));

    expect(say(tenantIsolation, context, 's1', 'h1')).toBe('yes');
  });

  it('keeps everybody off a host whose aggregate names nobody', () => {
    expect(say(tenantIsolation, aContext(isolated('p1', [''])), 's1', 'h2')).not.toBe('yes');
  });

  it('says nothing where the filter is not enabled', () => {
    const config = { ...someConfig, enabledFilters: { value: [], known: true } };
    const cloud = { ...isolated('p1', ['p2']), config };

    expect(say(tenantIsolation, aContext(cloud), 's1', 'h2')).toBe('yes');
  });

  it('reports a server that is where it may not be, and compiles to where it may', () => {
    const context = aContext(isolated('p1', ['p2'], 'h2'));

    expect(broken(tenantIsolation, createState(context))).toEqual(['host h2 is kept for projects p2 (s1)']);
    expect(allowedHosts(tenantIsolation.compile(context), 's1')).toEqual(['h1']);
  });
});
