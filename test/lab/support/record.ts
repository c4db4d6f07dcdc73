import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Admin } from './admin.ts';
import { hostFacts } from './configuration.ts';
import { query } from './truth.ts';

const listings = [
  ['compute', '/servers/detail?all_tenants=1', 'nova/servers-detail'],
  ['compute', '/os-services', 'nova/os-services'],
  ['compute', '/flavors/detail?is_public=None', 'nova/flavors-detail'],
  ['compute', '/os-aggregates', 'nova/os-aggregates'],
  ['compute', '/os-server-groups', 'nova/os-server-groups'],
  ['compute', '/os-migrations', 'nova/os-migrations'],
  ['compute', '/../', 'nova/versions'], // the root above /v2.1
  ['placement', '/resource_providers', 'placement/resource_providers'],
] as const;

const tables = {
  nova_cell1: [
    'services',
    'compute_nodes',
    'pci_devices',
    'instances',
    'instance_extra',
    'instance_system_metadata',
    'instance_metadata',
    'migrations',
  ],
  nova_api: ['host_mappings', 'request_specs'],
};

/** What Placement tells of each provider. */
const parts = ['inventories', 'traits', 'aggregates', 'usages', 'allocations'];

/** Keeps the cloud's replies, rows and host facts in a folder, as an operator would with curl, the database's client and ssh. */
export async function recordCloud(admin: Admin, folder: string): Promise<void> {
  const save = (file: string, text: string) => {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  const keep = async (
    service: 'compute' | 'placement',
    path: string,
    file: string,
    microversion?: string,
  ) => {
    const answer = await admin.read(service, path, z.record(z.string(), z.unknown()), microversion);
    save(join('api', `${file}.json`), JSON.stringify(answer));
    return answer;
  };

  const keepProvider = (id: string) =>
    parts.map((part) =>
      keep('placement', `/resource_providers/${id}/${part}`, `placement/resource_providers/${id}/${part}`),
    );
  const keepTable = async (database: string, name: string) => {
    save(join('db', `${name}.jsonl`), await dump(database, name));
  };

  await Promise.all([
    ...listings.map(([service, path, file]) => keep(service, path, file)),
    // From 2.88 on it no longer tells what a host has.
    keep('compute', '/os-hypervisors/detail', 'nova/os-hypervisors-detail-2.87', '2.87'),
    ...(await providers(admin)).flatMap(keepProvider),
    ...Object.entries(tables).flatMap(([database, names]) => names.map((name) => keepTable(database, name))),
  ]);
  cpSync(hostFacts, join(folder, 'host-facts'), { recursive: true });
}

async function providers(admin: Admin): Promise<string[]> {
  const Providers = z.object({ resource_providers: z.array(z.object({ uuid: z.string() })) });
  const { resource_providers } = await admin.read('placement', '/resource_providers', Providers);
  return resource_providers.map(({ uuid }) => uuid);
}

/** The rows of a table, each as a JSON object on a line of its own. */
async function dump(database: string, table: string): Promise<string> {
  const columns = await query(
    `select column_name from information_schema.columns where table_schema = '${database}' and table_name = '${table}'`,
  );
  const members = columns.map(([name = '']) => `'${name}', \`${name}\``).join(', ');
  const rows = await query(`select json_object(${members}) from ${database}.${table}`);
  return rows.map(([row = '']) => `${row}\n`).join('');
}
