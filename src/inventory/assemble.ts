import type { Flavor } from '../model/flavor.ts';
import type { ServerGroup } from '../model/server-group.ts';
import { compareText } from '../shared/collections.ts';
import { otherConsumers } from './assemble/consumers.ts';
import { toConfigRecord, toProviderRecord } from './assemble/host.ts';
import { withSharedConfig } from './assemble/config.ts';
import { toHostRecords } from './assemble/hosts.ts';
import { devicesByServer, toMigrationRecords } from './assemble/migrations.ts';
import { joinProviders } from './assemble/providers.ts';
import { toAllocationRecord, toFlavorEntry } from './assemble/server.ts';
import { toServerRecords } from './assemble/servers.ts';
import { cephPools, sharedPools, type SharedPools, withPools } from './assemble/storage-pools.ts';
import { createTables, type TableWriter } from './assemble/tables.ts';
import { withZones } from './assemble/zones.ts';
import type { CombinedFacts } from './combine.ts';
import { assumedConfig } from './default-config.ts';
import { formatVersion, type Inventory } from './document.ts';
import type { GroupRecord, StoragePoolRecord } from './document/cloud-records.ts';
import type { ConsumerRecord } from './document/placement.ts';
import { present } from './present.ts';

/** Combined facts as an inventory document: shared values into tables, one line a field for where it came from. */
export function assembleInventory(combined: CombinedFacts, capturedAt: string): Inventory {
  const tables = createTables();
  const zoned = withZones(combined.hosts, combined.aggregates, combined.contradictions);
  const providers = joinProviders(combined.providers, zoned);
  const devices = devicesByServer(zoned);
  const shared = sharedPools(providers);
  const configured = withSharedConfig(zoned);
  const pooled = withPools(configured.hosts, shared);
  const hosts = toHostRecords(pooled, providers, tables);
  const servers = toServerRecords(combined, providers, devices, tables);
  const migrations = combined.migrations?.value;
  const members = present({
    capturedAt,
    release: present({ maxMicroversion: combined.maxMicroversion?.value }),
    sources: {
      ...withPrefix('hosts', hosts.sources),
      ...withPrefix('servers', servers.sources),
      ...listSources(combined),
    },
    hosts: hosts.records,
    servers: servers.records,
    otherProviders: unlessEmpty(providers.others)?.map((each) => toProviderRecord(each, tables.put)),
    ...toLists(combined, tables),
    storagePools: toPools(combined, shared, pooled),
    otherConsumers: toConsumers(combined, tables),
    migrations: migrations && toMigrationRecords(migrations, combined.servers, devices, tables),
    novaConfig: toConfigRecord({ ...assumedConfig, ...configured.config, ...combined.novaConfig }),
    contradictions: unlessEmpty(combined.contradictions),
    gaps: unlessEmpty(combined.gaps),
    tables: tables.tables,
  });
  return { formatVersion, ...members };
}

/** Pools that a source listed, those that Placement shares, and those of Ceph; nothing where nobody said anything. */
function toPools(
  { storagePools }: CombinedFacts,
  { pools }: SharedPools,
  hosts: CombinedFacts['hosts'],
): StoragePoolRecord[] | undefined {
  const named = storagePools?.value ?? [];
  const more = pools.filter(({ id }) => named.every((pool) => pool.id !== id));
  const all = [...named, ...more, ...cephPools(hosts, [...named, ...more])]
    .map((pool) => ({ ...pool }))
    .sort(byId);
  return storagePools === undefined && all.length === 0 ? undefined : all;
}

function toLists({ aggregates, flavors, groups, projects }: CombinedFacts, { put }: TableWriter) {
  const byName = (a: Flavor, b: Flavor): number => compareText(a.name, b.name);
  return present({
    flavors:
      flavors && [...flavors.value.values()].sort(byName).map((each) => put('flavors', toFlavorEntry(each))),
    aggregates: aggregates?.value
      .map((each) => ({ ...each, hosts: each.hosts.toSorted(compareText), metadata: { ...each.metadata } }))
      .sort(byId),
    groups: groups?.value.map(toGroupRecord).sort(byId),
    projects: projects && Object.fromEntries(projects.value),
  });
}

const toGroupRecord = ({ members, maxServersPerHost, ...group }: ServerGroup): GroupRecord => ({
  ...group,
  members: members.toSorted(compareText),
  ...(maxServersPerHost !== 1 && { maxServersPerHost }),
});

function toConsumers(combined: CombinedFacts, { put }: TableWriter): ConsumerRecord[] | undefined {
  const { allocations, contradictions, migrations, servers } = combined;
  if (allocations === undefined) return undefined;
  return otherConsumers(allocations, servers, migrations?.value ?? [], contradictions).map((consumer) => ({
    ...consumer,
    allocations: consumer.allocations.map((each) => toAllocationRecord(each, undefined, put)),
  }));
}

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => compareText(a.id, b.id);

const unlessEmpty = <Value>(list: readonly Value[]): Value[] | undefined =>
  list.length === 0 ? undefined : [...list];

const withPrefix = (prefix: string, sources: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(sources).map(([field, source]) => [`${prefix}.${field}`, source]));

/** Where the lists for the whole cloud come from. */
function listSources(combined: CombinedFacts): Record<string, string> {
  const { aggregates, allocations, flavors, groups, migrations, projects, storagePools } = combined;
  const told = {
    aggregates,
    flavors,
    groups,
    migrations,
    otherConsumers: allocations,
    projects,
    storagePools,
  };
  return Object.fromEntries(
    Object.entries(told).flatMap(([list, from]) =>
      from === undefined ? [] : [[list, from.source] as const],
    ),
  );
}
