import { waysOf } from '../../constraints/context.ts';
import type { Rule } from '../../constraints/rule.ts';
import type { HostId, ServerId } from '../../model/ids.ts';
import type { Server } from '../../model/server.ts';
import { isLegal } from '../../replay/legality.ts';
import { compareText } from '../../shared/collections.ts';
import type { Effort } from '../effort.ts';
import type { OrderRequest } from '../run.ts';
import { serialSets } from '../serial-sets.ts';
import { type Ask, legalArrival, type Trip } from '../ways.ts';
import { searchSequence, type Sequence } from './search.ts';
import { createWorld } from './world.ts';

/** Servers whose host is to change, and where to. */
export type Moves = ReadonlyMap<ServerId, HostId>;

/** What is not looked at; with limits, that there is no sequence means none within them. */
export interface Limits {
  /** Only sequences with so many stop-overs or fewer. */
  readonly mostStopOvers?: number;
  /** Only servers that change host migrate. */
  readonly moversOnly?: true;
  /** Only these hosts, the ends of all moves among them. */
  readonly hosts?: readonly HostId[];
}

export type SequenceEnd = Sequence & {
  /** Servers that are where they shall be had to step aside, or were tried as well. */
  readonly withResidents: boolean;
};

/**
 * The migrations, one after the other, that bring some servers to their targets with the fewest stop-overs; or that
 * there are none, which without limits is proven: every state that rules allow has been looked at, with every host that
 * takes a server as a bypass host, several stop-overs of one server and detours of servers that are not to move.
 *
 * One after the other loses nothing: who is under way holds both ends, so a request that is legal beside it is legal
 * before its request or after its end too, beside the same servers. Only who comes while another leaves the same host
 * could find NUMA cells there that it finds neither before nor after; no plan holds that, since executions in which the
 * other is slower or faster would find other cells.
 *
 * Servers that are where they shall be step aside only where nothing else helps.
 */
export function findSequence(
  request: OrderRequest,
  moves: Moves,
  effort: Effort,
  limits: Limits = {},
): SequenceEnd {
  const movers = serversOf(request, limits, (id) => moves.has(id));
  if (movers.length < moves.size) return { kind: 'unknown', withResidents: false };
  const alone = sequenceOf(request, movers, moves, effort, limits);
  if (alone.kind !== 'none' || limits.moversOnly === true) return { ...alone, withResidents: false };
  const all = serversOf(request, limits, (id) => moves.has(id) || mayStepAside(request, id));
  if (all.length === movers.length) return { kind: 'none', withResidents: true };
  return { ...sequenceOf(request, all, moves, effort, limits), withResidents: true };
}

/** Servers at rest on a host, by id. */
function serversOf(
  { context, start }: OrderRequest,
  { hosts }: Limits,
  wanted: (id: ServerId) => boolean,
): readonly Server[] {
  const here = hosts?.flatMap((host) => start.claimsOn(host).map(({ server }) => server));
  const servers =
    here?.flatMap((id) => context.cloud.servers.get(id) ?? []) ?? context.cloud.servers.values();
  return [...servers]
    .filter(({ id }) => start.residentOn(id) !== undefined && wanted(id))
    .sort((a, b) => compareText(a.id, b.id));
}

/** Whether some host would take it, were it empty: rules about a server and two hosts do not change on the way. */
function mayStepAside({ context, rules, start, closed }: OrderRequest, id: ServerId): boolean {
  const server = context.cloud.servers.get(id);
  const from = start.residentOn(id);
  if (server === undefined || from === undefined) return false;
  const pairs = rules.filter(isOfPair);
  return [...context.cloud.hosts.keys()].some(
    (to) => to !== from && !closed.has(to) && isAllowed({ server, from, to }, start, pairs),
  );
}

const isOfPair = (rule: Rule): boolean => rule.scope === 'pair';

const isAllowed = (
  { server, from, to }: Trip,
  state: OrderRequest['start'],
  pairs: readonly Rule[],
): boolean =>
  waysOf(server, state.context).some((way) => isLegal({ server, from, to, ...way }, state, pairs));

function sequenceOf(
  request: OrderRequest,
  servers: readonly Server[],
  moves: Moves,
  effort: Effort,
  limits: Limits,
): Sequence {
  const { context, rules, start, closed } = request;
  const hosts = limits.hosts ?? [...context.cloud.hosts.keys()];
  const pairs = rules.filter(isOfPair);
  const lasting = new Map<string, boolean>();
  const ask: Ask = (trip) => {
    const key = `${trip.server.id} ${trip.from} ${trip.to}`;
    let may = lasting.get(key);
    if (may === undefined) lasting.set(key, (may = isAllowed(trip, start, pairs)));
    return may && effort.spend(1) ? legalArrival(trip, start, rules) : undefined;
  };
  const setsOf = serialSets(
    rules,
    start,
    servers.map(({ id }) => id),
  );
  const world = createWorld(start, servers, hosts, ask, setsOf);
  const goal = servers.map(({ id }, s) => {
    const target = moves.get(id);
    return target === undefined ? (world.start.hosts[s] ?? -1) : hosts.indexOf(target);
  });
  const isClosed = hosts.map((host) => closed.has(host));
  const found = searchSequence(
    world,
    { goal, moving: servers.map((_, s) => s), passable: (_, host) => isClosed[host] === false },
    effort,
    limits.mostStopOvers,
  );
  world.close();
  return found;
}
