import { isCellular } from '../../replay/cellular.ts';
import { isLegal } from '../../replay/legality.ts';
import type { Undo } from '../../replay/state.ts';
import type { HostId, ServerId } from '../../model/ids.ts';
import type { OrderedConfirm, OrderedMigration, OrderedStep } from '../ordered.ts';
import type { OrderRequest } from '../run.ts';
import type { SerialSets } from '../serial-sets.ts';

/** Why a migration is not legal before another step has ended; `set` is the serial set. */
export type WaitReason =
  { readonly kind: 'server' } | { readonly kind: 'room' } | { readonly kind: 'set'; readonly set: string };

/** A migration, and what legality alone makes it wait for. */
export interface Waiting {
  readonly step: OrderedMigration;
  /** The step that frees its source: itself, or the confirm of a cold one. */
  readonly freedBy: string;
  /** Steps that must have ended, the first reason of each. */
  readonly ended: ReadonlyMap<string, WaitReason>;
  /** Migrations whose requests must have been accepted. */
  readonly requested: readonly string[];
}

/**
 * What of an order is needed for legality, whatever links and slots allow.
 *
 * The order is replayed with every migration ending as late as it can: only when a later request would be refused
 * otherwise. So a migration waits for
 *
 * - its server's last leg, and the member before it of each of its serial sets;
 * - departures from its destination without which rules refuse it, as few as possible;
 * - all departures before it that take NUMA cells there, if it takes some, and requests as the order had them: by host
 *   all arrivals in one order, and a departure that takes cells after the last arrival that does.
 *
 * Departures only make arrivals milder and arrivals come in one order, so what is legal here is legal in every execution
 * in which these waits are kept, and Nova chooses the same cells. Undefined where the replay comes to another end than
 * the order: then its own times and waits are to be kept. Leaves the state as it was found.
 */
export function waitsOf(
  request: OrderRequest,
  steps: readonly OrderedStep[],
  setsOf: SerialSets,
): readonly Waiting[] | undefined {
  const replay = createReplay(request, steps, setsOf);
  const waits: Waiting[] = [];
  for (const step of steps) {
    if (step.kind === 'confirm') continue;
    const waiting = wait(replay, step);
    if (waiting === undefined) break;
    waits.push(waiting);
  }
  for (const undo of replay.undos.reverse()) undo();
  const migrations = steps.filter(({ kind }) => kind === 'migrate');
  return waits.length === migrations.length ? waits : undefined;
}

interface Departure {
  readonly server: ServerId;
  readonly freedBy: string;
  /** When the order has its source freed. */
  readonly endSeconds: number;
  readonly isCold: boolean;
  readonly cellular: boolean;
  ended: boolean;
}

/** What the replay knows of a host. */
interface Place {
  readonly departures: Departure[];
  /** Departures that have ended before any later arrival is requested here. */
  readonly known: Set<Departure>;
  lastRequest: string | undefined;
  lastCellularRequest: string | undefined;
}

interface Replay {
  readonly request: OrderRequest;
  readonly setsOf: SerialSets;
  /** Confirms by the migration that they confirm. */
  readonly confirms: ReadonlyMap<string, OrderedConfirm>;
  readonly places: Map<HostId, Place>;
  readonly lastLegs: Map<ServerId, Departure>;
  readonly lastOfSets: Map<string, Departure>;
  readonly undos: Undo[];
}

function createReplay(request: OrderRequest, steps: readonly OrderedStep[], setsOf: SerialSets): Replay {
  return {
    request,
    setsOf,
    confirms: new Map(steps.flatMap((step) => (step.kind === 'confirm' ? [[step.of, step] as const] : []))),
    places: new Map(),
    lastLegs: new Map(),
    lastOfSets: new Map(),
    undos: [],
  };
}

function wait(replay: Replay, step: OrderedMigration): Waiting | undefined {
  const { request, confirms, lastLegs, lastOfSets, undos } = replay;
  const { server, from, to, method } = step.arrival;
  const state = request.start;
  const cellular = isCellular(server, state);
  const serialSets = replay.setsOf(server.id);
  const ended = new Map<string, WaitReason>();
  const lastLeg = lastLegs.get(server.id);
  if (lastLeg !== undefined) endFor(replay, ended, lastLeg, { kind: 'server' });
  for (const set of serialSets) {
    const last = lastOfSets.get(set);
    if (last !== undefined) endFor(replay, ended, last, { kind: 'set', set });
  }
  if (!makeRoom(replay, step, cellular, ended)) return undefined;
  const fit = state.predict(server.id, to, method);
  if (JSON.stringify(fit) !== JSON.stringify(step.fit)) return undefined;
  const source = placeOf(replay, from);
  const destination = placeOf(replay, to);
  const requested = [destination.lastRequest, cellular ? source.lastCellularRequest : undefined];
  undos.push(state.apply({ kind: 'request', arrival: step.arrival }));
  const { id: freedBy, endSeconds } = confirms.get(step.id) ?? step;
  const isCold = method === 'cold';
  const departure = { server: server.id, freedBy, endSeconds, isCold, cellular, ended: false };
  source.departures.push(departure);
  lastLegs.set(server.id, departure);
  for (const set of serialSets) lastOfSets.set(set, departure);
  destination.lastRequest = step.id;
  if (cellular) destination.lastCellularRequest = step.id;
  return {
    step,
    freedBy,
    ended,
    requested: [...new Set(requested)].filter((one) => one !== undefined),
  };
}

/** Ends departures from the destination until rules allow the arrival; false when they never do. */
function makeRoom(
  replay: Replay,
  { arrival }: OrderedMigration,
  cellular: boolean,
  ended: Map<string, WaitReason>,
): boolean {
  const { request } = replay;
  const place = placeOf(replay, arrival.to);
  const mayArrive = (): boolean => isLegal(arrival, request.start, request.rules);
  for (const departure of place.departures)
    if (departure.ended || (cellular && departure.cellular))
      endFor(replay, ended, departure, { kind: 'room' }, place);
  if (!mayArrive()) {
    const needed = leastNeeded(
      replay,
      inOrderOfEnds(place.departures.filter((one) => !one.ended)),
      mayArrive,
    );
    if (needed === undefined) return false;
    for (const departure of needed) endFor(replay, ended, departure, { kind: 'room' }, place);
  }
  return true;
}

/** Those first that the order had end first, so that none is waited for that had not ended by then. */
const inOrderOfEnds = (departures: readonly Departure[]): readonly Departure[] =>
  departures.toSorted((a, b) => a.endSeconds - b.endSeconds);

/** Departures up to which each is tried to be left out again. */
const mostLeftOut = 8;

/** The first departures that suffice, without those of them that are not needed after all. */
function leastNeeded(
  replay: Replay,
  open: readonly Departure[],
  suffices: () => boolean,
): readonly Departure[] | undefined {
  const needed: Departure[] = [];
  const undos: Undo[] = [];
  let isEnough = false;
  for (const departure of open) {
    undos.push(...endIn(replay, departure));
    needed.push(departure);
    isEnough = suffices();
    if (isEnough) break;
  }
  for (const undo of undos.reverse()) undo();
  if (!isEnough) return undefined;
  if (needed.length > mostLeftOut) return needed;
  return needed.slice(0, -1).reduce<readonly Departure[]>((kept, candidate) => {
    const others = kept.filter((one) => one !== candidate);
    return supposingEnded(replay, others, suffices) ? others : kept;
  }, needed);
}

function supposingEnded(replay: Replay, departures: readonly Departure[], ask: () => boolean): boolean {
  const undos = departures.flatMap((departure) => endIn(replay, departure));
  const answer = ask();
  for (const undo of undos.reverse()) undo();
  return answer;
}

/** Plays the end of a migration, and of its confirm. */
function endIn({ request }: Replay, { server, isCold }: Departure): Undo[] {
  const { start } = request;
  const completed = start.apply({ kind: 'complete', server });
  return isCold ? [completed, start.apply({ kind: 'confirm', server })] : [completed];
}

/** Makes a migration wait for the end of a departure, unless every later request at the place does so anyway. */
function endFor(
  replay: Replay,
  ended: Map<string, WaitReason>,
  departure: Departure,
  reason: WaitReason,
  place?: Place,
): void {
  if (!departure.ended) {
    departure.ended = true;
    replay.undos.push(...endIn(replay, departure));
  }
  if (place?.known.has(departure) === true) return;
  place?.known.add(departure);
  if (!ended.has(departure.freedBy)) ended.set(departure.freedBy, reason);
}

function placeOf({ places }: Replay, host: HostId): Place {
  let place = places.get(host);
  if (place === undefined) {
    place = { departures: [], known: new Set(), lastRequest: undefined, lastCellularRequest: undefined };
    places.set(host, place);
  }
  return place;
}
