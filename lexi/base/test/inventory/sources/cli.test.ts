import { describe, expect, it } from 'vitest';
import { importBundle } from '../../../src/inventory/bundle.ts';
import { toCloud } from '../../../src/inventory/to-cloud.ts';
import { recordingOf, without } from '../support/all-sources.ts';
import { bundleOf, cloudOf, hostNamed, partOf, problemsOf, serverNamed } from '../support/bundles.ts';

const services = [
  {
    ID: 'service-1',
    Binary: 'nova-compute',
    Host: 'h1',
    Zone: 'nova',
    Status: 'enabled',
    State: 'up',
    'Updated At': '2026-01-02T03:04:05.000000',
    'Disabled Reason': null,
    'Forced Down': false,
  },
];
const row = {
  ID: 's1',
  Name: 'one',
  Status: 'ACTIVE',
  'Task State': null,
  'Power State': 1,
  'Image Name': 'N/A (booted from volume)',
  'Image ID': 'N/A (booted from volume)',
  Flavor: 'small',
  Host: 'h1',
  Properties: {},
};
const flavor = {
  ID: 'f1',
  Name: 'small',
  RAM: 1024,
  Disk: 10,
  Ephemeral: 0,
  VCPUs: 2,
  Swap: '',
  Properties: { 'hw:cpu_policy': 'dedicated' },
};
const base = { 'cli/compute-service-list.json': services };
const cloudWith = (files: Readonly<Record<string, unknown>>) => cloudOf(bundleOf({ ...base, ...files }));

describe('what the client printed', () => {
  it('is the same cloud as the API gave, as far as both tell', () => {
    const cli = cloudOf(recordingOf(['cli']));
    const api = cloudOf(partOf(['api']));

    for (const [id, host] of api.hosts) {
      // `hypervisor show` of a host that is down fails
      const shared = without(host, 'diskAvailableLeastGiB', 'hypervisorVersion', 'cpu');
      expect(hostNamed(cli, id)).toMatchObject(shared);
    }
    for (const [id, server] of api.servers) {
      const shared = without(server, 'topology', 'imageProperties', 'pciDevices');
      expect(cli.servers.get(id)).toMatchObject(shared);
    }
    expect(cli.groups).toEqual(api.groups);
    expect(cli.aggregates).toEqual(api.aggregates);
    expect(cli.otherConsumers).toEqual(api.otherConsumers);
  });

  it('names the node of a host whose show failed by a server on it', () => {
    const host = hostNamed(cloudOf(recordingOf(['cli'])), 'kvm-b06');

    expect(host).toMatchObject({ nodeName: 'kvm-b06.dc1.example.net', hostIp: '10.40.0.26' });
    expect(host.cpu).toBeUndefined();
  });

  it.each([
    ['Policies of old releases', { Policies: ['anti-affinity'] }],
    ['Policies as old clients print them', { Policies: 'anti-affinity' }],
    ['Policy', { Policy: 'anti-affinity' }],
  ])('has server groups with %s', (_name, policy) => {
    const cloud = cloudWith({
      'cli/server-group-list.json': [{ ID: 'g1', Name: 'g', Members: 's1, s2', ...policy }],
    });

    expect([...cloud.groups.values()]).toEqual([
      expect.objectContaining({ policy: 'anti-affinity', members: ['s1', 's2'], maxServersPerHost: 1 }),
    ]);
  });

  it('has the limit of a group where the group was shown', () => {
    const cloud = cloudWith({
      'cli/server-group-list-2.64.json': [{ ID: 'g1', Name: 'g', Policy: 'anti-affinity', Members: [] }],
      'cli/server-group-show/g.json': {
        id: 'g1',
        name: 'g',
        policy: 'anti-affinity',
        rules: { max_server_per_host: 3 },
        members: ['s1'],
      },
    });

    expect([...cloud.groups.values()].map((group) => group.maxServersPerHost)).toEqual([3]);
  });

  it('has servers by their list alone, with the flavor of today', () => {
    const cloud = cloudWith({ 'cli/server-list-long.json': [row], 'cli/flavor-list.json': [flavor] });

    expect(serverNamed(cloud, 'one')).toMatchObject({
      vmState: 'active',
      host: 'h1',
      bootFromVolume: true,
      flavor: { vcpus: 2, swapMiB: 0, extraSpecs: { 'hw:cpu_policy': 'dedicated' } },
    });
  });

  it('leaves a server out whose flavor is a name that nobody explains', () => {
    const { inventory, report } = importBundle(bundleOf({ ...base, 'cli/server-list.json': [row] }));

    expect(inventory.servers).toEqual([]);
    expect(report.gaps.map(({ code }) => code)).toContain('nova.no-flavor');
  });

  it('takes properties that old clients print as text', () => {
    const cloud = cloudWith({
      'cli/server-list.json': [row],
      'cli/flavor-list.json': [{ ...flavor, Properties: "hw:cpu_policy='shared', hw:numa_nodes='2'" }],
      'cli/aggregate-list.json': [
        { ID: 3, Name: 'a', 'Availability Zone': 'z', Properties: "ssd='true'", Hosts: 'h1' },
      ],
    });

    expect(serverNamed(cloud, 'one').flavor.extraSpecs).toEqual({
      'hw:cpu_policy': 'shared',
      'hw:numa_nodes': '2',
    });
    expect([...cloud.aggregates.values()]).toEqual([
      expect.objectContaining({ metadata: { ssd: 'true', availability_zone: 'z' }, hosts: ['h1'] }),
    ]);
  });

  it('is told apart from the list with fewer columns filled', () => {
    const host = { ID: 'n1', 'Hypervisor Hostname': 'h1', 'Hypervisor Type': 'QEMU', State: 'up' };
    const cloud = cloudWith({
      'cli/hypervisor-list-2.87.json': [{ ...host, 'Host IP': '10.0.0.1' }],
      'cli/hypervisor-list-2.90.json': [{ ...host, 'Host IP': '' }],
    });

    expect(hostNamed(cloud, 'h1')).toMatchObject({ nodeName: 'h1', hostIp: '10.0.0.1' });
  });

  it('is refused with the file, the row and the column as the client calls it', () => {
    const problems = problemsOf(() =>
      importBundle(
        bundleOf({
          'cli/compute-service-list.json': [{ ...services[0], 'Forced Down': 'perhaps' }],
          'cli/flavor-list.json': [{ ...flavor, VCPUs: 'many' }],
          'cli/server-list.json': '[{"ID": "s1",',
          'cli/server-show/s1.json': { id: 's1', status: 5 },
        }),
      ),
    );

    expect(problems.map(({ path, source }) => `${source ?? ''} ${path ?? ''}`)).toEqual(
      expect.arrayContaining([
        'cli/compute-service-list.json $[0]["Forced Down"]',
        'cli/flavor-list.json $[0].VCPUs',
        'cli/server-list.json ',
        'cli/server-show/s1.json $.status',
      ]),
    );
  });

  it('keeps names that are no plain words', () => {
    const name = 'a"; rm -rf / #\u001b[31m\n__proto__';
    const { inventory } = importBundle(
      bundleOf({
        ...base,
        'cli/server-list.json': [{ ...row, Name: name }],
        'cli/flavor-list.json': [flavor],
      }),
    );

    expect(toCloud(inventory).servers.values().next().value?.name).toBe(name);
  });
});
