import type { Aggregate } from '../model/aggregate.ts';
import type { Cloud } from '../model/cloud.ts';
import type { Flavor } from '../model/flavor.ts';
import type { Host } from '../model/host.ts';
import {
  type AggregateId,
  aggregateId,
  type HostId,
  hostId,
  type ServerGroupId,
  serverGroupId,
  type ServerId,
  serverId,
  type StoragePoolId,
  storagePoolId,
} from '../model/ids.ts';
import type { HeldClaim, Migration } from '../model/migration.ts';
import type { OtherConsumer } from '../model/placement.ts';
import type { ReleaseEvidence } from '../model/release.ts';
import type { ServerGroup } from '../model/server-group.ts';
import type { Server } from '../model/server.ts';
import type { StoragePool } from '../model/storage.ts';
import { compareText } from '../shared/collections.ts';
import { InputError } from '../shared/diagnostic.ts';
import type { Inventory } from './document.ts';
import type { AggregateRecord, GroupRecord, HeldRecord, MigrationRecord } from './document/cloud-records.ts';
import { capDiagnostics } from './problems.ts';
import { mapIf, present } from './present.ts';
import { checkReferences } from './references.ts';
import { toCloudConfig } from './to-cloud/config.ts';
import { toHost, toProvider } from './to-cloud/host.ts';
import { toGuestCells } from './to-cloud/numa.ts';
import { toAllocation, toServer } from './to-cloud/server.ts';
import { type ModelTables, readTables } from './to-cloud/tables.ts';

/**
 * The cloud that a document describes. Throws one `InputError` with everything in it that refers to nothing, or
 * contradicts itself.
 */
export function toCloud(inventory: Inventory): Cloud {
  const problems = checkReferences(inventory);
  if (problems.length > 0) throw new InputError(capDiagnostics(problems));
  const tables = readTables(inventory.tables);
  const hosts = toHosts(inventory, tables);
  return present({
    capturedAt: inventory.capturedAt,
    hosts,
    servers: toServers(inventory, hosts, tables),
    groups: byId<ServerGroupId, ServerGroup>((inventory.groups ?? []).map(toGroup)),
    aggregates: byId<AggregateId, Aggregate>((inventory.aggregates ?? []).map(toAggregate)),
    storagePools: byId<StoragePoolId, StoragePool>(
      (inventory.storagePools ?? []).map((pool) => ({ ...pool, id: storagePoolId(pool.id) })),
    ),
    flavors: flavorsByName((inventory.flavors ?? []).map(tables.flavor)),
    links: inventory.links ?? [],
    migrations: (inventory.migrations ?? []).map((record) => toMigration(record, tables)),
    otherConsumers: (inventory.otherConsumers ?? []).map(({ allocations, ...consumer }): OtherConsumer => ({
      ...consumer,
      allocations: allocations.map((each) => toAllocation(each, tables, undefined)),
    })),
    otherProviders: inventory.otherProviders?.map((provider) => toProvider(provider, tables)),
    config: toCloudConfig(inventory.novaConfig),
    release: toRelease(inventory),
  });
}

type Hosts = ReadonlyMap<HostId, Host>;

function toHosts({ aggregates = [], hosts }: Inventory, tables: ModelTables): Hosts {
  const aggregatesOf = new Map<string, AggregateId[]>();
  for (const { id, hosts: members } of aggregates.toSorted((a, b) => compareText(a.id, b.id))) {
    for (const member of members)
      aggregatesOf.set(member, [...(aggregatesOf.get(member) ?? []), aggregateId(id)]);
  }
  return byId<HostId, Host>(hosts.map((record) => toHost(record, aggregatesOf.get(record.id) ?? [], tables)));
}

function toServers({ groups = [], servers }: Inventory, hosts: Hosts, tables: ModelTables): Cloud['servers'] {
  const groupOf = new Map<string, ServerGroupId>();
  for (const { id, members } of groups) for (const member of members) groupOf.set(member, serverGroupId(id));
  return byId<ServerId, Server>(
    servers.map((record) => {
      const root = record.host === undefined ? undefined : hosts.get(hostId(record.host))?.providers[0]?.id;
      return toServer(record, { tables, root, group: groupOf.get(record.id) });
    }),
  );
}

function byId<Id extends string, Value extends { readonly id: Id }>(
  values: readonly Value[],
): ReadonlyMap<Id, Value> {
  return new Map(values.toSorted((a, b) => compareText(a.id, b.id)).map((value) => [value.id, value]));
}

const flavorsByName = (flavors: readonly Flavor[]): ReadonlyMap<string, Flavor> =>
  new Map(flavors.toSorted((a, b) => compareText(a.name, b.name)).map((flavor) => [flavor.name, flavor]));

const toGroup = ({ id, members, maxServersPerHost = 1, ...group }: GroupRecord): ServerGroup => ({
  ...group,
  id: serverGroupId(id),
  members: members.map(serverId),
  maxServersPerHost,
});

const toAggregate = ({ id, hosts, ...aggregate }: AggregateRecord): Aggregate => ({
  ...aggregate,
  id: aggregateId(id),
  hosts: hosts.map(hostId),
});

function toMigration(
  { server, source, destination, heldAtSource, heldAtDestination, ...record }: MigrationRecord,
  tables: ModelTables,
): Migration {
  const held =
    heldAtSource === undefined && heldAtDestination === undefined
      ? undefined
      : present({
          source: mapIf(heldAtSource, (each) => toHeld(each, tables)),
          destination: mapIf(heldAtDestination, (each) => toHeld(each, tables)),
        });
  return present({
    ...record,
    server: serverId(server),
    source: mapIf(source, hostId),
    destination: mapIf(destination, hostId),
    held,
  });
}

const toHeld = ({ topology, pciDevices, flavor }: HeldRecord, tables: ModelTables): HeldClaim =>
  present({
    topology: mapIf(topology, (cells) => ({ cells: toGuestCells(cells) })),
    pciDevices,
    flavor: mapIf(flavor, tables.flavor),
  });

function toRelease({ hosts, release }: Inventory): ReleaseEvidence {
  const versions = hosts.flatMap(({ service }) => service?.version ?? []).sort((a, b) => a - b);
  const hostsOfVersion = new Map<number, number>();
  for (const version of versions) hostsOfVersion.set(version, (hostsOfVersion.get(version) ?? 0) + 1);
  return present({
    maxMicroversion: release.maxMicroversion,
    serviceVersions: [...hostsOfVersion.keys()],
    hostsOfVersion: versions.length === 0 ? undefined : hostsOfVersion,
  });
}
