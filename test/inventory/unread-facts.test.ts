import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importBundle } from '../../src/inventory/bundle.ts';
import { toCloud } from '../../src/inventory/to-cloud.ts';
import { recordingOf } from './support/all-sources.ts';
import { bundleOf, cloudOf, oneHost, partOf, serverNamed, zedInventory } from './support/bundles.ts';

const flavor = { Name: 'm1', VCPUs: 1, RAM: 512, Disk: 1, Ephemeral: 0, Swap: 0, Properties: {} };
const row = {
  ID: '8c0d7a52-4c0f-4f5b-9b25-2d0e5f7a9001',
  Name: 'one',
  Status: 'ACTIVE',
  'Task State': null,
  'Power State': 1,
  Flavor: 'm1',
  'Image ID': '',
  Host: 'h1',
  Properties: {},
};

describe('servers that were only listed', () => {
  it('have no lock, no drive and no project that anybody knows', () => {
    const { inventory } = importBundle(
      bundleOf({
        ...oneHost,
        'cli/server-list-long.json': [row],
        'cli/flavor-list.json': [{ ID: '1', ...flavor }],
      }),
      { capturedAt: '2026-01-01T00:00:00Z' },
    );
    const [server] = [...toCloud(inventory).servers.values()];

    expect(inventory.servers[0]?.unknown).toEqual([
      'bootFromVolume',
      'configDrive',
      'locked',
      'tags',
      'volumes',
    ]);
    for (const fact of ['locked', 'configDrive', 'bootFromVolume', 'projectId', 'tags', 'volumes'])
      expect(server).not.toHaveProperty(fact);
  });

  it('have none where a source says none, and the document does not grow by it', () => {
    const inventory = zedInventory();
    const server = serverNamed(toCloud(inventory), 'sig-1');

    expect(inventory.servers.filter(({ unknown }) => unknown !== undefined)).toEqual([]);
    expect(server).toMatchObject({ locked: true, configDrive: false, bootFromVolume: false });
    expect(serverNamed(cloudOf(recordingOf(['db'])), 'web-01').locked).toBe(false);
  });
});

describe('aggregates of resource providers', () => {
  it('are missed aloud', () => {
    const [host] = zedInventory().hosts;
    const provider = host?.providers?.[0]?.id ?? '';
    const folder = partOf(['api/nova', 'api/placement']);
    rmSync(join(folder, 'api/placement/resource_providers', provider, 'aggregates.json'));

    expect(importBundle(folder).report.gaps.map(({ code }) => code)).toContain('placement.aggregates');
  });
});
