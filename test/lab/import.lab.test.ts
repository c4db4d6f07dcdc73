import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readInventory } from '../../src/inventory/inventory-file.ts';
import type { Inventory } from '../../src/inventory/document.ts';
import { type Lab, openLab } from './support/lab.ts';
import { importedCloud, succeed } from './support/planned.ts';
import { planner } from './support/planner.ts';
import type { Truth } from './support/truth.ts';

describe('the inventory of a cloud', () => {
  let lab: Lab;
  let truth: Truth;
  let folder: string;
  let inventory: Inventory;

  beforeAll(async () => {
    lab = await openLab();
    truth = await lab.truth();
    folder = await importedCloud(lab);
    inventory = readInventory(join(folder, 'inventory.json'));
  });

  it('has every server on its host, in its state', () => {
    const found = inventory.servers.map(({ id, name, host, status }) => ({ id, name, host, status }));

    expect(found.toSorted(byName)).toEqual(
      truth.servers.map(({ id, name, host, status }) => ({ id, name, host, status })),
    );
  });

  it('has the cells and CPUs that each server is pinned to', () => {
    for (const { name, id, cells = [] } of truth.servers) {
      const topology = inventory.servers.find((server) => server.id === id)?.topology ?? [];

      expect(
        topology.map(({ hostCellId, hostCpus = [], pageSizeKiB }) => ({
          cell: hostCellId,
          pins: hostCpus,
          ...(pageSizeKiB !== undefined && { pageKiB: pageSizeKiB }),
        })),
        name,
      ).toEqual(cells);
    }
  });

  it('has what is pinned in each cell of each host, and its memory', () => {
    for (const { name, cells } of truth.hosts) {
      const host = inventory.hosts.find(({ id }) => id === name);

      expect(
        (host?.cells ?? []).map(({ pinnedCpus, memoryUsedMiB }) => ({
          pinned: pinnedCpus,
          memoryMiB: memoryUsedMiB,
        })),
        name,
      ).toEqual(cells.map(({ pinned, memoryMiB }) => ({ pinned, memoryMiB })));
    }
  });

  it('has each PCI device and who holds it', () => {
    const found = inventory.hosts.flatMap(({ id: host, pciDevices = [] }) =>
      pciDevices.map(({ address, server }) => ({ host, address, ...(server !== undefined && { server }) })),
    );

    expect(found).toEqual(truth.devices);
  });

  it('says the same of servers when it is read live', async () => {
    await succeed(planner(folder, 'import', '--cloud', 'lab', '-o', 'live.json', '--quiet'));

    const live = readInventory(join(folder, 'live.json')).servers.map(({ id, name, host, status }) => ({
      id,
      name,
      host,
      status,
    }));

    expect(live.toSorted(byName)).toEqual(
      truth.servers.map(({ id, name, host, status }) => ({ id, name, host, status })),
    );
  });

  it('is not read by a user who may not see the hosts: the answer names the policy', async () => {
    const { code, stderr } = await planner(
      folder,
      'import',
      '--cloud',
      'lab-member',
      '-o',
      'member.json',
      '--quiet',
    );

    expect(code).toBe(2);
    expect(stderr).toContain('os_compute_api:');
  });

  it('breaks no rule', async () => {
    const checked = await planner(folder, 'check');

    expect(checked.code, checked.stdout).toBe(0);
  });
});

const byName = (one: { readonly name: string }, other: { readonly name: string }) =>
  one.name < other.name ? -1 : 1;
