import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Inventory } from '../../src/inventory/document.ts';
import { readInventory } from '../../src/inventory/inventory-file.ts';
import { writeCloudsFile } from '../support/fake-openstack/clouds-file.ts';
import { admin } from '../support/fake-openstack/keystone.ts';
import { recordedApi } from '../support/fake-openstack/recorded-api.ts';
import { type FakeOpenStack, startFake } from '../support/fake-openstack/start.ts';
import { places } from './support/places.ts';
import { succeed } from './support/planned.ts';
import { plannerEnd } from './support/planner.ts';
import { type Exporter, type Prometheus, prometheusProgram, startPrometheus } from './support/prometheus.ts';
import { unpack } from './support/unpacked.ts';
import { waitFor } from './support/wait.ts';

const recording = join(places.repository, 'fixtures', 'zed-12hosts');
const unpacked = unpack('prometheus', prometheusProgram);
const skipped = unpacked.kind === 'nothing' ? ` (skipped: ${unpacked.reason})` : '';

const MiB = 2 ** 20;
const GiB = 2 ** 30;
const megabitBytes = 1e6 / 8;
const server = '8d91ab94-7758-4286-a0ee-b8802f8f38d0';

const guest = 'domain="instance-00000001"';

/** As node_exporter, with what servers have on top. */
const node: Exporter = [
  `node_memory_MemTotal_bytes ${128 * GiB}`,
  `node_memory_MemAvailable_bytes ${96 * GiB}`,
  `node_network_speed_bytes{device="ens1f0"} ${25_000 * megabitBytes}`,
  `node_network_speed_bytes{device="tap0a1b2c3d-4e"} ${10_000 * megabitBytes}`,
];

/** As a libvirt exporter of one guest. */
const libvirt: Exporter = [
  `libvirt_domain_info_meta{${guest},uuid="${server}",instance_name="ml-train-1",flavor="gpu"} 1`,
  `libvirt_domain_info_virtual_cpus{${guest}} 8`,
  `libvirt_domain_memory_stats_used_percent{${guest}} 62.5`,
  `libvirt_domain_memory_stats_rss_bytes{${guest}} ${12 * GiB}`,
  `libvirt_domain_dirtyrate_megabytes_per_second{${guest}} 180`,
  `guest_working_set_bytes{${guest}} ${3 * GiB}`,
];

const ofNode = 'instance="kvm-a01:9100"';
const ofGuest = `instance="kvm-a01:9177",${guest}`;

/** Three quarters of two CPUs busy, 800 Mbit/s in and 200 out; a guest that is half busy and writes two disks. */
const counters = {
  [`node_cpu_seconds_total{${ofNode},cpu="0",mode="idle"}`]: 0.25,
  [`node_cpu_seconds_total{${ofNode},cpu="1",mode="idle"}`]: 0.25,
  [`node_cpu_seconds_total{${ofNode},cpu="0",mode="user"}`]: 0.75,
  [`node_network_receive_bytes_total{${ofNode},device="ens1f0"}`]: 800 * megabitBytes,
  [`node_network_transmit_bytes_total{${ofNode},device="ens1f0"}`]: 200 * megabitBytes,
  [`node_network_receive_bytes_total{${ofNode},device="tap0a1b2c3d-4e"}`]: 9000 * megabitBytes,
  [`libvirt_domain_info_cpu_time_seconds_total{${ofGuest}}`]: 4,
  [`libvirt_domain_block_stats_write_bytes_total{${ofGuest},target_device="vda"}`]: 15 * MiB,
  [`libvirt_domain_block_stats_write_bytes_total{${ofGuest},target_device="vdb"}`]: 5 * MiB,
};

describe.skipIf(unpacked.kind === 'nothing')(`usage from Prometheus${skipped}`, () => {
  let folder: string;
  let fake: FakeOpenStack;
  let prometheus: Prometheus;

  /** The inventory that `planner import --prometheus` writes. */
  async function imported(name: string, ...words: readonly string[]): Promise<Inventory> {
    const main = join(places.repository, 'src', 'cli', 'main.ts');
    await succeed(
      plannerEnd(
        spawn(
          process.execPath,
          [
            ...['--import', import.meta.resolve('tsx'), main],
            ...['import', '--cloud', 'fake', '--prometheus', prometheus.url, '-o', name, ...words],
          ],
          { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
        ),
      ),
    );
    return readInventory(join(folder, name));
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'planner-lab-work-'));
    fake = await startFake({ api: recordedApi(recording), account: admin });
    writeCloudsFile(folder, fake);
    prometheus = await startPrometheus(
      unpacked.kind === 'folder' ? unpacked.folder : '',
      new Map([
        ['kvm-a01:9100', node],
        ['kvm-a01:9177', libvirt],
      ]),
      counters,
    );
    await waitFor(
      { what: 'samples' },
      async () => ((await prometheus.value('count_over_time(libvirt_domain_info_meta[1m])')) ?? 0) >= 2,
    );
  });

  afterAll(async () => {
    await prometheus.stop();
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
    if (unpacked.kind === 'folder') unpacked.remove();
  });

  it('arrives at the hosts and servers that it is of', async () => {
    const inventory = await imported('usual.json');

    const host = inventory.hosts.find(({ id }) => id === 'kvm-a01');
    const measured = inventory.servers.find(({ id }) => id === server);
    // the last samples of a day that began three hours ago may be a little off
    expect(host?.usage?.cpuPercent).toBeOneOf([75, 76]);
    expect(host?.usage?.networkMbps).toBeOneOf([800, 801]);
    expect(host?.usage?.memoryUsedMiB).toBe(32 * 1024);
    expect(host?.nics).toEqual([{ name: 'ens1f0', bandwidthMbps: 25_000 }]);
    expect(measured?.usage?.cpuPercent).toBeOneOf([50, 51]);
    expect(measured?.usage?.memoryUsedMiB).toBe(20 * 1024); // 62.5 % of its flavor
    expect(measured?.diskWriteMiBps).toBeOneOf([20, 21]);
    expect(measured?.dirtyRateMiBps).toBe(180);
    expect(measured?.residentMemoryMiB).toBe(12 * 1024);
    expect(measured?.workingSetMiB).toBeUndefined();
    expect(inventory.hosts.filter(({ usage }) => usage !== undefined)).toHaveLength(1);
    expect(inventory.servers.filter(({ dirtyRateMiBps }) => dirtyRateMiBps !== undefined)).toHaveLength(1);
  });

  it('comes by queries of your own, and not by those that are empty', async () => {
    writeFileSync(
      join(folder, 'queries.json'),
      JSON.stringify({
        'vm-dirty-rate': '2 * libvirt_domain_dirtyrate_megabytes_per_second',
        'vm-working-set-bytes': 'guest_working_set_bytes',
        'vm-cpu-percent': '',
        'host-nic-speed': 'no_such_function(',
      }),
    );

    const inventory = await imported('own.json', '--prometheus-queries', 'queries.json');

    const measured = inventory.servers.find(({ id }) => id === server);
    expect(measured?.dirtyRateMiBps).toBe(360);
    expect(measured?.workingSetMiB).toBe(3 * 1024);
    expect(measured?.usage?.cpuPercent).toBeUndefined();
    expect(inventory.gaps?.map(({ summary }) => summary)).toContainEqual(
      expect.stringContaining('metrics/host-nic-speed.json holds an error'),
    );
  });
});
