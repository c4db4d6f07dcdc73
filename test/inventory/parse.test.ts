import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../src/inventory/document.ts';
import { contentIdOf } from '../../src/inventory/document/tables.ts';
import { parseInventory } from '../../src/inventory/parse.ts';
import { inventoryText } from '../../src/inventory/print.ts';
import type { Diagnostic } from '../../src/shared/diagnostic.ts';
import { problemsOf, zedInventory } from './support/bundles.ts';

const text = inventoryText(zedInventory());

/** What reading says of a copy in which something was changed; `any`, since the changes are what types forbid. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function afterChange(change: (document: any) => void): readonly Diagnostic[] {
  const document: unknown = JSON.parse(text);
  change(document);
  return problemsOf(() => parseInventory(document, 'inventory.json'));
}

const brief = (problems: readonly Diagnostic[]): unknown[] =>
  problems.map(({ code, limit, path, value }) => [code, path, value, limit]);

/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call -- documents that are wrong on purpose */
describe('a document with mistakes', () => {
  it('has every one named at once, with its place, value and limit', () => {
    const problems = afterChange((document) => {
      document.hosts[3].cells[0].memoryUsedMiB = -5;
      document.hosts[0].service.status = 'broken';
      document.servers[0].name = 5;
      document.servers[1].colour = 'red';
      document.servers[2].launchedAt = 'yesterday';
      delete document.servers[3].status;
      document.capturedAt = 'now';
      document.aggregates[0].hosts[1] = '';
      document.tables.flavors.nonsense = {};
    });

    expect(brief(problems)).toEqual([
      ['inventory.malformed', '$.capturedAt', 'now', undefined],
      ['inventory.malformed', '$.tables.flavors.nonsense', undefined, undefined],
      ['inventory.out-of-range', '$.aggregates[0].hosts[1]', '""', 1],
      ['inventory.malformed', '$.hosts[0].service.status', 'broken', 'one of enabled, disabled'],
      ['inventory.out-of-range', '$.hosts[3].cells[0].memoryUsedMiB', -5, 0],
      ['inventory.malformed', '$.servers[0].name', 5, undefined],
      ['inventory.unknown-member', '$.servers[1]', undefined, undefined],
      ['inventory.malformed', '$.servers[2].launchedAt', 'yesterday', undefined],
      ['inventory.missing', '$.servers[3].status', undefined, undefined],
    ]);
    expect(problems.every(({ source }) => source === 'inventory.json')).toBe(true);
  });

  it('has its unknown members named, wherever they are', () => {
    const problems = afterChange((document) => {
      document.extra = 1;
      document.hosts[0].service.extra = 1;
      document.novaConfig.password = { value: 'secret', known: true };
    });

    expect(problems.map(({ path, summary }) => [path, summary])).toEqual([
      ['$.novaConfig', 'unknown member password'],
      ['$', 'unknown member extra'],
      ['$.hosts[0].service', 'unknown member extra'],
    ]);
    expect(problems[0]?.hint).toBe('members of your own begin with x-');
    expect(JSON.stringify(problems)).not.toContain('secret');
  });

  it('has duplicate ids named with the first place', () => {
    const problems = afterChange((document) => {
      document.servers[3].id = document.servers[2].id;
      document.groups[1].id = document.groups[0].id;
    });

    expect(problems.map(({ code, path, summary }) => `${code} ${path ?? ''} ${summary}`)).toEqual([
      'inventory.duplicate-id $.servers[3].id 063ad8e0-ffab-4856-9d10-60b97f5b3d4f already stands at $.servers[2]',
      'inventory.duplicate-id $.groups[1].id 0059a0c8-3510-40a1-909a-1f79e085e880 already stands at $.groups[0]',
    ]);
  });

  it('has references to nothing named', () => {
    const problems = afterChange((document) => {
      document.servers[0].host = 'nowhere';
      document.servers[1].flavor = '0123456789abcdef';
      document.hosts[0].storagePool = 'pool';
      document.hosts[1].cpu = 'fedcba9876543210';
    });

    expect(brief(problems)).toEqual([
      ['inventory.unknown-reference', '$.hosts[0].storagePool', 'pool', undefined],
      ['inventory.unknown-reference', '$.hosts[1].cpu', 'fedcba9876543210', undefined],
      ['inventory.unknown-host', '$.servers[0].host', 'nowhere', undefined],
      ['inventory.unknown-reference', '$.servers[0].allocations[0]', undefined, undefined],
      ['inventory.unknown-reference', '$.servers[1].flavor', '0123456789abcdef', undefined],
    ]);
  });

  it('has a table entry named whose id is not that of its content', () => {
    const problems = afterChange((document) => {
      document.tables.flavors[document.servers[0].flavor].vcpus = 99;
    });

    expect(problems.map(({ code }) => code)).toEqual(['inventory.content-id']);
  });

  it('has a provider named that is its own ancestor, and one whose parent is not there', () => {
    const problems = afterChange((document) => {
      const { providers } = document.hosts[0];
      providers.push({ ...providers[0], id: 'a', parent: 'b' }, { ...providers[0], id: 'b', parent: 'a' });
      providers.push({ ...providers[0], id: 'c', parent: 'z' });
    });

    expect(brief(problems)).toEqual([
      ['inventory.provider-cycle', '$.hosts[0].providers[1].parent', 'b', undefined],
      ['inventory.provider-cycle', '$.hosts[0].providers[2].parent', 'a', undefined],
      ['inventory.unknown-reference', '$.hosts[0].providers[3].parent', 'z', undefined],
    ]);
  });

  it('has lists named that should be in step', () => {
    const problems = afterChange((document) => {
      document.hosts[0].cells.pop();
      document.hosts[1].cells[0].usedPages.pop();
      delete document.hosts[2].layout;
      document.servers.find((server: { name: string }) => server.name === 'mix-1').topology[0].hostCpus = [1];
    });

    expect(problems.map(({ code, limit, value }) => [code, value, limit])).toEqual([
      ['inventory.inconsistent', 1, 2],
      ['inventory.inconsistent', 2, 3],
      ['inventory.inconsistent', undefined, undefined],
      ['inventory.inconsistent', 1, 2],
    ]);
  });

  it('has links named twice, without bandwidth, and with members that are nowhere', () => {
    const up = { name: 'up-a', members: ['rack-a'], bandwidthMbps: 10_000, fullDuplex: true };
    const linked = (links: readonly unknown[]): readonly unknown[] =>
      afterChange((document) => {
        document.hosts[0].rack = 'rack-a';
        document.links = links;
      }).map(({ code, path }) => [code, path]);
    const id = zedInventory().hosts[1]?.id;

    expect(linked([up, { ...up, name: 'spine', kind: 'switch', members: ['rack-a', id] }])).toEqual([]);
    expect(linked([up, { ...up, members: [id, 'rack-b'] }])).toEqual([
      ['inventory.duplicate-id', '$.links[1].name'],
      ['inventory.unknown-reference', '$.links[1].members[1]'],
    ]);
    expect(linked([{ ...up, bandwidthMbps: 0 }])).toHaveLength(1);
    expect(linked([{ ...up, kind: 'router' }])).toHaveLength(1);
  });

  it('has a consumer named that is a server too, so that nothing counts twice', () => {
    const problems = afterChange((document) => {
      document.otherConsumers[0].id = document.servers[0].id;
    });

    expect(problems.map(({ code, path }) => [code, path])).toEqual([
      ['inventory.duplicate-id', '$.otherConsumers[0].id'],
    ]);
  });

  it('has PCI ranges named that overlap or leave the bus', () => {
    const problems = afterChange((document) => {
      const [range] = document.hosts.find((host: { id: string }) => host.id === 'kvm-a03').pciDevices;
      document.hosts[0].pciDevices = [range, { ...range, count: 2 }];
      document.hosts[1].pciDevices = [{ ...range, address: '0000:ff:1f.7', count: 2 }];
    });

    expect(problems.map(({ code, path }) => [code, path])).toEqual([
      ['inventory.duplicate-id', '$.hosts[0].pciDevices[1]'],
      ['inventory.out-of-range', '$.hosts[1].pciDevices[0].count'],
    ]);
  });

  it('has members named __proto__ refused, and nothing polluted', () => {
    const problems = problemsOf(() =>
      parseInventory(
        JSON.parse(text.replace('"extraSpecs":{', '"extraSpecs":{"__proto__":{"polluted":true},')),
      ),
    );

    expect(problems.map(({ code, value }) => [code, value])).toEqual([
      ['inventory.unknown-member', '__proto__'],
    ]);
    expect({}).not.toHaveProperty('polluted');
  });

  it('shows hostile names so that they can do no harm', () => {
    const [problem] = afterChange((document) => {
      document.servers[0].host = '\u001b[2Jgone\u202e';
    });

    expect(problem?.value).toBe('\u001b[2Jgone\u202e');
    expect(problem?.summary).not.toContain('\u001b');
  });

  it('says how many more there are after the first hundred', () => {
    const problems = afterChange((document) => {
      for (const server of document.servers) {
        server.name = 1;
        server.status = 2;
      }
    });

    expect(problems).toHaveLength(101);
    expect(problems.at(-1)?.summary).toBe('… and 78 more problems of this file');
  });
});
/* eslint-enable */

describe('tables', () => {
  it('hold equal values once, under the hash of their content', () => {
    const { hosts, servers, tables }: Inventory = zedInventory();

    expect(
      Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, Object.keys(table).length])),
    ).toEqual({
      flavors: 23,
      images: 7,
      hostCpus: 3,
      guestCpus: 3,
      traitSets: 4,
      machineTypeSets: 0,
      hostLayouts: 9,
      inventorySets: 8,
      amounts: 16,
      diskSets: 6,
    });
    for (const table of Object.values(tables)) {
      for (const [id, entry] of Object.entries(table)) expect(contentIdOf(entry)).toBe(id);
    }
    expect(new Set(hosts.map(({ cpu }) => cpu)).size).toBe(3);
    expect(new Set(servers.map(({ flavor }) => flavor)).size).toBe(23);
  });

  it('give the same id whatever the order of members', () => {
    expect(contentIdOf({ a: 1, b: [2] })).toBe(contentIdOf({ b: [2], a: 1 }));
    expect(contentIdOf({})).toBe('44136fa355b3678a');
  });
});

describe('the size of a document', () => {
  it('stays under 120 MB for 150,000 servers on 10,000 hosts', () => {
    const lines = text.split('\n');
    const mean = (marker: string): number => {
      const records = lines.filter((line) => line.includes(marker));
      return records.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0) / records.length;
    };

    expect(150_000 * mean('"projectId":') + 10_000 * mean('"nodeName":')).toBeLessThan(120_000_000);
  });
});
