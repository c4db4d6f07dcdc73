import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/catalog.ts';
import { createContext } from '../../../src/constraints/create-context.ts';
import { rules } from '../../../src/constraints/registry.ts';
import { importBundle } from '../../../src/inventory/bundle.ts';
import { completenessOf } from '../../../src/inventory/completeness.ts';
import { toCloud } from '../../../src/inventory/to-cloud.ts';
import type { Cloud } from '../../../src/model/cloud.ts';
import { createState } from '../../../src/replay/state.ts';
import { zedProfile } from '../../support/builders.ts';
import { recordingOf, type SourceFolder, sources, without } from '../support/all-sources.ts';
import { hostNamed, serverNamed, zedInventory } from '../support/bundles.ts';

const pairs = sources.flatMap((a, at) => sources.slice(at + 1).map((b) => [a, b]));
const subsets: readonly SourceFolder[][] = [...sources.map((each) => [each]), ...pairs, [...sources]];

const has = (chosen: readonly string[], ...any: readonly string[]): boolean =>
  any.some((source) => chosen.includes(source));

describe('the recorded cloud', () => {
  it.each(subsets.map((chosen) => [chosen.join(' and '), chosen] as const))(
    'by %s can be imported and judged',
    async (_name, chosen) => {
      const { inventory, report } = importBundle(recordingOf(chosen));
      const cloud = toCloud(inventory);
      const { cpuTable } = await loadCatalog();

      expect(cloud.hosts.size).toBe(12);
      expect(report.contradictions).toEqual([]);
      const options = { allow: [], unknown: 'assume' } as const;
      const state = createState(createContext(cloud, zedProfile, cpuTable, options));
      expect(() => rules.map((rule) => rule.audit(state))).not.toThrow();
      checkFacts(cloud, chosen);
      const prefixes = new Set(Object.values(inventory.sources).map((source) => source.split(':')[0]));
      expect([...prefixes].filter((prefix) => prefix !== 'assumed').sort()).toEqual([...chosen].sort());
    },
  );

  it('by all five is the one of API and database in everything that both tell', () => {
    const all = toCloud(importBundle(recordingOf(sources)).inventory);
    const two = toCloud(zedInventory());

    for (const [id, host] of two.hosts) {
      const found = hostNamed(all, id);
      const more = ['config', 'libvirtVersion', 'machineTypes', 'nics', 'usage'];
      expect(without(found, ...more)).toEqual(without(host, 'nics'));
      expect(found.usage).toBeDefined();
    }
    for (const [id, server] of two.servers) {
      const found = all.servers.get(id);
      expect(found).toMatchObject(without(server, 'machineType'));
      // what runs is a version of the type that was asked for
      expect(found?.machineType ?? 'none').toContain(server.machineType ?? 'none');
    }
    expect(all.groups).toEqual(two.groups);
    expect(all.aggregates).toEqual(two.aggregates);
    expect(all.migrations).toEqual(two.migrations);
    expect(all.otherConsumers).toEqual(two.otherConsumers);
  });
});

/** What EXPECTED.md says, as far as the sources can tell. */
function checkFacts(cloud: Cloud, chosen: readonly SourceFolder[]): void {
  const whole = has(chosen, 'api', 'cli', 'db');
  if (whole) {
    expect(cloud.servers.size).toBe(89);
    expect(serverNamed(cloud, 'web-06').host).toBeUndefined();
    expect(serverNamed(cloud, 'upf-3').taskState).toBe('migrating');
    expect(hostNamed(cloud, 'kvm-b06').service).toMatchObject({ state: 'down', forcedDown: true });
    expect([...cloud.groups.values()].find(({ name }) => name === 'cache-aa2')?.maxServersPerHost).toBe(2);
  } else if (has(chosen, 'host-facts')) {
    // two guests of one server on two hosts, three times, are three servers
    expect(cloud.servers.size).toBe(80);
    expect(serverNamed(cloud, 'upf-3').host).toBe('kvm-b01');
    expect(serverNamed(cloud, 'sbc-2').host).toBe('kvm-b03');
  }
  if (has(chosen, 'api', 'cli')) {
    const root = hostNamed(cloud, 'kvm-a01').providers[0];
    expect(root?.inventories.get('PCPU')?.total).toBe(32);
    expect(cloud.otherConsumers.filter(({ migration }) => migration !== undefined)).toHaveLength(3);
  }
  if (has(chosen, 'api', 'db', 'host-facts')) {
    const topology = serverNamed(cloud, 'asym-1').topology;
    expect(topology?.kind === 'placed' && topology.topology.cells.map((cell) => cell.pinning)).toEqual([
      [
        [0, 10],
        [1, 34],
      ],
      [
        [2, 18],
        [3, 42],
        [4, 46],
        [5, 22],
      ],
    ]);
  }
  if (has(chosen, 'db', 'host-facts')) {
    const [first, second] = hostNamed(cloud, 'kvm-a01').cells ?? [];
    expect(freeOf(first)).toEqual([5, 25]);
    expect(freeOf(second)).toEqual([15, 18, 35, 38]);
    expect(freeOf(hostNamed(cloud, 'kvm-b04').cells?.[3])).toEqual([28, 31, 60, 63]);
    const rt = serverNamed(cloud, 'rt-1').topology;
    expect(rt?.kind === 'placed' && rt.topology.cells[0]?.reservedCpus).toEqual([20]);
  }
  if (has(chosen, 'metrics')) {
    expect(
      hostNamed(cloud, whole || has(chosen, 'host-facts') ? 'kvm-a01' : 'kvm-a01.dc1.example.net').usage
        ?.cpuPercent,
    ).toBeGreaterThan(40);
  }
}

const freeOf = (
  cell: { readonly dedicatedCpus: readonly number[]; readonly pinnedCpus: readonly number[] } | undefined,
) => cell?.dedicatedCpus.filter((cpu) => !cell.pinnedCpus.includes(cpu));

describe('completeness', () => {
  it('says of each family what the client alone cannot tell', () => {
    const { inventory } = importBundle(recordingOf(['cli']));

    const notJudged = completenessOf(inventory)
      .filter(({ judgement }) => judgement.kind === 'cannot-be-judged')
      .map(({ family }) => family);

    expect(notJudged).toEqual(['NUMA fit', 'PCI devices', 'CPU features', 'machine types']);
  });

  it('names lists that nobody told as missing, not as empty', () => {
    const { inventory } = importBundle(recordingOf(['host-facts']));

    const missing = completenessOf(inventory).flatMap(({ judgement }) =>
      judgement.kind === 'cannot-be-judged' ? judgement.missing : [],
    );

    expect(missing).toContain('server groups were not read');
    expect(missing).toContain('aggregates were not read');
    expect(missing).toContain('migrations were not read: moves in flight are not known');
  });
});
