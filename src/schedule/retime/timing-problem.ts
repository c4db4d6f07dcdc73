import type { Interval } from '../../replay/calendar/intervals.ts';
import type { ServerId } from '../../model/ids.ts';
import { acceptedSeconds } from '../../replay/limits.ts';
import { confirmSeconds, transferOf } from '../../replay/transfer/transfer.ts';
import { type Held, heldBy } from '../holdings.ts';
import type { OrderedMigration, OrderedStep } from '../ordered.ts';
import type { OrderOptions, OrderRequest } from '../run.ts';
import type { Apart, Precedence, Resource, Task, TimetableProblem } from '../timetable/problem.ts';
import type { Waiting } from './waits.ts';

/** The slots and links that a migration holds from its request to its end. */
export type HeldBy = (step: OrderedMigration) => readonly Held[];

/** Capacities of all that is held, filled as it is asked for. */
export interface Holdings {
  readonly heldBy: HeldBy;
  readonly capacities: ReadonlyMap<string, number>;
}

export function createHoldings({ context: { cloud }, options }: OrderRequest): Holdings {
  const capacities = new Map<string, number>();
  return {
    capacities,
    heldBy: ({ arrival }) => {
      const held = heldBy(arrival, transferOf(arrival, cloud).mbps, cloud, options.maxParallel);
      for (const { resource, capacity } of held) capacities.set(resource, capacity);
      return held;
    },
  };
}

/** The order as tasks: migrations with what legality makes them wait for, and confirms of cold ones. */
export function timingProblem(
  waits: readonly Waiting[],
  holdings: Holdings,
  request: OrderRequest,
): TimetableProblem {
  const { options } = request;
  const closedTimes = closedTimesOf(options);
  const tasks = waits.flatMap(({ step, freedBy, ended, requested }): readonly Task[] => {
    const after = [
      ...[...ended.keys()].map(endOf),
      ...requested.map((task): Precedence => ({ task, kind: 'start', lagSeconds: acceptedSeconds })),
    ];
    const migration = {
      ...migrationTask(step, after, holdings.heldBy),
      closed: closedTimes(step),
      rank: options.rankOf?.(step.arrival.server.id) ?? 0,
    };
    return freedBy === step.id ? [migration] : [migration, confirmTask(freedBy, step.id)];
  });
  return { tasks, resources: resourcesOf(holdings), apart: apartSets(waits, request) };
}

/** The migrations without what their order adds: no order of them is shorter than a bound of this. */
export function withoutOrder(
  steps: readonly OrderedStep[],
  holdings: Holdings,
  options: OrderOptions,
): TimetableProblem {
  const confirmed = new Map(steps.flatMap((step) => (step.kind === 'confirm' ? [[step.of, step.id]] : [])));
  const lastLegs = new Map<ServerId, string>();
  const closedTimes = closedTimesOf(options);
  const tasks = steps.map((step): Task => {
    if (step.kind === 'confirm') return confirmTask(step.id, step.of);
    const { server } = step.arrival;
    const before = lastLegs.get(server.id);
    lastLegs.set(server.id, confirmed.get(step.id) ?? step.id);
    const task = migrationTask(step, before === undefined ? [] : [endOf(before)], holdings.heldBy);
    return { ...task, closed: closedTimes(step) };
  });
  return { tasks, resources: resourcesOf(holdings) };
}

const endOf = (task: string): Precedence => ({ task, kind: 'end', lagSeconds: 0 });

const resourcesOf = ({ capacities }: Holdings): readonly Resource[] =>
  [...capacities].map(([name, capacity]) => ({ name, capacity }));

const migrationTask = (step: OrderedMigration, after: readonly Precedence[], heldBy: HeldBy): Task => ({
  id: step.id,
  seconds: step.seconds.expected,
  uses: heldBy(step),
  after,
});

const confirmTask = (id: string, of: string): Task => ({
  id,
  seconds: confirmSeconds,
  uses: [],
  after: [endOf(of)],
});

/**
 * When a migration must not be under way: a cold one is to be confirmed in the same open time. Equal for migrations with
 * the same times in the calendar, down to the list itself: bounds compare each list only once.
 */
function closedTimesOf({ calendar }: OrderOptions): (step: OrderedMigration) => readonly Interval[] {
  const none: readonly Interval[] = [];
  const ofCold = new WeakMap<readonly Interval[], readonly Interval[]>();
  return ({ arrival }) => {
    const closed = calendar?.closed(arrival.server.id, arrival.from, arrival.to) ?? none;
    if (arrival.method !== 'cold') return closed;
    const known = ofCold.get(closed) ?? withConfirm(closed);
    ofCold.set(closed, known);
    return known;
  };
}

/** Each interval begins earlier by as long as a confirm takes. */
const withConfirm = (closed: readonly Interval[]): readonly Interval[] =>
  closed.map(({ from, to }, index) => ({
    from: Math.max(closed[index - 1]?.to ?? 0, from - confirmSeconds),
    to,
  }));

/** Members of server groups, where the operator wants them apart in time. */
function apartSets(
  waits: readonly Waiting[],
  { context, options: { apartSeconds } }: OrderRequest,
): readonly Apart[] {
  if (apartSeconds === undefined) return [];
  return [...context.cloud.groups.values()].map(({ members }) => {
    const together = new Set(members);
    const moving = waits.filter(({ step }) => together.has(step.arrival.server.id));
    return { gapSeconds: apartSeconds, tasks: moving.map(({ step }) => step.id) };
  });
}
