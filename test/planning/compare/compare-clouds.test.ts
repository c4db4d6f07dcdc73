import { expect, it } from 'vitest';
import { rules } from '../../../src/constraints/registry.ts';
import type { Cloud } from '../../../src/model/cloud.ts';
import { compareClouds } from '../../../src/planning/compare/compare-clouds.ts';
import { cloudDiffReport } from '../../../src/report/diff-report.ts';
import { aCell, aCloud, aContext, aFlavor, aGroup, aHost, aServer } from '../../support/builders.ts';

const compare = (before: Cloud, after: Cloud) =>
  compareClouds({ context: aContext(before), rules }, { context: aContext(after), rules });

const hosts = [aHost('h1'), aHost('h2')];
const servers = [aServer('s1', 'h1'), aServer('s2', 'h1'), aServer('s3', 'h2')];
const base = aCloud({ hosts, servers });

it('finds nothing where only the time of reading and the use of hosts differ', () => {
  const later = aCloud({
    hosts: [aHost('h1', { cells: [aCell(0, { cores: 1, memoryUsedMiB: 4096 })] }), aHost('h2')],
    servers,
    capturedAt: '2026-01-02T00:00:00Z',
  });

  const diff = compare(base, later);

  expect(diff.equal).toBe(true);
  expect(cloudDiffReport(diff, 100)).toBe(
    'inventory of 2026-01-01T00:00:00Z → inventory of 2026-01-02T00:00:00Z\nThe inventories tell of the same cloud.\n',
  );
});

it('tells hosts and servers that are new, gone, moved, resized, or in another state', () => {
  const { service } = aHost('h1');
  const later = aCloud({
    hosts: [
      aHost('h1', { service: { ...service, status: 'disabled', disabledReason: 'fan' } }),
      aHost('h3', { memoryMiB: 1024 }),
    ],
    servers: [
      aServer('s1', 'h3'),
      aServer('s3', 'h1', { flavor: aFlavor(4, 8), tags: ['new'] }),
      aServer('s4', 'h1', { status: 'SHUTOFF' }),
    ],
  });

  const { hosts: changed, servers: moved, equal } = compare(base, later);

  expect(equal).toBe(false);
  expect(changed).toEqual({
    added: [{ id: 'h3', name: 'h3' }],
    gone: [{ id: 'h2', name: 'h2' }],
    changed: [],
    states: [{ id: 'h1', name: 'h1', before: 'enabled, up', after: 'disabled (fan), up' }],
  });
  expect(moved).toEqual({
    added: [{ id: 's4', name: 's4' }],
    gone: [{ id: 's2', name: 's2' }],
    changed: [{ id: 's3', name: 's3', members: ['tags'] }],
    moved: [
      { id: 's1', name: 's1', from: 'h1', to: 'h3' },
      { id: 's3', name: 's3', from: 'h2', to: 'h1' },
    ],
    resized: [
      {
        ...{ id: 's3', name: 's3' },
        ...{ before: 'f2c4g (2 vCPUs, 4096 MiB, 10 GiB)', after: 'f4c8g (4 vCPUs, 8192 MiB, 10 GiB)' },
      },
    ],
    states: [],
  });
});

it('tells free capacity, hardware, settings, and violations that come and go', () => {
  const later = aCloud({
    hosts: [aHost('h1', { vcpu: 8, rack: 'r1' }), aHost('h2')],
    servers,
    groups: [aGroup(['s1', 's2'])],
    config: { ...base.config, maxInstancesPerHost: { value: 7, known: true } },
  });

  const diff = compare(base, later);

  expect(diff.hosts.changed).toEqual([{ id: 'h1', name: 'h1', members: ['providers', 'rack'] }]);
  expect(diff.groups.added).toEqual([{ id: 'g1', name: 'g1' }]);
  expect(diff.others).toEqual(['setting maxInstancesPerHost']);
  expect(diff.capacity).toEqual([
    { resource: 'VCPU', capacity: { before: 32, after: 24 }, free: { before: 26, after: 18 } },
  ]);
  expect(diff.violations.added.map(({ rule, measured, limit }) => [rule, measured, limit])).toEqual([
    ['anti-affinity', 2, 1],
  ]);
  expect(compare(later, base).violations.gone).toEqual(diff.violations.added);
  expect(cloudDiffReport(diff, 100)).toContain('\nViolations new (1)\n  - anti-affinity: host h1');
});
