import { describe, expect, it } from 'vitest';
import { readTopologies } from '../../src/inventory/api/nova-topology.ts';
import { importBundle } from '../../src/inventory/bundle.ts';
import { readComputeNodes } from '../../src/inventory/db/compute-nodes.ts';
import { readInstanceExtra } from '../../src/inventory/db/instance-extra.ts';
import { hostPrecedence, listPrecedence, serverPrecedence } from '../../src/inventory/precedence.ts';
import type { Row } from '../../src/inventory/table-rows.ts';
import { statusOf } from '../../src/inventory/nova-formats/server-status.ts';
import { hostId, serverId } from '../../src/model/ids.ts';
import { bundleOf, cloudOf, hostNamed, oneHost, problemsOf } from './support/bundles.ts';

const row = (value: object, novaCell = 'cell1'): Row => ({ source: 'table', path: [], value, novaCell });

const wrapped = (name: string, data: object) => ({
  'nova_object.name': name,
  'nova_object.namespace': 'nova',
  'nova_object.version': '1.0',
  'nova_object.data': data,
  'nova_object.changes': [],
});

describe('topologies of old releases', () => {
  it('has the CPUs of a host before Train serve pinned servers too', () => {
    const cell = { id: 1, cpuset: [3, 2], memory: 1024, cpu_usage: 1, memory_usage: 512, pinned_cpus: [3] };
    const topology = wrapped('NUMATopology', { cells: [wrapped('NUMACell', cell)] });

    const facts = readComputeNodes([
      row({ id: 1, host: 'h1', hypervisor_hostname: 'n1', numa_topology: JSON.stringify(topology) }),
    ]);

    expect(facts.hosts?.get(hostId('h1'))?.cells).toEqual([
      {
        id: 1,
        sharedCpus: [2, 3],
        dedicatedCpus: [2, 3],
        siblings: [],
        memoryMiB: 1024,
        networks: { physnets: [], tunneled: false },
        memoryUsedMiB: 512,
        sharedCpusUsed: 1,
        pinnedCpus: [3],
        pages: [],
      },
    ]);
  });

  it('has the pinned vCPUs of a server before Victoria stand in its only set', () => {
    const cell = {
      id: 0,
      cpuset: [0, 1],
      memory: 2048,
      pagesize: null,
      cpu_pinning_raw: { '1': 5, '0': 4 },
      cpu_policy: 'dedicated',
    };
    const topology = wrapped('InstanceNUMATopology', { cells: [wrapped('InstanceNUMACell', cell)] });

    const facts = readInstanceExtra([row({ instance_uuid: 's1', numa_topology: JSON.stringify(topology) })]);

    expect(facts.servers?.get(serverId('s1'))?.topology).toEqual({
      kind: 'placed',
      topology: {
        cells: [
          {
            hostCellId: 0,
            sharedVcpus: [],
            dedicatedVcpus: [0, 1],
            pinning: [
              [0, 4],
              [1, 5],
            ],
            memoryMiB: 2048,
          },
        ],
      },
    });
  });

  it('takes a topology of an aborted claim, on cell -1, for unknown', () => {
    const topology = { cells: [{ id: -1, cpuset: [0], memory: 1 }] };

    const facts = readInstanceExtra([row({ instance_uuid: 's1', numa_topology: JSON.stringify(topology) })]);

    expect(facts.servers?.get(serverId('s1'))).not.toHaveProperty('topology');
  });

  it('takes a topology without its host, as others than administrators see it, for unknown', () => {
    const facts = readTopologies([
      {
        source: 'reply',
        path: [],
        id: 's1',
        value: { nodes: [{ vcpu_set: [0], memory_mb: 1 }], pagesize_kb: null },
      },
      { source: 'reply', path: [], id: 's2', value: { nodes: [], pagesize_kb: null } },
    ]);

    expect([...(facts.servers ?? [])]).toEqual([['s2', { topology: { kind: 'none' } }]]);
  });
});

describe('a compute node without a NUMA topology', () => {
  const cellsOf = (columns: object) =>
    readComputeNodes([row({ id: 1, host: 'h1', hypervisor_hostname: 'n1', ...columns })]).hosts?.get(
      hostId('h1'),
    )?.cells;

  it('has no cells where its driver knows none, and unknown ones where the column was not dumped', () => {
    expect(cellsOf({ numa_topology: null })).toEqual([]);
    expect(cellsOf({})).toBeUndefined();
  });
});

describe('JSON within texts', () => {
  it('may be null, empty or damaged', () => {
    const node = { id: 1, host: 'h1', hypervisor_hostname: 'n1' };

    expect(
      readComputeNodes([row({ ...node, numa_topology: '', cpu_info: null })]).hosts?.get(hostId('h1')),
    ).toEqual({
      nodeName: 'n1',
    });
    expect(
      problemsOf(() => readComputeNodes([row({ ...node, numa_topology: '{"cells": [' })])).map(
        ({ path, summary }) => [path, summary],
      ),
    ).toEqual([['$.numa_topology', 'a text that holds JSON is damaged']]);
    expect(
      problemsOf(() => readComputeNodes([row({ ...node, stats: `${'['.repeat(9999)}${']'.repeat(9999)}` })])),
    ).toHaveLength(1);
  });
});

describe('PCI devices', () => {
  const node = { id: 1, uuid: 'n1', host: 'h1', hypervisor_hostname: 'n1', pci_stats: null };
  const vf = (address: string, more: object = {}) => ({
    compute_node_id: 1,
    address,
    vendor_id: '8086',
    product_id: '154c',
    dev_type: 'type-VF',
    status: 'available',
    numa_node: 0,
    parent_addr: '0000:18:00.0',
    extra_info: '{"parent_ifname": "ens1f0"}',
    ...more,
  });

  it('that are equal and follow on each other stand as one range, over slots', () => {
    const folder = bundleOf({
      ...oneHost,
      'db/compute_nodes.jsonl': [node],
      'db/pci_devices.jsonl': [
        ...['18:02.6', '18:02.7', '18:03.0', '18:03.1'].map((address) => vf(`0000:${address}`)),
        vf('0000:18:03.2', { status: 'allocated', instance_uuid: 's1' }),
        vf('0000:18:03.3'),
        vf('0000:19:00.0', { deleted: 1 }),
      ],
    });

    const { inventory } = importBundle(folder);

    expect(
      inventory.hosts[0]?.pciDevices?.map(({ address, count, status }) => [address, count, status]),
    ).toEqual([
      ['0000:18:02.6', 4, 'available'],
      ['0000:18:03.2', undefined, 'allocated'],
      ['0000:18:03.3', undefined, 'available'],
    ]);
    expect(hostNamed(cloudOf(folder), 'h1').pciDevices?.map(({ address }) => address)).toEqual([
      '0000:18:02.6',
      '0000:18:02.7',
      '0000:18:03.0',
      '0000:18:03.1',
      '0000:18:03.2',
      '0000:18:03.3',
    ]);
  });

  it('held on the other host of a move belong to the move', () => {
    const instance = {
      uuid: 's1',
      display_name: 's1',
      project_id: 'p',
      host: 'h1',
      vm_state: 'active',
      power_state: 1,
      image_ref: '',
    };
    const folder = bundleOf({
      ...oneHost,
      'db/compute_nodes.jsonl': [node, { ...node, id: 2, uuid: 'n2', host: 'h2', hypervisor_hostname: 'n2' }],
      'db/pci_devices.jsonl': [
        vf('0000:18:02.0', { status: 'allocated', instance_uuid: 's1' }),
        vf('0000:18:02.1', { status: 'claimed', instance_uuid: 's1', compute_node_id: 2 }),
      ],
      'db/instances.jsonl': [instance],
      'db/instance_extra.jsonl': [
        { instance_uuid: 's1', flavor: JSON.stringify({ cur: { name: 'f', vcpus: 1, memory_mb: 1 } }) },
      ],
      'db/migrations.jsonl': [
        {
          id: 1,
          uuid: 'm1',
          instance_uuid: 's1',
          status: 'running',
          migration_type: 'live-migration',
          source_compute: 'h1',
          dest_compute: 'h2',
        },
      ],
    });

    const cloud = cloudOf(folder);

    expect(cloud.servers.get(serverId('s1'))?.pciDevices).toEqual(['0000:18:02.0']);
    expect(cloud.migrations[0]?.held).toEqual({
      source: { pciDevices: ['0000:18:02.0'] },
      destination: { pciDevices: ['0000:18:02.1'] },
    });
  });

  it('of nodes with one number in two Nova cells are told apart', () => {
    const folder = bundleOf({
      ...oneHost,
      'db/cell1-compute_nodes.jsonl': [node],
      'db/cell2-compute_nodes.jsonl': [{ ...node, uuid: 'n2', host: 'h2', hypervisor_hostname: 'n2' }],
      'db/cell2-pci_devices.jsonl': [vf('0000:18:02.0')],
    });

    const cloud = cloudOf(folder);

    expect(hostNamed(cloud, 'h1').pciDevices).toEqual([]);
    expect(hostNamed(cloud, 'h2').pciDevices).toHaveLength(1);
  });
});

describe('providers of Placement', () => {
  const provider = (uuid: string, more: object = {}) => ({ uuid, name: uuid, generation: 1, ...more });
  const about = (uuid: string, inventories: object, traits: string[] = [], aggregates: string[] = []) => ({
    [`api/placement/resource_providers/${uuid}/inventories.json`]: { inventories },
    [`api/placement/resource_providers/${uuid}/traits.json`]: { traits },
    [`api/placement/resource_providers/${uuid}/aggregates.json`]: { aggregates },
  });

  it('form a tree with its root first, joined with its host by the name of the node', () => {
    const folder = bundleOf({
      ...oneHost,
      'api/placement/resource_providers.json': {
        resource_providers: [
          provider('a-child', { parent_provider_uuid: 'root' }),
          provider('root', { name: 'h1.example.net' }),
        ],
      },
      ...about('root', {}),
      ...about('a-child', { VGPU: { total: 4, max_unit: 1 } }),
    });

    expect(hostNamed(cloudOf(folder), 'h1').providers.map(({ id, parent }) => [id, parent])).toEqual([
      ['root', undefined],
      ['a-child', 'root'],
    ]);
  });

  it('of no host that share their disk are a pool, counted once', () => {
    const folder = bundleOf({
      ...oneHost,
      'api/placement/resource_providers.json': {
        resource_providers: [provider('root', { name: 'h1' }), provider('ceph')],
      },
      ...about('root', {}, [], ['agg']),
      ...about('ceph', { DISK_GB: { total: 1000, max_unit: 1000 } }, ['MISC_SHARES_VIA_AGGREGATE'], ['agg']),
    });

    const cloud = cloudOf(folder);

    expect([...cloud.storagePools.values()]).toEqual([{ id: 'ceph', kind: 'shared', totalGiB: 1000 }]);
    expect(hostNamed(cloud, 'h1').storagePool).toBe('ceph');
    expect(cloud.otherProviders?.map(({ id }) => id)).toEqual(['ceph']);
  });

  it('whose inventories were not recorded are a gap', () => {
    const folder = bundleOf({
      ...oneHost,
      'api/placement/resource_providers.json': { resource_providers: [provider('root', { name: 'h1' })] },
    });

    expect(importBundle(folder).report.gaps.map(({ code }) => code)).toEqual(['placement.provider']);
    expect(hostNamed(cloudOf(folder), 'h1').providers).toEqual([]);
  });
});

describe('statuses of servers', () => {
  it.each([
    ['active', undefined, 'ACTIVE'],
    ['active', 'migrating', 'MIGRATING'],
    ['active', 'resize_migrating', 'RESIZE'],
    ['active', 'rebuild_spawning', 'REBUILD'],
    ['stopped', undefined, 'SHUTOFF'],
    ['resized', undefined, 'VERIFY_RESIZE'],
    ['resized', 'resize_reverting', 'REVERT_RESIZE'],
    ['paused', 'migrating', 'MIGRATING'],
    ['soft-delete', undefined, 'SOFT_DELETED'],
    ['something-new', undefined, 'UNKNOWN'],
  ])('%s with task %s is %s, as the API would show it', (vmState, taskState, status) => {
    expect(statusOf(vmState, taskState)).toBe(status);
  });
});

describe('the table of precedences', () => {
  it('asks no source twice for one field', () => {
    const rules = [...Object.values(hostPrecedence), ...Object.values(serverPrecedence)];
    const lists = [
      ...rules.map((rule) => [...rule.from, ...(rule.else ?? [])]),
      ...Object.values(listPrecedence),
    ];

    expect(lists.filter((sources) => new Set<string>(sources).size < sources.length)).toEqual([]);
  });
});
