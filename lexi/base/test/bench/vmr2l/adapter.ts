import type { Assignment } from '../../../src/model/cloud.ts';
import { type HostId, hostId, serverId } from '../../../src/model/ids.ts';
import type { PlacementProblem } from '../../../src/solve/placement-problem.ts';
import { at } from '../../../src/shared/at.ts';
import { bareCloud, bareDemand } from '../support/cloud.ts';
import type { Move, Snapshot } from './snapshot.ts';

const cellName = (host: string, cell: number): string => `${host}/${cell}`;
/** CPUs of a slot. */
const slot = 16;

/**
 * A snapshot in the product's terms: each NUMA cell is a host, so that a change of cell on one host is a move.
 * Servers on two cells stay where they are, which only leaves answers out: what they take is off their cells.
 */
export function toProblem({ hosts, servers }: Snapshot, mostMoves: number): PlacementProblem {
  const free = new Map<string, { cpus: number; memoryMiB: number }>();
  for (const { id, cells } of hosts)
    for (const { cell, cpus, memoryMiB } of cells) free.set(cellName(id, cell), { cpus, memoryMiB });
  const single = servers.filter(({ pieces, mayMove }) => pieces.length === 1 && mayMove);
  const moving = new Set(single);
  for (const server of servers)
    for (const { cell, cpus, memoryMiB } of server.pieces) {
      const left = free.get(cellName(server.host, cell));
      if (left === undefined || moving.has(server)) continue;
      left.cpus -= cpus;
      left.memoryMiB -= memoryMiB;
    }
  const amounts = single.map(({ pieces }) => at(pieces, 0));
  const ids = single.map(({ id }) => serverId(id));
  const names = single.map(({ host }, v) => cellName(host, at(amounts, v).cell));
  const places = hosts.flatMap((host) =>
    host.cells.map(({ cell }) => ({ name: cellName(host.id, cell), host })),
  );
  const limits = (pick: 'cpus' | 'memoryMiB'): Map<HostId, number> =>
    new Map(places.map(({ name }) => [hostId(name), free.get(name)?.[pick] ?? 0]));
  const capacity = (resource: string, pick: 'cpus' | 'memoryMiB') => ({
    kind: 'capacity' as const,
    rule: 'benchmark',
    resource,
    unit: resource,
    bothEnds: true,
    limits: limits(pick),
    demand: new Map(ids.map((id, v) => [id, at(amounts, v)[pick]])),
    held: new Map(),
  });
  return {
    cloud: bareCloud(
      places.map(({ name, host }) => ({
        name,
        capacity: host.active ? { VCPU: Math.max(0, free.get(name)?.cpus ?? 0) } : {},
      })),
      single.map(({ id }, v) => ({
        name: id,
        host: at(names, v),
        vcpus: at(amounts, v).cpus,
        memoryMiB: at(amounts, v).memoryMiB,
      })),
    ),
    demands: new Map(ids.map((id, v) => [id, bareDemand({ VCPU: at(amounts, v).cpus })])),
    primitives: [
      capacity('VCPU', 'cpus'),
      capacity('MEMORY_MB', 'memoryMiB'),
      {
        kind: 'pairMask',
        rule: 'benchmark',
        sets: [...new Set(hosts.map(({ cluster }) => cluster))].map((cluster) => ({
          servers: ids.filter((_, v) => at(single, v).cluster === cluster),
          hosts: new Set(
            places
              .filter(({ host }) => host.active && host.cluster === cluster)
              .map(({ name }) => hostId(name)),
          ),
        })),
      },
    ],
    goal: {
      name: 'benchmark',
      description: '',
      terms: [
        { kind: 'free-slots', weight: 100, amounts: { VCPU: slot } },
        { kind: 'migration-cost', perMove: 1, perGiB: 0 },
      ],
      spareHosts: 0,
      headroomPercent: 0,
      disableEmptied: false,
    },
    start: new Map(ids.map((id, v) => [id, hostId(at(names, v))])),
    volumeOf: (server) => ({ server, memoryMiB: 0, diskGiB: 0 }),
    mustEmpty: [],
    maxMoves: mostMoves,
    noGoods: [],
  };
}

/**
 * The moves of an assignment in an order in which each finds room. Moves that wait for each other in a ring are left
 * out: the others are legal without them only if they find room then, which is tried.
 */
export function orderMoves({ hosts, servers }: Snapshot, assignment: Assignment): readonly Move[] {
  const free = new Map<string, { cpus: number; memoryMiB: number }>();
  for (const { id, cells } of hosts)
    for (const { cell, cpus, memoryMiB } of cells) free.set(cellName(id, cell), { cpus, memoryMiB });
  for (const { host, pieces } of servers)
    for (const piece of pieces) take(free.get(cellName(host, piece.cell)), piece, 1);
  let waiting = servers.flatMap((server) => {
    const to = assignment.get(serverId(server.id));
    const piece = at(server.pieces, 0);
    const from = cellName(server.host, piece.cell);
    return to === undefined || to === hostId(from) ? [] : [{ server, piece, from, to: String(to) }];
  });
  const moves: Move[] = [];
  for (let moved = true; moved;) {
    moved = false;
    const still: typeof waiting = [];
    for (const each of waiting) {
      const { server, piece, from, to } = each;
      const room = free.get(to);
      if (room === undefined || room.cpus < piece.cpus || room.memoryMiB < piece.memoryMiB) {
        still.push(each);
        continue;
      }
      take(room, piece, 1);
      take(free.get(from), piece, -1);
      const cut = to.lastIndexOf('/');
      moves.push({ server: server.id, host: to.slice(0, cut), cells: [Number(to.slice(cut + 1))] });
      moved = true;
    }
    waiting = still;
  }
  return moves;
}

function take(
  left: { cpus: number; memoryMiB: number } | undefined,
  { cpus, memoryMiB }: { readonly cpus: number; readonly memoryMiB: number },
  sign: number,
): void {
  if (left === undefined) return;
  left.cpus -= sign * cpus;
  left.memoryMiB -= sign * memoryMiB;
}
