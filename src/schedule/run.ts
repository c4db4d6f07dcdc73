import type { Arrival } from '../constraints/arrival.ts';
import type { RuleContext } from '../constraints/context.ts';
import type { Rule } from '../constraints/rule.ts';
import type { Assignment } from '../model/cloud.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import type { Calendar } from '../replay/calendar/calendar.ts';
import type { ReplayEvent } from '../replay/event.ts';
import type { State, Undo } from '../replay/state.ts';
import { createDependencies, type Dependencies } from './dependencies.ts';
import { createEventQueue, type EventQueue } from './event-queue.ts';
import { pinnedCpus } from './frees.ts';
import type { Held } from './holdings.ts';
import { createLanes, type FixedOrder, type Lanes, type Leg } from './lane.ts';
import type { OrderedStep } from './ordered.ts';
import { createPools, type Pools } from './pool.ts';
import type { Script } from './exact/script.ts';
import { type SerialSets, serialSets } from './serial-sets.ts';
import { isCellular } from '../replay/cellular.ts';
import { transferOf } from '../replay/transfer/transfer.ts';
import { firstArrival } from './ways.ts';

export interface OrderOptions {
  /** Migrations under way at the same time in the whole cloud; unlimited when absent. */
  readonly maxParallel?: number;
  /** Rule questions that may be asked after the first plain pass: to reorder and to find stop-overs. */
  readonly effort: number;
  /** `fast` (default): what others and long queues wait for. `big-first`: most memory first. */
  readonly preference?: 'fast' | 'big-first';
  /** When migrations may be under way; any time when absent. */
  readonly calendar?: Calendar;
  /** Of what may go at the same time the lowest goes first; equal ones as `preference` has it. */
  readonly rankOf?: (server: ServerId) => number;
  /** Seconds between the end of one member of a server group and the request of the next. */
  readonly apartSeconds?: number;
}

export interface OrderRequest {
  readonly context: RuleContext;
  readonly rules: readonly Rule[];
  /** Today's state, with hosts already disabled as the plan's first steps do. Left as it was found. */
  readonly start: State;
  readonly target: Assignment;
  /** Hosts that nobody may stop over on. */
  readonly closed: ReadonlySet<HostId>;
  readonly options: OrderOptions;
}

/** A migration under way. */
export interface Flight {
  readonly leg: Leg;
  readonly arrival: Arrival;
  readonly step: string;
  readonly held: readonly Held[];
}

export type RunEvent =
  | { readonly kind: 'transferred'; readonly flight: Flight }
  | { readonly kind: 'confirmed'; readonly flight: Flight; readonly step: string }
  | { readonly kind: 'open'; readonly host: HostId }
  /** The calendar, or the distance to another of its group, kept the leg back. */
  | { readonly kind: 'opens'; readonly leg: Leg };

/** The sets of servers that travel one at a time in an order of these. */
export const serialSetsOf = (
  { rules, start, options }: Pick<OrderRequest, 'rules' | 'start' | 'options'>,
  moving: readonly ServerId[],
): SerialSets => serialSets(rules, start, moving, options.apartSeconds !== undefined);

/** One pass through simulated time. */
export interface Run {
  readonly request: OrderRequest;
  readonly state: State;
  readonly lanes: Lanes;
  readonly pools: Pools;
  readonly serialSetsOf: SerialSets;
  /** Seconds of the longest chain of moves that wait for each server to leave. */
  readonly behind: ReadonlyMap<ServerId, number>;
  readonly fixedOrders: ReadonlyMap<HostId, FixedOrder>;
  /** Members of serial sets that go before all others, in this order. */
  readonly promoted: ReadonlyMap<string, readonly ServerId[]>;
  readonly pending: Set<Leg>;
  readonly pendingServers: Set<ServerId>;
  /** Pending legs for which something has changed since they were tried last. */
  readonly dirty: Set<Leg>;
  /** Pending legs that go through a bypass host. */
  readonly detoured: Set<Leg>;
  /** Legs that found too little left of a link, or of the slots of the whole cloud, by its name; some may have gone since. */
  readonly lacking: Map<string, Set<Leg>>;
  /** Legs that wait for a time, and until when. */
  readonly waitingUntil: Map<Leg, number>;
  /** Serial sets of server groups, with the second from which their next member may go. */
  readonly apartUntil: Map<string, number>;
  readonly queue: EventQueue<RunEvent>;
  readonly dependencies: Dependencies;
  readonly travelling: Map<ServerId, Flight>;
  readonly serialSetsUnderWay: Set<string>;
  readonly servers: Map<string, Server>;
  readonly steps: OrderedStep[];
  readonly undos: Undo[];
  /** What the pending legs follow, where no order was found without. */
  script: Script | undefined;
  now: number;
  requested: number;
}

/** What earlier runs have taught. */
export interface Preparation {
  readonly orders: ReadonlyMap<HostId, readonly ServerId[]>;
  readonly promoted: ReadonlyMap<string, readonly ServerId[]>;
}

export function createRun(
  request: OrderRequest,
  serialSetsOf: SerialSets,
  behind: Run['behind'],
  { orders, promoted }: Preparation,
): Run {
  const pools = createPools();
  return {
    request,
    state: request.start,
    lanes: createLanes(request.context.cloud, pools),
    pools,
    serialSetsOf,
    behind,
    fixedOrders: new Map([...orders].map(([host, servers]) => [host, { servers, next: 0, released: false }])),
    promoted,
    pending: new Set(),
    pendingServers: new Set(),
    dirty: new Set(),
    detoured: new Set(),
    lacking: new Map(),
    waitingUntil: new Map(),
    apartUntil: new Map(),
    queue: createEventQueue(),
    dependencies: createDependencies(),
    travelling: new Map(),
    serialSetsUnderWay: new Set(),
    servers: new Map(),
    steps: [],
    undos: [],
    script: undefined,
    now: 0,
    requested: 0,
  };
}

export function applyEvent(run: Run, event: ReplayEvent): void {
  run.undos.push(run.state.apply(event));
}

/** Takes every event of the run back from the state. */
export function undoAll(run: Run): void {
  for (let undo = run.undos.pop(); undo !== undefined; undo = run.undos.pop()) undo();
}

/** Makes a leg wait for its turn. */
export function addLeg(run: Run, server: Server, from: HostId, target: HostId, stopOvers: number): Leg {
  const { context } = run.request;
  const { seconds, mbps } = transferOf(firstArrival({ server, from, to: target }, run.state), context.cloud);
  const leg: Leg = {
    server,
    from,
    target,
    to: target,
    cellular: isCellular(server, run.state),
    pinnedCpus: pinnedCpus(context.demands.get(server.id)),
    serialSets: run.serialSetsOf(server.id),
    stopOvers,
    seconds: seconds.expected,
    mbps,
    refused: undefined,
    allowed: undefined,
  };
  run.pending.add(leg);
  run.pendingServers.add(server.id);
  run.dirty.add(leg);
  run.lanes(from).departures.add(leg);
  run.lanes(from).toSend += leg.seconds;
  run.lanes(target).arrivals.add(leg);
  run.lanes(target).toReceive += leg.seconds;
  return leg;
}

/** Sends a pending leg to another host: through a bypass host, or straight again. */
export function redirect(run: Run, leg: Leg, to: HostId): void {
  if (leg.to === to) return;
  run.lanes(leg.to).arrivals.delete(leg);
  leg.to = to;
  if (run.waitingUntil.get(leg) === Infinity) run.waitingUntil.delete(leg);
  run.lanes(to).arrivals.add(leg);
  if (to === leg.target) run.detoured.delete(leg);
  else run.detoured.add(leg);
  run.dirty.add(leg);
}

/** Takes a leg out of the waiting ones. */
export function removeLeg(run: Run, leg: Leg): void {
  run.pending.delete(leg);
  run.pendingServers.delete(leg.server.id);
  run.dirty.delete(leg);
  run.detoured.delete(leg);
  run.waitingUntil.delete(leg);
  run.lanes(leg.to).arrivals.delete(leg);
  run.lanes(leg.target).toReceive -= leg.seconds;
  const source = run.lanes(leg.from);
  source.departures.delete(leg);
  source.toSend -= leg.seconds;
}
