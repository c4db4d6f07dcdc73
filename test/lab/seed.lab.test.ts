import { beforeAll, describe, expect, it } from 'vitest';
import { type Lab, openLab } from './support/lab.ts';
import type { Truth } from './support/truth.ts';

describe('the seeded cloud', () => {
  let lab: Lab;
  let truth: Truth;

  beforeAll(async () => {
    lab = await openLab();
    truth = await lab.truth();
  });

  it('runs every server of the seed on its host, in its state', () => {
    const wanted = lab.seed.servers.map(({ name, flavor, host, stopped }) => ({
      name,
      flavor,
      host,
      status: stopped === true ? 'SHUTOFF' : 'ACTIVE',
    }));

    const found = truth.servers.map(({ name, flavor, host, status }) => ({ name, flavor, host, status }));

    expect(found).toEqual(wanted.sort((one, other) => (one.name < other.name ? -1 : 1)));
  });

  it('pins as many CPUs on each host as its servers ask for, none twice', () => {
    for (const { name, cells } of truth.hosts) {
      const pins = truth.servers
        .filter(({ host }) => host === name)
        .flatMap((server) => pinsOf(server.cells));

      expect(pins.toSorted(ascending), name).toEqual(
        cells.flatMap(({ pinned }) => pinned).toSorted(ascending),
      );
      expect(new Set(pins).size).toBe(pins.length);
    }
  });

  it('gives each device of the hosts to Nova, and one to each server that asks', () => {
    const asking = lab.seed.servers.filter(
      ({ flavor }) => lab.seed.flavors[flavor]?.extraSpecs?.['pci_passthrough:alias'] !== undefined,
    );
    const devices = Object.entries(lab.hosts.hosts).flatMap(([host, spec]) =>
      (spec.devices ?? []).map(({ address }) => ({ host, address })),
    );

    expect(truth.devices.map(({ host, address }) => ({ host, address }))).toEqual(devices);
    expect(truth.devices.filter(({ server }) => server !== undefined)).toHaveLength(asking.length);
  });
});

const ascending = (one: number, other: number) => one - other;

const pinsOf = (cells: Truth['servers'][number]['cells'] = []) => cells.flatMap(({ pins }) => pins);
