import { waysOf } from '../constraints/context.ts';
import { cloudIndex } from '../model/cloud-index.ts';
import type { Assignment } from '../model/cloud.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import { withMoves } from '../model/moved.ts';
import type { Server } from '../model/server.ts';
import { prioritiesOf } from '../objective/priorities.ts';
import { isLegal } from '../replay/legality.ts';
import { createState, type State } from '../replay/state.ts';
import { biggestFirst } from './biggest-first.ts';
import { emptiedWholly } from './emptied-wholly.ts';
import { createDrainPrices, type DrainPrices } from './drain-prices.ts';
import type { Run } from './run.ts';

/** Clouds with fewer hosts are solved as a whole. */
export const fewestHosts = 100;
/** So many servers to place at most: more take a large part of the cloud anyhow. */
const mostServers = 500;
/** Hosts that would take a server are compared until one costs nothing, or so many were seen. */
const hostsCompared = 64;

/** Where the servers of drained hosts go, and what no legal plan costs less than. */
export interface PlacedDrain {
  readonly assignment: Assignment;
  readonly bound: number;
}

/**
 * A drain of a few hosts of a large cloud, without a model of the cloud: the servers to be moved, biggest first, each to
 * the host that takes it at the least price, as the rules themselves say of one after the other. Undefined where the
 * goal pays for other things than moves and the load of hosts or has priorities, where hosts far away count, or where some server finds no place this way.
 */
export function placeDrained(
  run: Run,
  fewest = fewestHosts,
  immovable: 'refused' | 'stay' = 'refused',
): PlacedDrain | undefined {
  const { context, request, problem } = run;
  const { maxMoves, maxGiB, drain } = request.options;
  const { cloud } = context;
  if (emptiedWholly(request.options).length === 0 || cloud.hosts.size < fewest) return undefined;
  if (request.options.surviveHostLoss === true || prioritiesOf(request.goal).length > 1) return undefined;
  const { residents } = cloudIndex(cloud);
  const staying = immovable === 'stay' ? fixedServers(run) : new Set<ServerId>();
  const leaving = drain.flatMap((host) => residents.get(host) ?? []).filter(({ id }) => !staying.has(id));
  if (leaving.length === 0 || leaving.length > Math.min(mostServers, maxMoves ?? Infinity)) return undefined;
  if (gibOf(leaving, run) > (maxGiB ?? Infinity)) return undefined;
  if (leaving.some((server) => waysOf(server, context).length === 0)) return undefined;
  const prices = createDrainPrices(run, leaving);
  if (prices === undefined) return undefined;
  const state = createState(context);
  for (const host of drain) state.apply({ kind: 'service', host, status: 'disabled' });
  const moves = new Map<ServerId, HostId>();
  for (const server of leaving.toSorted(biggestFirst)) {
    const to = place(server, state, prices, run);
    if (to === undefined) return undefined;
    moves.set(server.id, to);
  }
  return { assignment: withMoves(problem.start, moves), bound: prices.bound };
}

const fixedServers = ({ ofLeaving }: Run): ReadonlySet<ServerId> =>
  new Set(ofLeaving.flatMap((primitive) => (primitive.kind === 'fixed' ? primitive.servers : [])));

function gibOf(servers: readonly Server[], { problem }: Run): number {
  return servers
    .map(({ id }) => problem.volumeOf(id))
    .reduce((sum, { memoryMiB, diskGiB }) => sum + memoryMiB / 1024 + diskGiB, 0);
}

/** Sends a server to the best host found; undefined where none takes it. */
function place(server: Server, state: State, prices: DrainPrices, run: Run): HostId | undefined {
  const { context, rules } = run;
  const from = server.host;
  if (from === undefined) return undefined;
  for (const way of waysOf(server, context)) {
    const takes = (to: HostId): boolean => isLegal({ server, from, to, ...way }, state, rules);
    const to = cheapest(server, prices, takes);
    if (to === undefined) continue;
    state.apply({ kind: 'request', arrival: { server, from, to, ...way } });
    if (way.method !== 'cold') state.apply({ kind: 'complete', server: server.id });
    prices.put(server, to);
    return to;
  }
  return undefined;
}

function cheapest(
  server: Server,
  { destinations, rise }: DrainPrices,
  takes: (to: HostId) => boolean,
): HostId | undefined {
  let best: { readonly to: HostId; readonly price: number } | undefined;
  let seen = 0;
  for (const to of destinations) {
    const price = rise(server, to);
    if ((best !== undefined && price >= best.price) || !takes(to)) continue;
    best = { to, price };
    seen += 1;
    if (price === 0 || seen === hostsCompared) break;
  }
  return best?.to;
}
