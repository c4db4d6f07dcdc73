import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Admin } from './admin.ts';
import { runningPorts } from './running-lab.ts';
import { listServers } from './server-action.ts';

/** What the cloud is, told by Nova's own API and by the rows of its database, not by the product. */
export interface Truth {
  readonly servers: readonly TrueServer[];
  readonly hosts: readonly TrueHost[];
  readonly devices: readonly TrueDevice[];
}

export interface TrueServer {
  readonly name: string;
  readonly id: string;
  readonly host: string | undefined;
  readonly status: string;
  readonly flavor: string;
  /** Where the server's own cells lie; absent for a server without a NUMA topology. */
  readonly cells?: readonly {
    readonly cell: number;
    readonly pins: readonly number[];
    readonly pageKiB?: number;
  }[];
}

export interface TrueHost {
  readonly name: string;
  readonly cells: readonly {
    readonly cell: number;
    readonly pinned: readonly number[];
    readonly memoryMiB: number;
  }[];
}

export interface TrueDevice {
  readonly host: string;
  readonly address: string;
  readonly server?: string;
}

export async function readTruth(admin: Admin): Promise<Truth> {
  const [servers, guests, hosts, devices] = await Promise.all([
    listServers(admin),
    query('select instance_uuid, numa_topology from instance_extra where deleted = 0'),
    query('select host, numa_topology from compute_nodes where deleted = 0 order by host'),
    query(
      'select n.host, d.address, d.instance_uuid from pci_devices d join compute_nodes n on n.id = d.compute_node_id where d.deleted = 0 order by 1, 2',
    ),
  ]);
  const topologies = new Map(guests.map(([id, json]) => [id, guestCells(json)]));
  return {
    servers: servers
      .map((server) => {
        const cells = topologies.get(server.id);
        return {
          name: server.name,
          id: server.id,
          host: server['OS-EXT-SRV-ATTR:host'] ?? undefined,
          status: server.status,
          flavor: server.flavor.original_name,
          ...(cells !== undefined && { cells }),
        };
      })
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
    hosts: hosts.map(([name = '', json]) => ({ name, cells: hostCells(json) })),
    devices: devices.map(([host = '', address = '', server]) => ({
      host,
      address,
      ...(server !== undefined && { server }),
    })),
  };
}

const Cells = <Data extends z.ZodType>(data: Data) =>
  z.object({ 'nova_object.data': z.object({ cells: z.array(z.object({ 'nova_object.data': data })) }) });

const GuestCells = Cells(
  z.object({
    id: z.int(),
    pagesize: z.int().nullish(),
    cpu_pinning_raw: z.record(z.string(), z.int()).nullish(),
  }),
);

const HostCells = Cells(z.object({ id: z.int(), pinned_cpus: z.array(z.int()), memory_usage: z.int() }));

function guestCells(json: string | undefined): TrueServer['cells'] {
  if (json === undefined) return undefined;
  return GuestCells.parse(JSON.parse(json))['nova_object.data'].cells.map(({ 'nova_object.data': cell }) => ({
    cell: cell.id,
    pins: Object.values(cell.cpu_pinning_raw ?? {}),
    ...(cell.pagesize != null && { pageKiB: cell.pagesize }),
  }));
}

function hostCells(json: string | undefined): TrueHost['cells'] {
  if (json === undefined) return [];
  return HostCells.parse(JSON.parse(json))['nova_object.data'].cells.map(({ 'nova_object.data': cell }) => ({
    cell: cell.id,
    pinned: cell.pinned_cpus,
    memoryMiB: cell.memory_usage,
  }));
}

const execute = promisify(execFile);

/** Rows of the cell's database; NULL is undefined. */
export async function query(statement: string): Promise<(string | undefined)[][]> {
  const { stdout } = await execute('mariadb', [
    '--no-defaults',
    '-h127.0.0.1',
    `-P${runningPorts().database}`,
    '-uroot',
    '--batch',
    '--raw',
    '--skip-column-names',
    '-e',
    statement,
    'nova_cell1',
  ]);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t').map((field) => (field === 'NULL' ? undefined : field)));
}
