import type { HostId } from '../model/ids.ts';
import { capacityUnits } from '../nova/placement-capacity.ts';
import { compareText, groupBy } from '../shared/collections.ts';
import type { Ask } from './ways.ts';
import { firstDifference } from './first-difference.ts';
import { relocate, type Relocation, supposing } from './hypothesis.ts';
import type { Leg } from './lane.ts';
import type { Run } from './run.ts';

/** How often one server may be sent through a bypass host. */
const maxStopOvers = 3;
/** Bypass hosts looked at, and kept, for one server. */
const bypassesTried = 256;
const bypassesKept = 3;
/** Ways out of one deadlock that are kept for a second try. */
const escapesKept = 6;
/** Moves that are played through to compare ways out. */
const movesPlayed = 4000;

/** A server that is sent through a bypass host. */
export interface Detour {
  readonly leg: Leg;
  readonly by: HostId;
}

/** Stop-overs after which at least one move of a deadlock becomes legal. */
export interface Escape {
  readonly detours: readonly Detour[];
}

/**
 * Ways out of a deadlock, best first: those after which the fewest moves are stuck when all others have gone as far
 * as they can, then the fewest stop-overs, then the least memory that travels twice.
 */
export function findEscapes(run: Run, legs: readonly Leg[], ask: Ask): readonly Escape[] {
  const ranking = rankBypasses(run);
  const leaving = groupBy(legs, (leg) => leg.from);
  const escapes: Escape[] = [];
  for (const [host, waiting] of groupBy(legs, (leg) => leg.target)) {
    const departures = (leaving.get(host) ?? [])
      .filter((leg) => leg.stopOvers < maxStopOvers)
      .sort((a, b) =>
        firstDifference(
          a.server.flavor.memoryMiB - b.server.flavor.memoryMiB,
          compareText(a.server.id, b.server.id),
        ),
      );
    if (departures.length === 0) continue;
    const single = singleEscapes(run, departures, waiting, ranking, ask);
    if (single.length > 0) escapes.push(...single);
    else escapes.push(...jointEscape(run, departures, waiting, ranking, ask));
  }
  return compareByPlay(run, legs, escapes.sort(byCost), ask).slice(0, escapesKept);
}

/** Hosts that may be passed through: those that nobody waits for first, then those with the most free memory. */
export function rankBypasses(run: Run): readonly HostId[] {
  const { context, closed } = run.request;
  const waitedFor = new Set([...run.pending].map((leg) => leg.target));
  const hosts = [...context.cloud.hosts.values()].filter((host) => !closed.has(host.id));
  const ranked = hosts.map((host) => {
    let free = 0;
    for (const provider of host.providers) {
      const memory = provider.inventories.get('MEMORY_MB');
      if (memory !== undefined) free += capacityUnits(memory) - run.state.used(provider.id, 'MEMORY_MB');
    }
    return { id: host.id, free, waitedFor: waitedFor.has(host.id) };
  });
  return ranked
    .sort((a, b) =>
      firstDifference(Number(a.waitedFor) - Number(b.waitedFor), b.free - a.free, compareText(a.id, b.id)),
    )
    .map((host) => host.id);
}

function bypassesOf(leg: Leg, ranking: readonly HostId[], ask: Ask, keep: number): readonly HostId[] {
  const found: HostId[] = [];
  let tried = 0;
  for (const by of ranking) {
    if (by === leg.from || by === leg.target) continue;
    if (found.length === keep || tried === bypassesTried) break;
    tried += 1;
    if (ask({ server: leg.server, from: leg.from, to: by }) !== undefined) found.push(by);
  }
  return found;
}

function singleEscapes(
  run: Run,
  departures: readonly Leg[],
  waiting: readonly Leg[],
  ranking: readonly HostId[],
  ask: Ask,
): readonly Escape[] {
  return departures.flatMap((leg) =>
    bypassesOf(leg, ranking, ask, bypassesKept)
      .map((by) => ({ detours: [{ leg, by }] }))
      .filter((escape) => opens(run, escape, waiting, ask)),
  );
}

/** Sends departures away, the smallest first, until somebody may come; those that need not have gone stay. */
function jointEscape(
  run: Run,
  departures: readonly Leg[],
  waiting: readonly Leg[],
  ranking: readonly HostId[],
  ask: Ask,
): readonly Escape[] {
  const undos: (() => void)[] = [];
  let detours: Detour[] = [];
  let opened = false;
  for (const leg of departures) {
    const [by] = bypassesOf(leg, ranking, ask, 1);
    if (by === undefined) continue;
    detours.push({ leg, by });
    undos.push(relocate(run.state, { server: leg.server, from: leg.from, to: by }));
    opened = waiting.some((one) => one !== leg && mayArrive(one, ask));
    if (opened) break;
  }
  for (const undo of undos.reverse()) undo();
  if (!opened) return [];
  for (const detour of detours.slice(0, -1)) {
    const fewer = detours.filter((other) => other !== detour);
    if (opens(run, { detours: fewer }, waiting, ask)) detours = fewer;
  }
  return [{ detours }];
}

const mayArrive = ({ server, from, target }: Leg, ask: Ask): boolean =>
  ask({ server, from, to: target }) !== undefined;

function opens(run: Run, { detours }: Escape, waiting: readonly Leg[], ask: Ask): boolean {
  const gone = new Set(detours.map((detour) => detour.leg));
  return supposing(run.state, detours.map(relocationOf), () =>
    waiting.some((leg) => !gone.has(leg) && mayArrive(leg, ask)),
  );
}

export const relocationOf = ({ leg, by }: Detour): Relocation => ({
  server: leg.server,
  from: leg.from,
  to: by,
});

const byCost = (a: Escape, b: Escape): number =>
  firstDifference(
    a.detours.length - b.detours.length,
    memoryOf(a) - memoryOf(b),
    compareText(nameOf(a), nameOf(b)),
  );

const memoryOf = ({ detours }: Escape): number =>
  detours.reduce((sum, { leg }) => sum + leg.server.flavor.memoryMiB, 0);

const nameOf = ({ detours }: Escape): string =>
  detours.map(({ leg, by }) => `${leg.server.id} ${by}`).join(' ');

/** Plays the moves on after each of the first escapes and sorts these by how many are left; the rest stay behind. */
function compareByPlay(
  run: Run,
  legs: readonly Leg[],
  escapes: readonly Escape[],
  ask: Ask,
): readonly Escape[] {
  const count = Math.min(escapes.length, Math.max(2, Math.floor(movesPlayed / legs.length)));
  if (count < 2) return escapes;
  const played = escapes
    .slice(0, count)
    .map((escape) => ({ escape, left: leftAfter(run, legs, escape, ask) }));
  return [...played.sort((a, b) => a.left - b.left).map((one) => one.escape), ...escapes.slice(count)];
}

/** How many moves are stuck when after the escape everybody has gone as far as possible, one after the other. */
function leftAfter(run: Run, legs: readonly Leg[], { detours }: Escape, ask: Ask): number {
  const parked = new Map(detours.map(({ leg, by }) => [leg, by]));
  return supposing(run.state, detours.map(relocationOf), () => {
    const undos: (() => void)[] = [];
    let left = legs.map((leg) => ({ server: leg.server, from: parked.get(leg) ?? leg.from, to: leg.target }));
    for (let before = left.length + 1; left.length > 0 && left.length < before;) {
      before = left.length;
      left = left.filter((trip) => {
        if (ask(trip) === undefined) return true;
        undos.push(relocate(run.state, trip));
        return false;
      });
    }
    for (const undo of undos.reverse()) undo();
    return left.length;
  });
}
