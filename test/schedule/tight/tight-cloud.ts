import { type RuleContext, waysOf } from '../../../src/constraints/context.ts';
import type { Host } from '../../../src/model/host.ts';
import { serverGroupId } from '../../../src/model/ids.ts';
import type { ServerGroup } from '../../../src/model/server-group.ts';
import type { Server } from '../../../src/model/server.ts';
import type { CpuTable } from '../../../src/nova/cpu-compare.ts';
import type { Rng } from '../../../src/shared/rng.ts';
import { groupBy } from '../../../src/shared/collections.ts';
import { aCloud, aContext, aGroup, aServer } from '../../support/builders.ts';
import {
  type CellRoom,
  emptyRoom,
  hostOf,
  onPages,
  pin,
  pinnedServer,
  stopped,
  walkedTarget,
  withDevice,
} from '../random-cloud.ts';

/** A cloud in which hardly anything fits besides what runs, and an assignment that may be out of reach. */
export interface TightCloud {
  readonly context: RuleContext;
  readonly target: ReadonlyMap<string, string>;
}

/** Two CPU generations: what runs on the newer one does not go back live. */
const cpuTable: CpuTable = {
  models: new Map([
    ['Skylake-Server', { features: new Set(['avx']) }],
    ['Icelake-Server', { features: new Set(['avx', 'gfni']) }],
  ]),
  features: new Set(['avx', 'gfni']),
};

/**
 * 3 to 6 hosts of one to three NUMA cells, filled with pinned, huge-page, VF and floating servers; some are locked or
 * stopped, some travel only cold, some ask for a trait that few hosts have; an anti-affinity and an affinity group.
 * The memory of each host is what its servers take and a little more. Targets: cycles of servers of one size, the end of a
 * walk of legal moves, or both.
 */
export function tightCloud(rng: Rng): TightCloud {
  for (;;) {
    const drawn = draw(rng);
    const servers = [...drawn.context.cloud.servers.values()];
    if (servers.some(({ id, host }) => drawn.target.get(id) !== host)) return drawn;
  }
}

function draw(rng: Rng): TightCloud {
  const hostCount = 3 + rng.nextInt(4);
  const cellCount = 1 + rng.nextInt(hostCount < 5 ? 3 : 2);
  const lockedOf10 = rng.nextInt(8);
  const newer = rng.nextInt(3) === 0 ? 1 + rng.nextInt(2) : 0;
  const slackGiB = rng.nextInt(3) === 0 ? 8 : 0;
  const roomiest = rng.nextInt(4) === 0 ? -1 : rng.nextInt(hostCount);
  const servers: Server[] = [];
  const hosts = Array.from({ length: hostCount }, (_, index): Host => {
    const name = `h${index}`;
    const rooms = Array.from({ length: cellCount }, (__, cell) => emptyRoom(rng, index, cell));
    const isRoomy = index === roomiest;
    const here = fill(rng, {
      name,
      rooms,
      spareCpus: isRoomy ? 4 + rng.nextInt(5) : rng.nextInt(3),
      mostServers: (isRoomy ? 1 : 2) + rng.nextInt(isRoomy ? 2 : 3),
      first: servers.length,
      lockedOf10,
    });
    servers.push(...here);
    const usedMiB = here.reduce((sum, { flavor }) => sum + flavor.memoryMiB, 0);
    const generation = index < newer ? 'Icelake-Server' : 'Skylake-Server';
    return hostOf(name, rooms, servers, rng, {
      memoryMiB:
        usedMiB + (isRoomy ? 4 + rng.nextInt(13) : rng.nextInt(1 + slackGiB / 4)) * 1024 * (isRoomy ? 1 : 4),
      traits: rng.nextInt(3) === 0 ? [] : ['CUSTOM_FAST'],
      cpu: { arch: 'x86_64', model: generation, vendor: 'Intel', features: new Set() },
    });
  });
  const cloud = aCloud({ hosts, servers, groups: groupsOf(rng, servers) });
  const allow = rng.nextInt(2) === 0 ? (['cold'] as const) : [];
  const context = aContext(cloud, { allow, cpuTable });
  return { context, target: targetOf(rng, context) };
}

interface Filling {
  readonly name: string;
  readonly rooms: readonly CellRoom[];
  /** Dedicated CPUs that stay free. */
  readonly spareCpus: number;
  readonly mostServers: number;
  readonly first: number;
  readonly lockedOf10: number;
}

function fill(
  rng: Rng,
  { name, rooms, spareCpus, mostServers, first, lockedOf10 }: Filling,
): readonly Server[] {
  const here: Server[] = [];
  const mostly = rng.nextInt(4);
  for (let tries = 0; tries < 14; tries += 1) {
    const free = rooms.reduce((sum, room) => sum + room.freeCpus.length, 0);
    if (here.length >= mostServers || free <= spareCpus) break;
    const cell = rng.nextInt(rooms.length);
    const room = rooms[cell];
    const kind = rng.nextInt(3) === 0 ? rng.nextInt(4) : mostly;
    const server = room && drawServer(rng, `s${first + here.length}`, name, room, cell, kind);
    if (server === undefined) continue;
    here.push(rng.nextInt(10) < lockedOf10 ? { ...server, locked: true } : server);
  }
  return here;
}

function drawServer(
  rng: Rng,
  name: string,
  host: string,
  room: CellRoom,
  cell: number,
  kind: number,
): Server | undefined {
  const power = rng.nextInt(6) === 0 ? stopped : {};
  const wish = rng.nextInt(8) === 0 ? { 'trait:CUSTOM_FAST': 'required' } : {};
  const drawn = draw();
  if (drawn === undefined) return undefined;
  return { ...drawn, flavor: { ...drawn.flavor, extraSpecs: { ...drawn.flavor.extraSpecs, ...wish } } };

  function draw(): Server | undefined {
    switch (kind) {
      case 0:
        return aServer(name, host, { vcpus: 1, memoryGiB: [4, 8, 16][rng.nextInt(3)] ?? 4, ...power });
      case 1:
        return onPages(name, host, room, cell, [4, 8, 16][rng.nextInt(3)] ?? 4, () => power);
      case 2:
        return withDevice(name, host, room, rng.nextInt(2) === 0 ? stopped : {});
      default: {
        const cpus = [2, 4, 4, 8][rng.nextInt(4)] ?? 4;
        const placed = pin(room, cell, cpus, 2 * cpus);
        return placed && pinnedServer(name, host, cpus, placed, power);
      }
    }
  }
}

function groupsOf(rng: Rng, servers: readonly Server[]): readonly ServerGroup[] {
  const ids = rng.shuffle(servers.map((server) => server.id));
  const apart = ids.filter(oneAHost(servers)).slice(0, 2 + rng.nextInt(2));
  const others = ids.filter((id) => !apart.includes(id));
  return [
    aGroup(apart, { policy: 'anti-affinity', maxServersPerHost: 1 }),
    aGroup(others.slice(0, 3), { policy: 'affinity', name: 'g2', id: serverGroupId('g2') }),
  ].filter(() => rng.nextInt(3) === 0);
}

/** Keeps the first server of each host. */
function oneAHost(servers: readonly Server[]): (id: string) => boolean {
  const hosts = new Map<string, string | undefined>(servers.map(({ id, host }) => [id, host]));
  const seen = new Set<string | undefined>();
  return (id) => {
    const host = hosts.get(id);
    const isFirst = !seen.has(host);
    seen.add(host);
    return isFirst;
  };
}

function targetOf(rng: Rng, context: RuleContext): ReadonlyMap<string, string> {
  const kind = rng.nextInt(10);
  const target = kind < 6 ? homes(context) : walkedTarget(rng, context, 4 + rng.nextInt(60));
  if (kind < 8) for (let cycles = 1 + rng.nextInt(3); cycles > 0; cycles -= 1) turn(rng, context, target);
  return target;
}

function homes({ cloud }: RuleContext): Map<string, string> {
  return new Map(
    [...cloud.servers.values()].flatMap(({ id, host }) => (host === undefined ? [] : [[id, host]])),
  );
}

/** Lets two to four servers on different hosts, now and then of different size, take each other's place. */
function turn(rng: Rng, context: RuleContext, target: Map<string, string>): void {
  const movable = [...context.cloud.servers.values()].filter(
    (server) => server.locked === false && waysOf(server, context).length > 0,
  );
  const anySize = rng.nextInt(4) === 0;
  const alike = [...groupBy(movable, (server) => (anySize ? '' : sizeOf(server))).values()].filter(
    (servers) => new Set(servers.map(({ host }) => host)).size > 1,
  );
  const pool = alike[rng.nextInt(Math.max(1, alike.length))] ?? [];
  const count = 2 + rng.nextInt(3);
  const chosen: Server[] = [];
  for (const server of rng.shuffle(pool))
    if (chosen.length < count && chosen.every((other) => target.get(other.id) !== target.get(server.id)))
      chosen.push(server);
  const places = chosen.map((server) => target.get(server.id) ?? '');
  for (const [index, server] of chosen.entries())
    target.set(server.id, places[(index + 1) % places.length] ?? '');
}

const sizeOf = ({ flavor, pciRequests = [] }: Server): string =>
  `${flavor.name} ${JSON.stringify(flavor.extraSpecs)} ${pciRequests.length}`;
