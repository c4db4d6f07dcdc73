import { z } from 'zod';
import type { DbRow, OpenDatabase } from '../../../src/inventory/nova-db/database.ts';
import { apiTables, cellTables, type Table } from '../../../src/inventory/nova-db/tables.ts';
import type { Cloud } from '../../../src/model/cloud.ts';
import type { Host } from '../../../src/model/host.ts';
import { hostId, serverId } from '../../../src/model/ids.ts';
import type { Server } from '../../../src/model/server.ts';
import { databaseOf, dumpsOf } from '../../inventory/nova-db/recorded-database.ts';
import type { Working } from './working-cloud.ts';

const wrapped = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.looseObject({ 'nova_object.data': z.looseObject(shape) });
const Topology = wrapped({ cells: z.array(wrapped({ id: z.number() })) });
const Pages = z.array(wrapped({ size_kb: z.number() }));
const Pools = wrapped({ objects: z.array(wrapped({ count: z.number() })) });

/** The databases of a recorded cloud as they are now: servers where they are, with the cells, CPUs and devices they hold. */
export const rowsNow =
  (recording: string, working: Working): OpenDatabase =>
  ({ database }) => {
    const cells = dumpsOf(
      recording,
      cellTables.map(({ name }) => name),
    );
    const empty = Object.fromEntries(cellTables.map(({ name }) => [name, []]));
    const columns = Object.fromEntries(cellTables.map((table) => [table.name, textColumns(table)]));
    const databases = new Map([
      ['nova', () => databaseOf(cellNow(cells, working.cloud()))],
      ['nova_cell0', () => databaseOf({ ...empty, ...dumpsOf(recording, ['cell0-instances']) }, columns)],
      [
        'nova_api',
        () =>
          databaseOf(
            dumpsOf(
              recording,
              apiTables.map(({ name }) => name),
            ),
          ),
      ],
    ]);
    const open = databases.get(database);
    return open === undefined
      ? Promise.reject(new Error(`Unknown database '${database}'`))
      : Promise.resolve(open());
  };

const textColumns = ({ columns }: Table): Record<string, string> =>
  Object.fromEntries(columns.map((name) => [name, 'text']));

type Tables = Readonly<Record<string, readonly DbRow[]>>;
type Change = (row: DbRow, cloud: Cloud) => DbRow;

function cellNow(tables: Tables, cloud: Cloud): Tables {
  const nodes = new Map((tables['compute_nodes'] ?? []).map(({ id, host }) => [id, hostId(String(host))]));
  const changes: Readonly<Record<string, Change>> = {
    compute_nodes: computeNode,
    instances: instance,
    instance_extra: instanceExtra,
    services: service,
    pci_devices: (row) => device(row, cloud.hosts.get(nodes.get(row['compute_node_id']) ?? hostId(''))),
  };
  const changed = Object.entries(tables).map(([name, rows]) => {
    const change = changes[name];
    return [name, change === undefined ? rows : rows.map((row) => change(row, cloud))] as const;
  });
  return { ...Object.fromEntries(changed), migrations: migrations(tables['migrations'] ?? [], cloud) };
}

function computeNode(row: DbRow, { hosts }: Cloud): DbRow {
  const host = hosts.get(hostId(String(row['host'])));
  const text = row['numa_topology'];
  if (host === undefined || typeof text !== 'string') return row;
  const topology = Topology.parse(JSON.parse(text));
  for (const { 'nova_object.data': data } of topology['nova_object.data'].cells) {
    const cell = host.cells?.find(({ id }) => id === data.id);
    if (cell === undefined) continue;
    Object.assign(data, {
      pinned_cpus: cell.pinnedCpus,
      memory_usage: cell.memoryUsedMiB,
      cpu_usage: cell.sharedCpusUsed,
      mempages: Pages.parse(data['mempages']).map((pages) => {
        const { 'nova_object.data': page } = pages;
        const now = cell.pages.find(({ sizeKiB }) => sizeKiB === page.size_kb);
        return { ...pages, 'nova_object.data': { ...page, used: now?.used ?? 0 } };
      }),
    });
  }
  return { ...row, numa_topology: JSON.stringify(topology), ...poolsNow(row['pci_stats'], host) };
}

/** Pools keep their order. */
function poolsNow(text: unknown, { pciPools = [] }: Host): DbRow {
  if (typeof text !== 'string') return {};
  const pools = Pools.parse(JSON.parse(text));
  for (const [at, { 'nova_object.data': data }] of pools['nova_object.data'].objects.entries())
    data.count = pciPools[at]?.count ?? data.count;
  return { pci_stats: JSON.stringify(pools) };
}

function instance(row: DbRow, { servers }: Cloud): DbRow {
  const server = servers.get(serverId(String(row['uuid'])));
  if (server === undefined) return row;
  return { ...row, host: server.host ?? null, vm_state: server.vmState };
}

function instanceExtra(row: DbRow, { servers }: Cloud): DbRow {
  const { topology } = servers.get(serverId(String(row['instance_uuid']))) ?? {};
  const text = row['numa_topology'];
  if (topology?.kind !== 'placed' || typeof text !== 'string') return row;
  const wish = Topology.parse(JSON.parse(text));
  for (const [at, { 'nova_object.data': data }] of wish['nova_object.data'].cells.entries())
    Object.assign(data, guestCell(topology.topology.cells[at]));
  return { ...row, numa_topology: JSON.stringify(wish) };
}

type GuestCell = Extract<Server['topology'], { kind: 'placed' }>['topology']['cells'][number];

const guestCell = (cell: GuestCell | undefined): object =>
  cell === undefined
    ? {}
    : {
        id: cell.hostCellId,
        cpu_pinning_raw: cell.pinning === undefined ? null : Object.fromEntries(cell.pinning),
        cpuset_reserved: cell.reservedCpus ?? null,
        pagesize: cell.pageSizeKiB ?? null,
      };

function device(row: DbRow, host: Host | undefined): DbRow {
  const now = host?.pciDevices?.find(({ address }) => address === row['address']);
  if (now === undefined) return row;
  return { ...row, status: now.status, instance_uuid: now.server ?? null, request_id: now.requestId ?? null };
}

function service(row: DbRow, { hosts }: Cloud): DbRow {
  const host = hosts.get(hostId(String(row['host'])));
  if (host === undefined || row['binary'] !== 'nova-compute') return row;
  const { status, forcedDown } = host.service;
  return { ...row, disabled: status === 'disabled' ? 1 : 0, forced_down: forcedDown ? 1 : 0 };
}

/** Those of the recording as they were, with all that came since. */
function migrations(rows: readonly DbRow[], cloud: Cloud): readonly DbRow[] {
  const known = new Set(rows.map(({ id }) => id));
  const [pattern] = rows;
  const come = cloud.migrations.filter(({ id }) => !known.has(id));
  return [
    ...rows,
    ...come.map((record) => ({
      ...pattern,
      id: record.id,
      uuid: `00000000-0000-4000-8000-${String(record.id).padStart(12, '0')}`,
      instance_uuid: record.server,
      status: record.status,
      migration_type: record.type,
      source_compute: record.source ?? null,
      dest_compute: record.destination ?? null,
    })),
  ];
}
