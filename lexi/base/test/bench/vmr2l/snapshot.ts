import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { BadData } from '../support/command.ts';

/** What a server takes of one NUMA cell. */
export interface Piece {
  readonly cell: number;
  readonly cpus: number;
  readonly memoryMiB: number;
}

export interface SnapshotHost {
  readonly id: string;
  readonly cluster: number;
  /** Active hosts count in the measure and take arrivals. */
  readonly active: boolean;
  /** By position: the cell's number, CPUs and memory. */
  readonly cells: readonly Piece[];
}

export interface SnapshotServer {
  readonly id: string;
  readonly cluster: number;
  readonly host: string;
  readonly pieces: readonly Piece[];
  readonly mayMove: boolean;
}

export interface Snapshot {
  readonly hosts: readonly SnapshotHost[];
  readonly servers: readonly SnapshotServer[];
}

/** One step of an answer: the server, where it goes, and on which cells there, by its pieces. */
export interface Move {
  readonly server: string;
  readonly host: string;
  readonly cells: readonly number[];
}

/** Reads a snapshot, packed or not. Free amounts in the file are not read: they are sometimes wrong. */
export function readSnapshot(path: string): Snapshot {
  const bytes = readFileSync(path);
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return parseSnapshot(JSON.parse((packed ? gunzipSync(bytes) : bytes).toString('utf8')));
}

export function parseSnapshot(document: unknown): Snapshot {
  const clusters = listOf(recordOf(document, 'the file'), 'cluster_list');
  const hosts: SnapshotHost[] = [];
  const servers: SnapshotServer[] = [];
  for (const [cluster, entry] of clusters.entries()) {
    const record = recordOf(entry, `cluster ${cluster}`);
    for (const host of listOf(record, 'host_info')) hosts.push(hostOf(host, cluster));
    for (const server of listOf(record, 'vm_instance')) servers.push(serverOf(server, cluster));
  }
  const known = new Map(hosts.map((host) => [host.id, host]));
  for (const { id, host, pieces } of servers) {
    const cells = known.get(host)?.cells.map(({ cell }) => cell) ?? [];
    if (pieces.some(({ cell }) => !cells.includes(cell)))
      throw new BadData(`server ${id} is on a NUMA cell of ${host} that the file does not list`);
  }
  return { hosts, servers };
}

function hostOf(entry: unknown, cluster: number): SnapshotHost {
  const host = recordOf(entry, 'a host');
  const id = textOf(host, 'node_id');
  return {
    id,
    cluster,
    active: textOf(host, 'status') === 'ACTIVE',
    cells: listOf(host, 'numa').map((cell) => piece(cell, 'total_cpu', 'memory_huge_total_mb')),
  };
}

function serverOf(entry: unknown, cluster: number): SnapshotServer {
  const server = recordOf(entry, 'a server');
  return {
    id: textOf(server, 'instance_id'),
    cluster,
    host: textOf(server, 'host_id'),
    pieces: listOf(server, 'numa').map((cell) => piece(cell, 'cpu', 'mem_mb')),
    mayMove: server['allow_migration'] === true,
  };
}

function piece(entry: unknown, cpus: string, memory: string): Piece {
  const record = recordOf(entry, 'a NUMA cell');
  return {
    cell: numberOf(record, 'node'),
    cpus: numberOf(record, cpus),
    memoryMiB: numberOf(record, memory),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function recordOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadData(`${what} is not an object`);
  return Object.fromEntries(Object.entries(value));
}

function listOf(record: Fields, key: string): readonly unknown[] {
  const value = record[key];
  if (!Array.isArray(value)) throw new BadData(`${key} is not a list`);
  return value;
}

function textOf(record: Fields, key: string): string {
  const value = record[key];
  if (typeof value !== 'string') throw new BadData(`${key} is not a text`);
  return value;
}

function numberOf(record: Fields, key: string): number {
  const value = record[key];
  if (typeof value !== 'number') throw new BadData(`${key} is not a number`);
  return value;
}
