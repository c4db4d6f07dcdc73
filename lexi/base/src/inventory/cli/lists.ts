import { z } from 'zod';
import { readProjects } from '../api/keystone-projects.ts';
import { readAggregates } from '../api/nova-aggregates.ts';
import { readFlavors } from '../api/nova-flavors.ts';
import { readMigrations } from '../api/nova-migrations.ts';
import { readServerGroups } from '../api/nova-server-groups.ts';
import { readServices } from '../api/nova-services.ts';
import type { Facts } from '../facts.ts';
import type { Item } from '../replies.ts';
import { inApiWords, propertiesOf, withMembers } from './columns.ts';

/** `openstack compute service list --long`. */
export const readServiceList = (rows: readonly Item[]): Facts => ({
  ...readServices(
    rows.map((row) =>
      inApiWords(row, {
        ID: 'id',
        Binary: 'binary',
        Host: 'host',
        Zone: 'zone',
        Status: 'status',
        State: 'state',
        'Updated At': 'updated_at',
        'Disabled Reason': 'disabled_reason',
        'Forced Down': 'forced_down',
      }),
    ),
  ),
  source: 'cli:services',
});

/** `openstack project list`. */
export const readProjectList = (rows: readonly Item[]): Facts => ({
  ...readProjects(rows.map((row) => inApiWords(row, { ID: 'id', Name: 'name' }))),
  source: 'cli:projects',
});

/** `openstack aggregate list --long`, and `aggregate show` for UUIDs: the client takes the zone out of the properties. */
export function readAggregateList(rows: readonly Item[], shown: readonly Item[]): Facts {
  const listed = rows.map((row) =>
    inApiWords(row, {
      ID: 'id',
      Name: 'name',
      'Availability Zone': 'availability_zone',
      Properties: 'properties',
      Hosts: 'hosts',
    }),
  );
  const items = oneEach(listed, shown).map((item) =>
    withMembers(item, ({ availability_zone: zone, hosts, properties }) => ({
      hosts: asList(hosts),
      metadata:
        typeof zone === 'string' ? withZone(propertiesOf(properties), zone) : propertiesOf(properties),
    })),
  );
  return { ...readAggregates(items), source: 'cli:aggregates' };
}

const withZone = (properties: unknown, zone: string): unknown =>
  typeof properties === 'object' ? { ...properties, availability_zone: zone } : properties;

/** `openstack server group list --long` (`Policies` below 2.64), and `server group show`, which alone has the limit. */
export function readGroupList(rows: readonly Item[], shown: readonly Item[]): Facts {
  const columns = { ID: 'id', Name: 'name', Policy: 'policy', Policies: 'policies', Members: 'members' };
  const listed = rows.map((row) =>
    // a policy without its rules says nothing of the limit: put as below 2.64
    withMembers(inApiWords(row, columns), ({ policy, policies, members }) => ({
      policy: undefined,
      policies: policy === undefined ? asList(policies) : [policy],
      members: asList(members),
    })),
  );
  const groups = shown.map((item) => withMembers(item, ({ members }) => ({ members: asList(members) })));
  return { ...readServerGroups(oneEach(listed, groups)), source: 'cli:server-groups' };
}

/** `openstack flavor list --all --long`, and `flavor show`. */
export function readFlavorList(rows: readonly Item[], shown: readonly Item[]): Facts {
  const listed = rows.map((row) =>
    inApiWords(row, {
      ID: 'id',
      Name: 'name',
      RAM: 'ram',
      Disk: 'disk',
      Ephemeral: 'OS-FLV-EXT-DATA:ephemeral',
      VCPUs: 'vcpus',
      Swap: 'swap',
      Properties: 'properties',
    }),
  );
  const flavors = oneEach(listed, shown).map((item) =>
    withMembers(item, ({ properties }) => ({ extra_specs: propertiesOf(properties) })),
  );
  return { ...readFlavors(flavors, []), source: 'cli:flavors' };
}

/** `openstack server migration list`, of all servers or of single ones, and `server migration show` with its progress. */
export function readMigrationList(rows: readonly Item[], shown: readonly Item[]): Facts {
  const columns = {
    UUID: 'uuid',
    'Source Compute': 'source_compute',
    'Dest Compute': 'dest_compute',
    Status: 'status',
    'Server UUID': 'instance_uuid',
    'Created At': 'created_at',
    'Updated At': 'updated_at',
  };
  const listed = rows.map((row) =>
    inApiWords(row, {
      ...columns,
      Id: 'id',
      Type: 'migration_type',
      'Old Flavor': 'old_instance_type_id',
      'New Flavor': 'new_instance_type_id',
    }),
  );
  const live = shown.map((item) =>
    inApiWords(item, {
      ...columns,
      ID: 'id',
      'Memory Total Bytes': 'memory_total_bytes',
      'Memory Processed Bytes': 'memory_processed_bytes',
      'Disk Total Bytes': 'disk_total_bytes',
    }),
  );
  return { ...readMigrations(listed, live), source: 'cli:migrations' };
}

/** What is shown of a thing in place of its row. */
function oneEach(listed: readonly Item[], shown: readonly Item[]): Item[] {
  const known = new Set(shown.map(idOf));
  return [...listed.filter((item) => !known.has(idOf(item))), ...shown];
}

const WithId = z.object({ id: z.union([z.string(), z.number()]).transform(String) });

const idOf = (item: Item): string | Item => WithId.safeParse(item.value).data?.id ?? item;

/** Old clients join lists with commas. */
const asList = (value: unknown): unknown =>
  typeof value === 'string' ? value.split(/,\s*/).filter((each) => each !== '') : value;
