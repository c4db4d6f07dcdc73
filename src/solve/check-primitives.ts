import type { Capacity, CellFit, DomainCount, Primitive, Together } from '../constraints/primitive.ts';
import type { Assignment } from '../model/cloud.ts';
import { domainOf } from '../model/domain.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import { unreachable } from '../shared/invariant.ts';
import { type FreeCell, freeCell, hasRoom, packGuests, take } from './cell-packing.ts';
import { checkSpareRoom } from './check-spare-room.ts';
import { amountTolerance } from './compile/compiled.ts';
import type { Answer } from './placed.ts';
import type { PlacementProblem } from './placement-problem.ts';

/**
 * Everything that an answer breaks, in words for a bug report; empty when it keeps every primitive, no-good and limit
 * of the problem. Reads the problem as it was given and shares nothing with model and search but the arithmetic of
 * cells.
 */
export function checkPrimitives(problem: PlacementProblem, { assignment, cells }: Answer): readonly string[] {
  const change = changeOf(problem, assignment);
  return [
    ...checkServers(problem, change),
    ...checkLimits(problem, change),
    ...problem.primitives.flatMap((primitive) => checkPrimitive(problem, primitive, change, cells)),
  ];
}

/** What an answer changes. Limits are never below what is there today, so where nothing changes nothing breaks. */
interface Change {
  readonly after: Assignment;
  readonly moved: ReadonlySet<ServerId>;
  /** By host that servers leave or come to: who is there before and after. */
  readonly before: ReadonlyMap<HostId, readonly ServerId[]>;
  readonly residents: ReadonlyMap<HostId, readonly ServerId[]>;
}

function changeOf({ start }: PlacementProblem, after: Assignment): Change {
  const moved = new Set<ServerId>();
  const touched = new Set<HostId>();
  for (const [server, to] of after) {
    const from = start.get(server);
    if (from === to) continue;
    moved.add(server);
    touched.add(to);
    if (from !== undefined) touched.add(from);
  }
  const onTouched = (assignment: Assignment): Map<HostId, ServerId[]> => {
    const lists = new Map<HostId, ServerId[]>([...touched].map((host) => [host, []]));
    for (const [server, host] of assignment) lists.get(host)?.push(server);
    return lists;
  };
  return { after, moved, before: onTouched(start), residents: onTouched(after) };
}

function checkPrimitive(
  problem: PlacementProblem,
  primitive: Primitive,
  change: Change,
  cells: Answer['cells'],
): readonly string[] {
  const { after, moved } = change;
  const name = `${primitive.kind} of ${primitive.rule}`;
  switch (primitive.kind) {
    case 'pairMask':
      return primitive.sets.flatMap(({ servers, hosts }) =>
        servers
          .filter((server) => moved.has(server))
          .flatMap((server) => {
            const to = after.get(server);
            return to === undefined || hosts.has(to) ? [] : [`${name}: ${server} to ${to}`];
          }),
      );
    case 'fixed':
      return primitive.servers
        .filter((server) => moved.has(server))
        .map((server) => `${name}: ${server} moves`);
    case 'capacity':
      return checkCapacity(primitive, change).map((text) => `${name}: ${text}`);
    case 'cellFit':
      return checkCells(problem, primitive, change, cells).map((text) => `${name}: ${text}`);
    case 'domainCount':
      return checkDomains(problem, primitive, change).map((text) => `${name}: ${text}`);
    case 'together':
      return checkTogether(problem, primitive, change).map((text) => `${name}: ${text}`);
    case 'twin':
      return checkTwins(problem, primitive.covered, change).map((text) => `${name}: ${text}`);
    case 'spareRoom':
      return checkSpareRoom(problem, primitive, after).map((text) => `${name}: ${text}`);
    default:
      return unreachable(primitive);
  }
}

/** The servers of `start` and no others, on hosts of the cloud; hosts to empty are empty of all that can move. */
function checkServers(
  { start, cloud, primitives, mustEmpty }: PlacementProblem,
  { after }: Change,
): string[] {
  const fixed = new Set(
    primitives.flatMap((primitive) => (primitive.kind === 'fixed' ? primitive.servers : [])),
  );
  const emptied = new Set(mustEmpty);
  const broken: string[] = [];
  if (after.size !== start.size) broken.push(`${after.size} servers are placed, not ${start.size}`);
  for (const [server, from] of start) {
    const to = after.get(server);
    if (to === undefined) broken.push(`${server} is nowhere`);
    else if (to !== from && !cloud.hosts.has(to)) broken.push(`${server} goes to ${to}, which is no host`);
    else if (emptied.has(to) && !fixed.has(server))
      broken.push(`${server} is on ${to}, which is to be empty`);
  }
  return broken;
}

function checkLimits(
  { maxMoves, maxGiB, volumeOf, noGoods }: PlacementProblem,
  { after, moved }: Change,
): string[] {
  const gib = [...moved]
    .map(volumeOf)
    .reduce((sum, { memoryMiB, diskGiB }) => sum + memoryMiB / 1024 + diskGiB, 0);
  const broken = noGoods
    .filter(
      ({ host, servers }) => servers.length > 0 && servers.every((server) => after.get(server) === host),
    )
    .map(({ host, servers }) => `${servers.join(', ')} together on ${host}`);
  if (moved.size > (maxMoves ?? Infinity)) broken.push(`${moved.size} moves, limit ${maxMoves ?? 0}`);
  if (gib > (maxGiB ?? Infinity) + amountTolerance) broken.push(`${gib} GiB copied, limit ${maxGiB ?? 0}`);
  return broken;
}

function checkCapacity(
  { resource, limits, demand, held, untilEnd }: Capacity,
  { moved, before, residents }: Change,
): string[] {
  const amount = (server: ServerId): number => demand.get(server) ?? 0;
  const atHome = (server: ServerId): number => held.get(server) ?? amount(server);
  return [...residents].flatMap(([host, servers]) => {
    const own = before.get(host) ?? [];
    const today = own.reduce((sum, server) => sum + atHome(server), 0);
    let used = servers.reduce((sum, server) => sum + (moved.has(server) ? amount : atHome)(server), 0);
    if (untilEnd === true) for (const server of own) used += moved.has(server) ? atHome(server) : 0;
    const limit = Math.max(limits.get(host) ?? Infinity, today);
    return used > limit + amountTolerance ? [`${used} of ${resource} on ${host}, limit ${limit}`] : [];
  });
}

/** On each host, residents stay on their NUMA cells, and for what arrives there is a way to put it. */
function checkCells(
  problem: PlacementProblem,
  fit: CellFit,
  { moved, before, residents }: Change,
  cells: Answer['cells'],
): string[] {
  const f = problem.primitives.filter((primitive) => primitive.kind === 'cellFit').indexOf(fit);
  return [...residents].flatMap(([host, servers]) => {
    const offers = fit.hosts.get(host);
    const arriving = servers.filter((server) => moved.has(server) && fit.guests.has(server));
    if (offers === undefined || arriving.length === 0) return []; // residents alone take no more than today
    const free = offers.map(freeCell);
    for (const server of before.get(host) ?? []) takeHeld(free, fit, server, 1);
    for (const cell of free) raiseToZero(cell);
    for (const server of before.get(host) ?? []) takeHeld(free, fit, server, -1);
    for (const server of servers) if (!moved.has(server)) takeHeld(free, fit, server, 1);
    const rest = arriving.filter(
      (server) => !settleOn(free, fit.guests.get(server) ?? [], cells.get(server)?.[f]),
    );
    const packed = packGuests(
      free,
      rest.map((server) => fit.guests.get(server) ?? []),
    );
    return packed === undefined ? [`no room on the cells of ${host} for ${rest.join(', ')}`] : [];
  });
}

function takeHeld(free: readonly FreeCell[], fit: CellFit, server: ServerId, sign: number): void {
  for (const { cell, need } of fit.held.get(server) ?? []) {
    const on = free.find(({ id }) => id === cell);
    if (on !== undefined) take(on, need, sign);
  }
}

/** What is used beyond the limit today is the limit. */
function raiseToZero(cell: FreeCell): void {
  cell.threads = Math.max(0, cell.threads);
  cell.memoryMiB = Math.max(0, cell.memoryMiB);
  for (const [size, pages] of cell.pages) cell.pages.set(size, Math.max(0, pages));
}

/** Puts a guest where its witness says; false when there is none, or it does not hold. */
function settleOn(
  free: readonly FreeCell[],
  guest: readonly Parameters<typeof take>[1][],
  ids: readonly number[] | undefined,
): boolean {
  if (ids?.length !== guest.length || new Set(ids).size !== ids.length) return false;
  const cells = ids.map((id) => free.find((cell) => cell.id === id));
  if (!guest.every((need, g) => cells[g] !== undefined && hasRoom(cells[g], need))) return false;
  for (const [g, need] of guest.entries()) if (cells[g] !== undefined) take(cells[g], need, 1);
  return true;
}

function checkDomains(problem: PlacementProblem, primitive: DomainCount, { after, moved }: Change): string[] {
  if (!primitive.members.some((server) => moved.has(server))) return [];
  const keyOf = (host: HostId): string => domainOf(host, primitive.per, problem.cloud).key;
  const count = (assignment: Assignment): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const server of new Set(primitive.members)) {
      const host = assignment.get(server);
      if (host !== undefined) counts.set(keyOf(host), (counts.get(keyOf(host)) ?? 0) + 1);
    }
    return counts;
  };
  const today = count(problem.start);
  const then = count(after);
  const broken = [...then]
    .filter(([domain, members]) => members > Math.max(primitive.atMost ?? Infinity, today.get(domain) ?? 0))
    .map(([domain, members]) => `${members} members in ${domain}, limit ${primitive.atMost ?? Infinity}`);
  const wanted = Math.min(primitive.atLeast ?? 0, today.size);
  if (then.size < wanted) broken.push(`members in ${then.size} domains, at least ${wanted} wanted`);
  return broken;
}

function checkTogether(
  { start }: PlacementProblem,
  { members, groups }: Together,
  { after, moved }: Change,
): string[] {
  if (!members.some((server) => moved.has(server))) return [];
  const outsideIn = (assignment: Assignment): number => {
    const hosts = [...new Set(members)].flatMap((server) => assignment.get(server) ?? []);
    return (
      hosts.length - Math.max(0, ...groups.map((group) => hosts.filter((host) => group.has(host)).length))
    );
  };
  const [today, then] = [outsideIn(start), outsideIn(after)];
  return then > today ? [`${then} members are apart from the others, limit ${today}`] : [];
}

function checkTwins(
  { start }: PlacementProblem,
  covered: readonly ServerId[],
  { after, residents }: Change,
): string[] {
  return covered.flatMap((server) => {
    const from = start.get(server);
    const to = after.get(server);
    if (from === undefined || from === to) return [];
    const other =
      to === undefined ? undefined : residents.get(to)?.find((neighbour) => start.get(neighbour) !== from);
    return other === undefined
      ? []
      : [`${server} comes to ${to ?? ''} with ${other}, which comes not from ${from}`];
  });
}
