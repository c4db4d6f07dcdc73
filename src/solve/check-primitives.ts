import type { Capacity, CellFit, DomainCount, Primitive } from '../constraints/primitive.ts';
import type { Assignment } from '../model/cloud.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import { groupBy } from '../shared/collections.ts';
import { unreachable } from '../shared/invariant.ts';
import { type FreeCell, freeCell, hasRoom, packGuests, take } from './cell-packing.ts';
import { amountTolerance } from './compiled.ts';
import type { Answer } from './placed.ts';
import type { PlacementProblem } from './placement-problem.ts';

/**
 * Everything that an answer breaks, in words for a bug report; empty when it keeps every primitive, no-good and limit
 * of the problem. Reads the problem as it was given and shares nothing with model and search but the arithmetic of
 * cells.
 */
export function checkPrimitives(problem: PlacementProblem, { assignment, cells }: Answer): readonly string[] {
  return [
    ...checkServers(problem, assignment),
    ...checkLimits(problem, assignment),
    ...problem.primitives.flatMap((primitive) => checkPrimitive(problem, primitive, assignment, cells)),
  ];
}

function checkPrimitive(
  problem: PlacementProblem,
  primitive: Primitive,
  after: Assignment,
  cells: Answer['cells'],
): readonly string[] {
  const { start } = problem;
  const moved = (server: ServerId): boolean => after.get(server) !== start.get(server);
  const name = `${primitive.kind} of ${primitive.rule}`;
  switch (primitive.kind) {
    case 'pairMask':
      return primitive.sets.flatMap(({ servers, hosts }) =>
        servers.flatMap((server) => {
          const to = after.get(server);
          return to === undefined || !moved(server) || hosts.has(to) ? [] : [`${name}: ${server} to ${to}`];
        }),
      );
    case 'fixed':
      return primitive.servers.filter(moved).map((server) => `${name}: ${server} moves`);
    case 'capacity':
      return checkCapacity(problem, primitive, after).map((text) => `${name}: ${text}`);
    case 'cellFit':
      return checkCells(problem, primitive, after, cells).map((text) => `${name}: ${text}`);
    case 'domainCount':
      return checkDomains(problem, primitive, after).map((text) => `${name}: ${text}`);
    case 'twin':
      return checkTwins(problem, primitive.covered, after).map((text) => `${name}: ${text}`);
    default:
      return unreachable(primitive);
  }
}

/** The servers of `start` and no others, on hosts of the cloud; hosts to empty are empty of all that can move. */
function checkServers(
  { start, cloud, primitives, mustEmpty }: PlacementProblem,
  after: Assignment,
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
  { start, maxMoves, maxGiB, volumeOf, noGoods }: PlacementProblem,
  after: Assignment,
): string[] {
  const moved = [...start.keys()].filter((server) => after.get(server) !== start.get(server));
  const gib = moved
    .map(volumeOf)
    .reduce((sum, { memoryMiB, diskGiB }) => sum + memoryMiB / 1024 + diskGiB, 0);
  const broken = noGoods
    .filter(
      ({ host, servers }) => servers.length > 0 && servers.every((server) => after.get(server) === host),
    )
    .map(({ host, servers }) => `${servers.join(', ')} together on ${host}`);
  if (moved.length > (maxMoves ?? Infinity)) broken.push(`${moved.length} moves, limit ${maxMoves ?? 0}`);
  if (gib > (maxGiB ?? Infinity) + amountTolerance) broken.push(`${gib} GiB copied, limit ${maxGiB ?? 0}`);
  return broken;
}

function checkCapacity(
  { start }: PlacementProblem,
  { resource, limits, demand, held, untilEnd }: Capacity,
  after: Assignment,
) {
  const atHome = (server: ServerId): number => held.get(server) ?? demand.get(server) ?? 0;
  const today = new Map<HostId, number>();
  const used = new Map<HostId, number>();
  const add = (sums: Map<HostId, number>, host: HostId, amount: number): void => {
    sums.set(host, (sums.get(host) ?? 0) + amount);
  };
  for (const [server, to] of after) {
    const from = start.get(server);
    if (from !== undefined) add(today, from, atHome(server));
    if (from !== undefined && from !== to && untilEnd === true) add(used, from, atHome(server));
    add(used, to, from === to ? atHome(server) : (demand.get(server) ?? 0));
  }
  return [...used].flatMap(([host, amount]) => {
    const limit = Math.max(limits.get(host) ?? Infinity, today.get(host) ?? 0);
    return amount > limit + amountTolerance ? [`${amount} of ${resource} on ${host}, limit ${limit}`] : [];
  });
}

/** On each host, residents stay on their NUMA cells, and for what arrives there is a way to put it. */
function checkCells(
  problem: PlacementProblem,
  fit: CellFit,
  after: Assignment,
  cells: Answer['cells'],
): string[] {
  const f = problem.primitives.filter((primitive) => primitive.kind === 'cellFit').indexOf(fit);
  const byHost = groupBy(after.keys(), (server) => after.get(server));
  const before = groupBy(problem.start.keys(), (server) => problem.start.get(server));
  return [...fit.hosts].flatMap(([host, offers]) => {
    const servers = byHost.get(host) ?? [];
    const arriving = servers.filter((server) => problem.start.get(server) !== host && fit.guests.has(server));
    if (arriving.length === 0) return []; // residents alone take no more than today
    const free = offers.map(freeCell);
    for (const server of before.get(host) ?? []) takeHeld(free, fit, server, 1);
    for (const cell of free) raiseToZero(cell);
    for (const server of before.get(host) ?? []) takeHeld(free, fit, server, -1);
    for (const server of servers) if (problem.start.get(server) === host) takeHeld(free, fit, server, 1);
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

function checkDomains(problem: PlacementProblem, primitive: DomainCount, after: Assignment): string[] {
  const domainOf = (host: HostId): string => {
    const facts = problem.cloud.hosts.get(host);
    const place = { host: undefined, rack: facts?.rack, zone: facts?.availabilityZone }[primitive.per];
    return place === undefined ? `host ${host}` : `${primitive.per} ${place}`;
  };
  const count = (assignment: Assignment): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const server of new Set(primitive.members)) {
      const host = assignment.get(server);
      if (host !== undefined) counts.set(domainOf(host), (counts.get(domainOf(host)) ?? 0) + 1);
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

function checkTwins({ start }: PlacementProblem, covered: readonly ServerId[], after: Assignment): string[] {
  const byHost = groupBy(after.keys(), (server) => after.get(server));
  return covered.flatMap((server) => {
    const from = start.get(server);
    const to = after.get(server);
    if (from === undefined || from === to) return [];
    const other = byHost.get(to)?.find((neighbour) => start.get(neighbour) !== from);
    return other === undefined
      ? []
      : [`${server} comes to ${to ?? ''} with ${other}, which comes not from ${from}`];
  });
}
