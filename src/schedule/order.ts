import type { HostId, ServerId } from '../model/ids.ts';
import { movesBetween } from '../model/moved.ts';
import { compareText } from '../shared/collections.ts';
import { invariant } from '../shared/invariant.ts';
import { type Ask, arrivalOrder } from './arrival-order.ts';
import { type AttemptEnd, type Decision, play } from './attempt.ts';
import { createEffort, type Effort } from './effort.ts';
import type { Deadlock, OrderOutcome } from './ordered.ts';
import { retime } from './retime/retime.ts';
import { longestPaths, type Moving, roomGraph } from './room-graph.ts';
import { addLeg, createRun, type OrderRequest, type Run, undoAll } from './run.ts';
import { type SerialSets, serialSets } from './serial-sets.ts';
import { transferOf } from '../replay/transfer/transfer.ts';
import { firstArrival, legalArrival } from './ways.ts';

/**
 * Orders the migrations that turn today's assignment into the target, so that rules allow every request when it is
 * made.
 *
 * A list scheduler plays through simulated time (`play`). Where it gets stuck because arrivals on a host came in an
 * order in which Nova leaves no cells for the last, an order that works is looked for and all starts again; where
 * servers wait for each other, some go through a bypass host, and when one choice of these leads nowhere the next is
 * taken. All of that within `options.effort` questions to the rules; the first pass itself is free.
 *
 * The order holds in *every* execution in which each step waits for its `dependsOn` to end and its `requestAfter` to
 * be requested, however long the steps take: requests stay legal and Nova chooses the same NUMA cells.
 */
export function orderMigrations(request: OrderRequest): OrderOutcome {
  const moves = movesOf(request);
  const effort = createEffort(request.options.effort);
  const ask: Ask = (trip) => (effort.spend(1) ? legalArrival(trip, request.start, request.rules) : undefined);
  const search: Search = {
    request,
    moves,
    effort,
    ask,
    orders: new Map(),
    promoted: new Map(),
    triedPromotions: new Set(),
    path: [],
    best: undefined,
  };
  const setsOf = serialSets(
    request.rules,
    request.start,
    moves.map((move) => move.server.id),
  );
  const behind = chainsBehind(request, moves);
  for (let attempt = 1; ; attempt += 1) {
    const run = createRun(request, setsOf, behind, search);
    for (const { server, from, target } of moves) addLeg(run, server, from, target, 0);
    const decisions: Decision[] = [];
    const end = play(run, search.path, ask, decisions);
    undoAll(run);
    if (end.kind === 'done') return { kind: 'ordered', ...retime(request, run.steps) };
    if (!improve(search, end, decisions, setsOf) || (attempt > 1 && !effort.spend(costOf(run))))
      return giveUp(search);
  }
}

interface Search {
  readonly request: OrderRequest;
  readonly moves: readonly Moving[];
  readonly effort: Effort;
  readonly ask: Ask;
  /** Orders of arrivals that the next attempt keeps. */
  readonly orders: Map<HostId, readonly ServerId[]>;
  /** Who goes before the others of each serial set. */
  readonly promoted: Map<string, readonly ServerId[]>;
  readonly triedPromotions: Set<string>;
  /** Ways out of deadlocks that the next attempt takes. */
  path: readonly number[];
  /** The deadlock with the fewest moves. */
  best: Deadlock | undefined;
}

/** Servers that change host, by id. */
function movesOf({ context, start, target }: OrderRequest): readonly Moving[] {
  const moves: Moving[] = [];
  for (const { server: id, from, to } of movesBetween(start.assignment(), target)) {
    const server = context.cloud.servers.get(id);
    invariant(server !== undefined, `the target names server ${id}, which is not in the cloud`);
    if (from !== undefined) moves.push({ server, from, target: to });
  }
  return moves.sort((a, b) => compareText(a.server.id, b.server.id));
}

function chainsBehind(
  { context, rules, start }: OrderRequest,
  moves: readonly Moving[],
): ReadonlyMap<ServerId, number> {
  const graph = roomGraph(moves, start, (trip) => legalArrival(trip, start, rules) !== undefined);
  const seconds = new Map<string, number>(
    moves.map(({ server, from, target }) => {
      const arrival = firstArrival({ server, from, to: target }, start);
      return [server.id, transferOf(arrival, context.cloud).seconds.expected];
    }),
  );
  const longest = longestPaths(graph, (node) => seconds.get(node) ?? 0);
  return new Map(moves.map(({ server }) => [server.id, longest.get(server.id) ?? 0]));
}

/** Prepares the next attempt; false when there is nothing else to try. */
function improve(
  search: Search,
  end: Exclude<AttemptEnd, { kind: 'done' }>,
  decisions: readonly Decision[],
  setsOf: SerialSets,
): boolean {
  if (search.best === undefined || end.deadlock.stuck.length < search.best.stuck.length)
    search.best = end.deadlock;
  if (search.effort.exhausted) return false;
  if (end.kind === 'misfit' && fixOrders(search, end.hosts)) return true;
  if (promote(search, end.deadlock, setsOf)) return true;
  const last = decisions.findLastIndex(({ taken, ways }) => taken + 1 < ways);
  if (last === -1) return false;
  search.path = [...decisions.slice(0, last).map((one) => one.taken), (decisions[last]?.taken ?? 0) + 1];
  return true;
}

/** Looks for an order of the arrivals on each host; false when one of them has none. */
function fixOrders(search: Search, hosts: readonly HostId[]): boolean {
  const { moves, request, ask } = search;
  for (const host of hosts) {
    const order = arrivalOrder(host, moves, request.start, request.context.demands, ask);
    if (order === undefined) return false;
    search.orders.set(host, order);
  }
  search.path = [];
  return true;
}

/** Lets stuck members of serial sets go before the others; false when that was tried. */
function promote(search: Search, { stuck }: Deadlock, setsOf: SerialSets): boolean {
  for (const { server } of stuck)
    for (const set of setsOf(server)) {
      const others = (search.promoted.get(set) ?? []).filter((other) => other !== server);
      search.promoted.set(set, [server, ...others]);
    }
  const key = [...search.promoted].map(([set, servers]) => `${set}: ${servers.join(' ')}`).join('\n');
  if (key === '' || search.triedPromotions.has(key)) return false;
  search.triedPromotions.add(key);
  search.path = [];
  return true;
}

const costOf = (run: Run): number => run.requested;

function giveUp({ best, effort }: Search): Deadlock {
  invariant(best !== undefined, 'a search that ends without an order has seen a deadlock');
  return effort.exhausted ? { ...best, stoppedBy: 'effort' } : best;
}
