import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importBundle } from '../../../src/inventory/bundle.ts';
import { toCloud } from '../../../src/inventory/to-cloud.ts';
import type { NumaCell } from '../../../src/model/numa.ts';
import { recordingOf, without } from '../support/all-sources.ts';
import { bundleOf, cloudOf, hostNamed, problemsOf, serverNamed, zedInventory } from '../support/bundles.ts';

const facts = 'host-facts/h1';
const capabilities = `<capabilities><host><cpu><arch>x86_64</arch><model>Skylake-Server-IBRS</model>
  <vendor>Intel</vendor><feature name='vmx'/></cpu><topology><cells num='1'><cell id='0'>
  <memory unit='KiB'>8388608</memory><pages unit='KiB' size='4'>1048576</pages><pages unit='KiB' size='1048576'>4</pages>
  <cpus num='4'><cpu id='0' socket_id='0' core_id='0' siblings='0,2'/><cpu id='1' socket_id='0' core_id='1' siblings='1,3'/>
  <cpu id='2' socket_id='0' core_id='0' siblings='0,2'/><cpu id='3' socket_id='0' core_id='1' siblings='1,3'/></cpus>
  </cell></cells></topology></host></capabilities>`;
const conf = '[compute]\ncpu_shared_set = 0\ncpu_dedicated_set = 1-3\n';
const noGuests = ' Id   Name   State\n--------------------\n\n';
const captured = { capturedAt: '2026-01-01T00:00:00Z' };

const importOf = (files: Readonly<Record<string, unknown>>) => importBundle(bundleOf(files), captured);

describe('host facts', () => {
  it('count the same in each cell as Nova does, but in the order of cores', () => {
    const ours = cloudOf(recordingOf(['host-facts']));
    const novas = toCloud(zedInventory());

    const comparable = (cells: readonly NumaCell[] | undefined) =>
      cells?.map((cell) => ({
        ...without(cell, 'distances', 'siblings'),
        cores: cell.siblings.map((core) => core.toSorted((a, b) => a - b).join()).sort(),
      }));
    for (const [id, host] of novas.hosts) {
      if (id === 'kvm-b06') expect(hostNamed(ours, id).cells).toBeUndefined();
      else expect(comparable(hostNamed(ours, id).cells)).toEqual(comparable(host.cells));
    }
  });

  it('have the devices of Nova with their holders', () => {
    const ours = cloudOf(recordingOf(['cli', 'host-facts']));
    const holders = (cloud: typeof ours) =>
      [...cloud.hosts.values()].flatMap(({ id, pciDevices = [] }) =>
        pciDevices.map(({ address, numaNode, parentAddress, devType, server }) =>
          [id, address, numaNode, parentAddress, devType, server].join(' '),
        ),
      );

    expect(holders(ours).sort()).toEqual(holders(toCloud(zedInventory())).sort());
  });

  it('tell what a live migration holds at its destination', () => {
    const { migrations } = cloudOf(recordingOf(['cli', 'host-facts']));

    const moving = migrations.find(({ status }) => status === 'running');
    const pins = moving?.held?.destination?.topology?.cells.flatMap(
      (cell) => cell.pinning?.map(([, cpu]) => cpu) ?? [],
    );
    expect(pins?.toSorted((a, b) => a - b)).toEqual([2, 6, 26, 30]);
  });

  it('show a host that could not be asked as one of which nothing is known', () => {
    const { inventory, report } = importBundle(recordingOf(['host-facts']));

    expect(inventory.hosts.map(({ id }) => id)).toContain('kvm-b06');
    const gap = report.gaps.find(({ code }) => code === 'bundle.unreachable-host');
    expect(gap?.summary).toContain('No route to host');
  });

  it('tell the format of a config drive by its device, and of a server that it has none', () => {
    const cloud = cloudOf(recordingOf(['host-facts']));

    expect(serverNamed(cloud, 'vnf-fw-2')).toMatchObject({ configDrive: true, configDriveFormat: 'iso9660' });
    expect(serverNamed(cloud, 'sig-1').configDrive).toBe(false);
  });

  it('know no cells without the sets of nova.conf', () => {
    const { inventory } = importOf({
      [`${facts}/virsh-capabilities.xml`]: capabilities,
      [`${facts}/virsh-list-all.txt`]: noGuests,
    });

    expect(inventory.hosts[0]?.cells).toBeUndefined();
  });

  it('know no cells without the guests', () => {
    const { inventory } = importOf({
      [`${facts}/virsh-capabilities.xml`]: capabilities,
      [`${facts}/nova.conf-excerpt.ini`]: conf,
    });

    expect(inventory.hosts[0]?.cells).toBeUndefined();
  });

  it('know no cells when the XML of a guest is missing, and say so', () => {
    const { inventory, report } = importOf({
      [`${facts}/virsh-capabilities.xml`]: capabilities,
      [`${facts}/nova.conf-excerpt.ini`]: conf,
      [`${facts}/virsh-list-all.txt`]: `${noGuests} 1    instance-00000001   running\n`,
    });

    expect(inventory.hosts[0]?.cells).toBeUndefined();
    expect(report.gaps.map(({ code }) => code)).toContain('bundle.missing-domain');
  });

  it('limit cells to the CPUs of the sets', () => {
    const cloud = toCloud(
      importOf({
        [`${facts}/virsh-capabilities.xml`]: capabilities,
        [`${facts}/nova.conf-excerpt.ini`]: '[compute]\ncpu_shared_set = 0\ncpu_dedicated_set = 1-3,^2\n',
        [`${facts}/virsh-list-all.txt`]: noGuests,
      }).inventory,
    );

    expect(hostNamed(cloud, 'h1').cells).toEqual([
      expect.objectContaining({
        sharedCpus: [0],
        dedicatedCpus: [1, 3],
        siblings: [[0], [1, 3]],
        memoryMiB: 8192,
      }),
    ]);
  });

  it('take whole cores of a guest whose thread policy nobody tells', () => {
    const cloud = toCloud(
      importOf({
        [`${facts}/virsh-capabilities.xml`]: capabilities,
        [`${facts}/nova.conf-excerpt.ini`]: '[compute]\ncpu_dedicated_set = 0-3\n',
        [`${facts}/domains/instance-00000001/dumpxml.xml`]: guest({ pins: [1] }),
      }).inventory,
    );

    expect(hostNamed(cloud, 'h1').cells?.[0]?.pinnedCpus).toEqual([1, 3]);
  });

  it('make do with numactl, lscpu and sysfs where libvirt was not asked', () => {
    const folder = recordingOf(['host-facts']);
    const novas = hostNamed(toCloud(zedInventory()), 'kvm-a02').cells ?? [];
    rmSync(join(folder, 'host-facts/kvm-a02/virsh-capabilities.xml'));

    const cells = hostNamed(cloudOf(folder), 'kvm-a02').cells ?? [];

    expect(cells.map(({ pinnedCpus, sharedCpus, socket }) => ({ pinnedCpus, sharedCpus, socket }))).toEqual(
      novas.map(({ pinnedCpus, sharedCpus, socket }) => ({ pinnedCpus, sharedCpus, socket })),
    );
  });

  it('read lscpu nested as on a terminal', () => {
    const folder = recordingOf(['host-facts']);
    for (const host of readdirSync(join(folder, 'host-facts'))) {
      rmSync(join(folder, 'host-facts', host, 'lscpu.json'), { force: true });
    }

    expect(importBundle(folder).report.gaps.map(({ code }) => code)).toEqual(['bundle.unreachable-host']);
  });
});

describe('damaged host facts', () => {
  it('are all named at once, with file and place', () => {
    const problems = problemsOf(() =>
      importOf({
        [`${facts}/virsh-capabilities.xml`]: capabilities.slice(0, 300),
        [`${facts}/nova.conf-excerpt.ini`]: '[compute]\ncpu_dedicated_set = all\n',
        [`${facts}/domains/instance-00000001/dumpxml.xml`]: '<domain><a></b></domain>',
        'host-facts/h2/virsh-capabilities.xml': capabilities.replace("id='0'", "id='zero'"),
        'host-facts/h2/lscpu.json': '{"lscpu": [',
      }),
    );

    expect(problems.map(({ code, path, source }) => [code, source, path])).toEqual([
      ['inventory.malformed', `${facts}/nova.conf-excerpt.ini`, '[compute] cpu_dedicated_set'],
      ['inventory.not-xml', `${facts}/virsh-capabilities.xml`, undefined],
      ['inventory.not-xml', `${facts}/domains/instance-00000001/dumpxml.xml`, undefined],
      [
        'inventory.malformed',
        'host-facts/h2/virsh-capabilities.xml',
        '/capabilities/host/topology/cells/cell',
      ],
      ['inventory.not-json', 'host-facts/h2/lscpu.json', undefined],
    ]);
    expect(problems[1]?.summary).toContain('in the middle of an element');
  });

  it.each([
    [
      'entities that grow',
      `<!DOCTYPE a [<!ENTITY b "${'x'.repeat(1000)}"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>`,
    ],
    ['another file', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['nesting without end', '<a>'.repeat(50_000) + '</a>'.repeat(50_000)],
    ['a name of JavaScript', '<capabilities><__proto__ polluted="1"/></capabilities>'],
  ])('are refused when they hold %s', (_what, text) => {
    const [problem] = problemsOf(() => importOf({ [`${facts}/virsh-capabilities.xml`]: text }));

    expect(problem?.source).toBe(`${facts}/virsh-capabilities.xml`);
    expect(problem?.code).toMatch(/^inventory\.(unsafe-xml|not-xml)$/);
    expect(Object.prototype).not.toHaveProperty('polluted');
  });

  it('are refused when a set of CPUs has no end', () => {
    const [problem] = problemsOf(() =>
      importOf({ [`${facts}/nova.conf-excerpt.ini`]: '[compute]\ncpu_shared_set = 0-999999999\n' }),
    );

    expect(problem).toMatchObject({ code: 'inventory.malformed', value: '0-999999999' });
  });
});

/** A guest of one cell that is pinned to these CPUs. */
function guest({ pins }: { readonly pins: readonly number[] }): string {
  return `<domain type='kvm' id='1'><name>instance-00000001</name><uuid>8c0d7a52-4c0f-4f5b-9b25-2d0e5f7a9001</uuid>
    <metadata><nova:instance xmlns:nova="n"><nova:name>one</nova:name></nova:instance></metadata>
    <cputune>${pins.map((cpu, vcpu) => `<vcpupin vcpu='${vcpu}' cpuset='${cpu}'/>`).join('')}</cputune>
    <numatune><memnode cellid='0' mode='strict' nodeset='0'/></numatune>
    <cpu mode='host-model'><numa><cell id='0' cpus='0-${pins.length - 1}' memory='1048576' unit='KiB'/></numa></cpu></domain>`;
}
