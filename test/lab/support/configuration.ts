import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { places, runFile } from './places.ts';
import type { Ports } from './ports.ts';
import type { HostsSpec } from './spec.ts';

type Section = Readonly<Record<string, string | number | boolean | readonly string[]>>;
type Sections = Readonly<Record<string, Section>>;

/** The password of every user of the lab, which answers on the loopback only. */
export const password = 'open-sesame';
/** What one would gather from the hosts themselves: a folder a host. */
export const hostFacts = runFile('host-facts');

export const region = 'RegionOne';

/** Writes the run folder: configuration of the services, one file a host, and clouds.yaml. */
export function writeConfiguration(ports: Ports, spec: HostsSpec): void {
  for (const folder of [
    'conf',
    'hosts',
    'locks',
    'log',
    'pids',
    'keys/tokens',
    'keys/credentials',
    'messages',
  ])
    mkdirSync(runFile(folder), { recursive: true, mode: 0o700 });

  writeIni('keystone.conf', keystone(ports));
  writeIni('placement.conf', placement(ports));
  writeIni('nova.conf', merge(nova(ports, spec), spec.nova ?? {}));
  writeFileSync(runFile('conf', 'rabbitmq.conf'), messages(ports));
  cpSync(join(places.debian, 'api-paste.ini'), runFile('conf', 'api-paste.ini'));
  writeFileSync(runFile('clouds.yaml'), clouds(ports));

  for (const [name, host] of Object.entries(spec.hosts)) {
    writeFileSync(runFile('hosts', `${name}.json`), JSON.stringify(host));
    const state = runFile('hosts', name);
    mkdirSync(join(state, 'instances'), { recursive: true });
    writeFacts(name, merge(nova(ports, spec), spec.nova ?? {}, host.nova ?? {}));
    writeIni(
      `host-${name}.conf`,
      merge(
        {
          DEFAULT: { host: name, state_path: state, instances_path: join(state, 'instances') },
          oslo_concurrency: { lock_path: state },
        },
        host.nova ?? {},
      ),
    );
  }
}

const keystone = (ports: Ports): Sections => ({
  DEFAULT: { use_stderr: true },
  database: { connection: database(ports, 'keystone') },
  token: { provider: 'fernet' },
  fernet_tokens: { key_repository: runFile('keys', 'tokens') },
  credential: { key_repository: runFile('keys', 'credentials') },
  identity: { password_hash_rounds: 4 },
  // Else Keystone spends half a second on each token that it checks.
  cache: { enabled: true, backend: 'oslo_cache.dict' },
});

const placement = (ports: Ports): Sections => ({
  DEFAULT: { use_stderr: true },
  placement_database: { connection: database(ports, 'placement') },
  api: { auth_strategy: 'keystone' },
  keystone_authtoken: serviceUser(ports, 'placement'),
});

const nova = (ports: Ports, spec: HostsSpec): Sections => ({
  DEFAULT: {
    transport_url: `rabbit://lab:${password}@127.0.0.1:${ports.messages}/`,
    state_path: places.run,
    use_stderr: true,
    my_ip: '127.0.0.1',
    enabled_apis: 'osapi_compute',
    osapi_compute_listen: '127.0.0.1',
    osapi_compute_listen_port: ports.compute,
    osapi_compute_workers: 2,
    compute_driver: 'fake_hypervisor.FakeHypervisor',
    report_interval: 3,
    service_down_time: 12,
    update_resources_interval: 15,
    scheduler_instance_sync_interval: 30,
    heal_instance_info_cache_interval: -1,
    sync_power_state_interval: -1,
    running_deleted_instance_poll_interval: 0,
    max_concurrent_live_migrations: 2,
    resize_confirm_window: 0,
    vif_plugging_is_fatal: false,
    vif_plugging_timeout: 0,
    rpc_response_timeout: 60,
    reserved_host_memory_mb: 0,
    cpu_allocation_ratio: 1.0,
    ram_allocation_ratio: 1.0,
    disk_allocation_ratio: 1.0,
  },
  wsgi: { api_paste_config: runFile('conf', 'api-paste.ini') },
  api_database: { connection: database(ports, 'nova_api') },
  database: { connection: database(ports, 'nova_cell1') },
  quota: { instances: -1, cores: -1, ram: -1, server_groups: -1, server_group_members: -1 },
  conductor: { workers: 1 },
  scheduler: { workers: 1, query_placement_for_availability_zone: true },
  filter_scheduler: {
    enabled_filters: [
      'ComputeFilter',
      'ComputeCapabilitiesFilter',
      'ImagePropertiesFilter',
      'AggregateInstanceExtraSpecsFilter',
      'ServerGroupAntiAffinityFilter',
      'ServerGroupAffinityFilter',
      'NUMATopologyFilter',
      'PciPassthroughFilter',
    ].join(','),
  },
  pci: pci(spec),
  keystone_authtoken: serviceUser(ports, 'nova'),
  placement: { ...serviceUser(ports, 'nova'), region_name: region },
  neutron: { ...serviceUser(ports, 'nova'), endpoint_override: url(ports.network) },
  glance: { endpoint_override: url(ports.image), num_retries: 0 },
  vnc: { enabled: false },
  oslo_concurrency: { lock_path: runFile('locks') },
  oslo_messaging_rabbit: { heartbeat_in_pthread: false, kombu_reconnect_delay: 0.5 },
});

function pci({ pciAliases }: HostsSpec): Section {
  const devices = Object.entries(pciAliases).map(([name, { vendor, product }]) => ({
    name,
    ids: { vendor_id: vendor, product_id: product },
  }));
  return {
    alias: devices.map(({ name, ids }) => JSON.stringify({ name, ...ids, device_type: 'type-PCI' })),
    device_spec: devices.map(({ ids }) => JSON.stringify(ids)),
  };
}

const serviceUser = (ports: Ports, username: string): Section => ({
  auth_type: 'password',
  auth_url: `${url(ports.keystone)}/v3`,
  www_authenticate_uri: `${url(ports.keystone)}/v3`,
  username,
  password,
  project_name: 'service',
  user_domain_id: 'default',
  project_domain_id: 'default',
});

export const url = (port: number) => `http://127.0.0.1:${port}`;

const database = (ports: Ports, name: string) =>
  `mysql+pymysql://root@127.0.0.1:${ports.database}/${name}?charset=utf8mb4`;

const messages = (ports: Ports) => `listeners.tcp.1 = 127.0.0.1:${ports.messages}
default_user = lab
default_pass = ${password}
loopback_users = none
log.file.level = warning
vm_memory_high_watermark.absolute = 512MB
`;

/** An administrator, and a user who may not see the hosts. */
const clouds = (ports: Ports) => `clouds:
${cloud(ports, 'lab', 'admin', 'admin')}
${cloud(ports, 'lab-member', 'member', 'demo')}
`;

const cloud = (ports: Ports, name: string, user: string, project: string) => `  ${name}:
    region_name: ${region}
    auth:
      auth_url: ${url(ports.keystone)}/v3
      username: ${user}
      password: ${password}
      project_name: ${project}
      user_domain_id: default
      project_domain_id: default`;

function merge(...all: readonly Sections[]): Sections {
  const names = new Set(all.flatMap((sections) => Object.keys(sections)));
  return Object.fromEntries(
    [...names].map((name) => [name, Object.assign({}, ...all.map((one) => one[name]))]),
  );
}

const writeIni = (file: string, sections: Sections) => {
  writeFileSync(runFile('conf', file), ini(sections));
};

/** The nova.conf that somebody would find on the host. */
function writeFacts(host: string, sections: Sections): void {
  mkdirSync(join(hostFacts, host), { recursive: true });
  writeFileSync(join(hostFacts, host, 'nova.conf'), ini(sections));
}

/** A list becomes one line an entry. */
function ini(sections: Sections): string {
  const lines = Object.entries(sections).flatMap(([name, options]) => [
    `[${name}]`,
    ...Object.entries(options).flatMap(([option, value]) =>
      (typeof value === 'object' ? value : [value]).map((one) => `${option} = ${String(one)}`),
    ),
    '',
  ]);
  return lines.join('\n');
}
