import { describe, expect, it } from 'vitest';
import type { Finding, Patient } from '../../src/doctor/check.ts';
import { examine } from '../../src/doctor/examine.ts';
import { checks } from '../../src/doctor/registry.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { Host } from '../../src/model/host.ts';
import type { HostReport } from '../../src/model/host-report.ts';
import type { Migration } from '../../src/model/migration.ts';
import type { CloudProbes, ReadProbe } from '../../src/model/probes.ts';
import { omit } from '../../src/shared/omit.ts';
import {
  aCell,
  aCloud,
  aFlavor,
  aggregateId,
  aGroup,
  aHost,
  aServer,
  hostId,
  noCpuTable,
  providerId,
  serverId,
  shippedProfile,
  someConfig,
  zedProfile,
} from '../support/builders.ts';

/** Hosts on which nothing is wrong. */
const wellHost = (name: string, over: Parameters<typeof aHost>[1] = {}): Host =>
  aHost(name, {
    traits: ['COMPUTE_NODE'],
    otherServices: [{ binary: 'neutron-openvswitch-agent', alive: true }],
    libvirtVersion: 9000000,
    ...over,
  });

const wellCloud = (over: Parameters<typeof aCloud>[0] = {}): Cloud =>
  aCloud({ hosts: [wellHost('h1'), wellHost('h2')], ...over });

const key = (name: string): string => `SHA256:${name}`;

/** How a host is set up, such that nothing is wrong with it and its like. */
function aReport(
  name: string,
  over: Partial<HostReport> & { readonly set?: Record<string, string> } = {},
): HostReport {
  const { set = {}, ...rest } = over;
  return {
    host: hostId(name),
    options: new Map(
      Object.entries({
        'DEFAULT.my_ip': addressOf(name),
        'compute.cpu_dedicated_set': '1-3',
        'service_user.send_service_user_token': 'true',
        ...set,
      }).filter(([, value]) => value !== ''),
    ),
    tellsAll: true,
    cpus: [0, 1, 2, 3, 4, 5],
    cores: [
      [0, 4],
      [1, 5],
    ],
    versions: new Map([['kernel', '6.1.0']]),
    clockIsSynchronized: true,
    ssh: {
      offers: [key(name)],
      accepts: [key('h1'), key('h2')],
      knows: [addressOf('h1'), addressOf('h2')],
      hashed: 0,
      checksHostKeys: true,
    },
    ...rest,
  };
}

const addressOf = (name: string): string => `10.0.0.${name.slice(1)}`;

const reportsOf = (...reports: readonly HostReport[]) =>
  new Map(reports.map((report) => [report.host, report]));
const wellReports = reportsOf(aReport('h1'), aReport('h2'));

const read = (over: Partial<ReadProbe> = {}): ReadProbe => ({
  called: 'Nova',
  call: 'GET /os-services',
  purpose: 'import',
  required: true,
  outcome: 'allowed',
  policy: 'os_compute_api:os-services:list',
  ...over,
});

const wellProbes: CloudProbes = {
  cloud: 'fake',
  roles: ['admin'],
  services: [
    { called: 'Keystone', required: true, outcome: 'answers' },
    { called: 'Nova', required: true, outcome: 'answers', microversions: { min: '2.1', max: '2.93' } },
    { called: 'Placement', required: true, outcome: 'answers', microversions: { min: '1.0', max: '1.39' } },
  ],
  reads: [read(), read({ purpose: 'run' })],
};

const well: Patient = {
  cloud: wellCloud(),
  profile: zedProfile,
  cpuTable: noCpuTable,
  probes: wellProbes,
  reports: wellReports,
};

const checked = (id: string, patient: Partial<Patient>) => {
  const found = examine({ ...well, ...patient }).find((each) => each.id === id);
  if (found === undefined) throw new Error(`no check ${id}`);
  return found;
};

/** What a check finds besides what is well: state, places and words. */
const bad = (id: string, patient: Partial<Patient>): string[] =>
  checked(id, patient)
    .findings.filter(({ state }) => state !== 'ok')
    .map(({ found, places, state }: Finding) => `${state} ${places.join(', ')}: ${found}`);

const withService = (over: Partial<Host['service']>): Partial<Patient> => ({
  cloud: wellCloud({
    hosts: [
      wellHost('h1'),
      wellHost('h2', {
        service: { status: 'enabled', state: 'up', forcedDown: false, version: 64, ...over },
      }),
    ],
  }),
});

const moved = (over: Partial<Migration> = {}): Migration => ({
  id: 7,
  uuid: 'm-7',
  server: serverId('web'),
  type: 'live-migration',
  status: 'running',
  source: hostId('h1'),
  destination: hostId('h2'),
  updatedAt: '2025-12-31T23:30:00Z',
  ...over,
});

const at = (host: string) => [{ provider: providerId(`rp-${host}`), resources: { VCPU: 2 } }];
const web = (over: Parameters<typeof aServer>[2] = {}) =>
  aServer('web', 'h1', { allocations: at('h1'), ...over });

const withServers = (
  server: ReturnType<typeof aServer>,
  migrations: readonly Migration[] = [],
): Partial<Patient> => ({
  cloud: wellCloud({ servers: [server], migrations }),
});

const withReports = (...reports: readonly HostReport[]): Partial<Patient> => ({
  reports: reportsOf(...reports),
});
const withOption = (option: string, value: string): Partial<Patient> =>
  withReports(aReport('h1'), aReport('h2', { set: { [option]: value } }));

const withProbes = (over: Partial<CloudProbes>): Partial<Patient> => ({ probes: { ...wellProbes, ...over } });

const noFilters = { ...someConfig, enabledFilters: { value: ['ComputeFilter'], known: true } };
const pinned = { flavors: new Map([['p', aFlavor(2, 4, { 'hw:cpu_policy': 'dedicated' })]]) };

const cpu = (model: string, features: readonly string[]) => ({
  arch: 'x86_64',
  model,
  vendor: 'Intel',
  features: new Set(features),
});
const cpuTable = {
  models: new Map(['A', 'B'].map((name) => [name, { features: new Set<string>() }])),
  features: new Set(['x', 'y']),
};

const cases: readonly (readonly [id: string, patient: Partial<Patient>, found: readonly string[]])[] = [
  [
    'services-answer',
    withProbes({ services: [{ called: 'Placement', required: true, outcome: 'absent' }] }),
    ['problem Placement: is not in the catalog of this region and interface'],
  ],
  [
    'services-answer',
    withProbes({
      services: [{ called: 'Cinder', required: false, outcome: 'fails', said: 'Cinder failed' }],
    }),
    ['warning Cinder: Cinder failed'],
  ],
  [
    'microversions',
    withProbes({
      services: [
        { called: 'Nova', required: true, outcome: 'answers', microversions: { min: '2.1', max: '2.60' } },
      ],
    }),
    [
      'problem Nova: offers up to 2.60; the profile asks for live 2.68, liveForced 2.67, evacuate 2.68, read 2.87',
    ],
  ],
  [
    'microversions',
    {
      ...withProbes({
        services: [
          { called: 'Nova', required: true, outcome: 'answers', microversions: { min: '2.1', max: '2.60' } },
        ],
      }),
      profile: shippedProfile('rhosp-13'),
    },
    [
      'warning Nova: offers up to 2.60, so there is no: aborting live migrations that are queued (2.65); NUMA cells of servers without the database or the hosts (2.78); reasons of failed migrations (2.84)',
    ],
  ],
  [
    'permissions-import',
    withProbes({ reads: [read({ outcome: 'forbidden' })] }),
    ['problem Nova GET /os-services: refused by os_compute_api:os-services:list'],
  ],
  [
    'permissions-import',
    withProbes({ reads: [read({ outcome: 'not-tried', said: 'there is no server' })] }),
    ['unknown Nova GET /os-services: there is no server'],
  ],
  [
    'permissions-run',
    withProbes({ roles: ['member'] }),
    [expect.stringMatching(/^warning user: roles: member; by default/)],
  ],
  ['compute-services', withService({ state: 'down' }), ['problem h2: nova-compute is enabled and down']],
  [
    'compute-services',
    withService({ status: 'disabled' }),
    ['warning h2: nova-compute is disabled, and nobody said why'],
  ],
  ['compute-services', withService({ status: 'disabled', disabledReason: 'OPS-7' }), []],
  [
    'compute-services',
    withService({ forcedDown: true }),
    ['warning h2: nova-compute is forced down: somebody has fenced the host, or left it so'],
  ],
  [
    'other-services',
    {
      cloud: wellCloud({
        hosts: [wellHost('h1', { otherServices: [{ binary: 'ovs-agent', alive: false }] })],
      }),
    },
    ['problem h1: ovs-agent does not report'],
  ],
  ['other-services', { cloud: aCloud() }, ['unknown agents: no agents were read']],
  [
    'service-versions',
    withService({ version: 61 }),
    ['warning hosts: nova-compute differs: 61 on h2; 64 on h1'],
  ],
  [
    'hypervisor-versions',
    { cloud: wellCloud({ hosts: [wellHost('h1'), wellHost('h2', { hypervisorVersion: 6002001 })] }) },
    ['warning hosts: QEMU differs: 6.2.1 on h2; 7.2.0 on h1'],
  ],
  [
    'placement-providers',
    { cloud: wellCloud({ hosts: [wellHost('h1'), wellHost('h2', { providers: [] })] }) },
    ['problem h2: no provider h2 in Placement'],
  ],
  [
    'placement-providers',
    { cloud: wellCloud({ hosts: [wellHost('h1', { vcpu: 0 })] }) },
    ['problem h1: its provider has no inventory of VCPU or PCPU'],
  ],
  [
    'disabled-trait',
    { cloud: wellCloud({ hosts: [wellHost('h1', { traits: ['COMPUTE_STATUS_DISABLED'] })] }) },
    ['problem h1: is enabled, but has COMPUTE_STATUS_DISABLED'],
  ],
  [
    'disabled-trait',
    withService({ status: 'disabled' }),
    ['warning h2: is disabled, but lacks COMPUTE_STATUS_DISABLED'],
  ],
  ['disabled-trait', { cloud: aCloud() }, ['unknown Placement: no traits were read']],
  [
    'allocations',
    withServers(web({ allocations: [...at('h1'), ...at('h2')] })),
    ['problem server web (web): is on h1, but holds amounts on h2, and no migration is under way'],
  ],
  ['allocations', withServers(web({ allocations: [...at('h1'), ...at('h2')] }), [moved()]), []],
  [
    'allocations',
    withServers(web({ allocations: [] })),
    ['problem server web (web): is on h1 and holds nothing there: its room is given away twice'],
  ],
  [
    'allocations',
    withServers(aServer('web', 'h1')),
    ['unknown Placement: allocations of 1 servers were not read'],
  ],
  [
    'allocations',
    { cloud: wellCloud({ otherConsumers: [{ id: 'gone', allocations: at('h2') }] }) },
    ['warning consumer gone: holds amounts on h2, and is no server and no migration that was read'],
  ],
  [
    'allocations',
    {
      cloud: wellCloud({
        otherConsumers: [{ id: 'm-7', migration: 'm-7', allocations: at('h1') }],
        migrations: [moved({ status: 'error' })],
      }),
    },
    ['problem migration 7: has ended (error) and still holds amounts on h1'],
  ],
  [
    'stuck-migrations',
    withServers(web(), [moved({ status: 'confirming', updatedAt: '2025-12-31T22:00:00Z' })]),
    ['problem migration 7 (live-migration of server web): is confirming since 2 h'],
  ],
  ['stuck-migrations', withServers(web(), [moved({ updatedAt: '2025-12-31T22:00:00Z' })]), []],
  [
    'stuck-migrations',
    withServers(web(), [moved({ updatedAt: '2025-12-29T22:00:00Z' })]),
    ['problem migration 7 (live-migration of server web): is running since 2 d'],
  ],
  ['stuck-migrations', { migrationsUnread: true }, ['unknown migrations: none were read']],
  [
    'allocations',
    { migrationsUnread: true },
    ['unknown migrations: none were read: nobody knows who is under way'],
  ],
  [
    'server-states',
    { ...withServers(web({ taskState: 'migrating' })), migrationsUnread: true },
    ['unknown server web (web): is busy, and no migrations were read'],
  ],
  [
    'server-states',
    withServers(web({ status: 'VERIFY_RESIZE' }), []),
    ['unknown server web (web): waits for a confirmation, since when is not told'],
  ],
  [
    'microversions',
    withProbes({ services: [{ called: 'Nova', required: true, outcome: 'fails', said: 'Nova failed' }] }),
    ['unknown Nova: does not answer'],
  ],
  [
    'stuck-migrations',
    withServers(web(), [moved({ type: 'evacuation', status: 'done' })]),
    [
      'warning migration 7 (evacuation of server web): the evacuated host h1 is up again and has not cleaned up',
    ],
  ],
  [
    'server-states',
    withServers(web({ status: 'ERROR', faultMessage: 'no disk' })),
    ['warning server web (web): is in ERROR: no disk'],
  ],
  [
    'server-states',
    withServers(web({ status: 'VERIFY_RESIZE' }), [
      moved({ type: 'migration', status: 'finished', updatedAt: '2025-12-29T00:00:00Z' }),
    ]),
    ['warning server web (web): waits for a confirmation since 3 d'],
  ],
  [
    'server-states',
    withServers(web({ taskState: 'migrating' })),
    ['problem server web (web): has the task migrating, and no migration of it is under way'],
  ],
  ['server-states', withServers(web({ taskState: 'migrating' }), [moved()]), []],
  [
    'availability-zones',
    {
      cloud: wellCloud({
        aggregates: new Map(
          ['east', 'west'].map((zone) => [
            aggregateId(zone),
            {
              id: aggregateId(zone),
              name: `in-${zone}`,
              hosts: [hostId('h1')],
              metadata: { availability_zone: zone },
            },
          ]),
        ),
      }),
    },
    ['problem h1: is in several zones: east (aggregate in-east), west (aggregate in-west)'],
  ],
  [
    'cpu-types',
    {
      cpuTable,
      cloud: wellCloud({
        hosts: [wellHost('h1', { cpu: cpu('A', ['x']) }), wellHost('h2', { cpu: cpu('B', ['y']) })],
      }),
    },
    ['warning A and B: no live migration either way between h1 and h2: B lacks x, A lacks y'],
  ],
  [
    'cpu-types',
    {
      cpuTable,
      cloud: wellCloud({
        hosts: [wellHost('h1', { cpu: cpu('A', ['x']) }), wellHost('h2', { cpu: cpu('B', ['x', 'y']) })],
      }),
    },
    [],
  ],
  [
    'scheduler-filters',
    { cloud: wellCloud({ config: noFilters, ...pinned }) },
    [
      'problem nova-scheduler: NUMATopologyFilter is not enabled, and there are 1 flavor with a NUMA topology',
    ],
  ],
  [
    'scheduler-filters',
    { cloud: wellCloud({ config: noFilters, groups: [aGroup(['web'])], servers: [web()] }) },
    [
      'problem nova-scheduler: ServerGroupAntiAffinityFilter is not enabled, and there are 1 anti-affinity group',
    ],
  ],
  ['scheduler-filters', { cloud: wellCloud({ config: noFilters }) }, []],
  [
    'scheduler-filters',
    { cloud: wellCloud({ config: { ...someConfig, enabledFilters: { value: [], known: false } } }) },
    ['unknown nova-scheduler: nobody told which filters are enabled'],
  ],
  [
    'numa-live-migration',
    {
      profile: shippedProfile('rhosp-13'),
      ...withServers(web({ topology: { kind: 'placed', topology: { cells: [] } } })),
    },
    [
      'problem nova.conf: 1 servers with a NUMA topology do not go live: enable_numa_live_migration is not set',
    ],
  ],
  [
    'numa-live-migration',
    { profile: shippedProfile('rhosp-13'), ...withServers(omit(web(), 'topology')) },
    ['unknown servers: nobody told whether 1 of 1 servers have a NUMA topology'],
  ],
  [
    'huge-pages',
    {
      cloud: wellCloud({
        flavors: new Map([['big', aFlavor(2, 4, { 'hw:mem_page_size': '1GB' })]]),
        hosts: [wellHost('h1', { cells: [aCell(0, { bigPages: 4 }), aCell(1, { bigPages: 2 })] })],
      }),
    },
    ['warning h1: huge pages are uneven: cell 0: 4096 MiB, cell 1: 2048 MiB'],
  ],
  [
    'alike-settings',
    withOption('libvirt.live_migration_with_native_tls', 'true'),
    ['problem [libvirt] live_migration_with_native_tls: differs: false on h1; true on h2'],
  ],
  [
    'alike-settings',
    withOption('libvirt.cpu_mode', 'custom'),
    ['warning [libvirt] cpu_mode: differs: not set on h1; custom on h2'],
  ],
  ['alike-settings', withOption('libvirt.live_migration_completion_timeout', '800.0'), []],
  [
    'cpu-sets',
    withOption('compute.cpu_shared_set', '3-5,^5,9'),
    ['problem h2: CPUs in both sets: 3', 'problem h2: CPUs that are not on line: 9'],
  ],
  [
    'cpu-sets',
    withOption('compute.cpu_shared_set', '5'),
    ['warning h2: cores with threads in both sets: 1+5'],
  ],
  [
    'cpu-sets',
    withOption('DEFAULT.vcpu_pin_set', '2'),
    ['problem h2: vcpu_pin_set beside cpu_dedicated_set: nova-compute does not start with both'],
  ],
  [
    'cpu-sets',
    withOption('compute.cpu_dedicated_set', '0-5'),
    ['warning h2: every CPU is given to servers, none is left for the host'],
  ],
  [
    'migration-addresses',
    withOption('DEFAULT.my_ip', '127.0.0.1'),
    ['problem h2: my_ip is 127.0.0.1: no other host gets there'],
  ],
  [
    'migration-addresses',
    withOption('DEFAULT.my_ip', '10.0.0.1'),
    ['problem h1, h2: several hosts have my_ip 10.0.0.1'],
  ],
  [
    'migration-addresses',
    withOption('libvirt.live_migration_inbound_addr', '10.9.0.2'),
    ['warning h1: no live_migration_inbound_addr, while others have one: their copies take another network'],
  ],
  [
    'host-packages',
    withReports(aReport('h1'), aReport('h2', { versions: new Map([['kernel', '5.10.0']]) })),
    ['warning kernel: differs: 6.1.0 on h1; 5.10.0 on h2'],
  ],
  ['upgrade-levels', withOption('upgrade_levels.compute', 'yoga'), ['warning h2: is yoga']],
  [
    'service-user-token',
    withOption('service_user.send_service_user_token', 'False'),
    ['problem h2: is not set'],
  ],
  ['service-user-token', withOption('service_user.send_service_user_token', ''), ['problem h2: is not set']],
  [
    'service-user-token',
    withReports(
      aReport('h1'),
      aReport('h2', { tellsAll: false, set: { 'service_user.send_service_user_token': '' } }),
    ),
    ['unknown h2: was not recorded'],
  ],
  [
    'clocks',
    withReports(aReport('h1'), aReport('h2', { clockIsSynchronized: false })),
    ['problem h2: does not follow a time server'],
  ],
  [
    'ssh-between-hosts',
    withReports(
      aReport('h1'),
      aReport('h2', {
        ssh: { offers: [key('new')], accepts: [key('h1')], knows: ['h1'], hashed: 0, checksHostKeys: true },
      }),
    ),
    [
      'problem h2: its key is not accepted by h1',
      'problem h2: does not know the host key of h1 by its address',
    ],
  ],
  [
    'ssh-between-hosts',
    withReports(
      aReport('h1'),
      aReport('h2', {
        ssh: { offers: [key('h2')], accepts: [key('h1')], knows: [], hashed: 3, checksHostKeys: true },
      }),
    ),
    ['unknown h2: names in known_hosts are hashed: not seen whether h1 are there'],
  ],
  [
    'ssh-between-hosts',
    withReports(
      aReport('h1'),
      aReport('h2', {
        ssh: { offers: [key('h2')], accepts: [key('h1')], knows: [], hashed: 0, checksHostKeys: false },
      }),
    ),
    [],
  ],
  ['clocks', withReports(aReport('h1')), ['unknown h2: no facts of these hosts']],
];

describe('a check', () => {
  it.each(cases)('%s tells what is wrong and nothing else (%#)', (id, patient, found) => {
    expect(bad(id, patient)).toEqual(found);
  });

  it('is tried with something wrong, each of them', () => {
    const tried = new Set(cases.filter(([, , found]) => found.length > 0).map(([id]) => id));

    expect(checks.map(({ id }) => id).filter((id) => !tried.has(id))).toEqual([]);
  });
});

describe('all checks together', () => {
  it('find nothing on a cloud where all is well', () => {
    expect(examine(well).filter(({ state }) => state !== 'ok')).toEqual([]);
  });

  it('never take for well what nobody told', () => {
    const states = examine({ profile: zedProfile, cpuTable: noCpuTable }).map(({ state }) => state);

    expect(new Set(states)).toEqual(new Set(['unknown']));
  });

  it('say what to do about everything that is not well', () => {
    for (const [id, patient] of cases)
      for (const { next, state } of checked(id, patient).findings)
        expect([id, state, (next ?? '') === '']).toEqual([id, state, state === 'ok']);
  });

  it('have ids and words of their own', () => {
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
    for (const { fine, needed, why } of checks) expect([fine, needed, why]).not.toContain('');
  });
});
