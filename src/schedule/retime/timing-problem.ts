import type { ServerId } from '../../model/ids.ts';
import { inboundLimit, outboundLimit, routeOf } from '../../replay/network.ts';
import { confirmSeconds, transferOf } from '../../replay/transfer/transfer.ts';
import { acceptedSeconds } from '../request-leg.ts';
import type { OrderedMigration, OrderedStep } from '../ordered.ts';
import type { OrderOptions, OrderRequest } from '../run.ts';
import type { Apart, Precedence, Resource, Task, TimetableProblem, Use } from '../timetable/problem.ts';
import type { Waiting } from './waits.ts';

/** What migrations hold for a time, with the words for who waits for it. */
export interface Held extends Use {
  readonly reason: string;
}

/** The slots and links that a migration holds from its request to its end. */
export type HeldBy = (step: OrderedMigration) => readonly Held[];

/** Capacities of all that is held, filled as it is asked for. */
export interface Holdings {
  readonly heldBy: HeldBy;
  readonly capacities: ReadonlyMap<string, number>;
}

export function createHoldings({ context: { cloud }, options }: OrderRequest): Holdings {
  const capacities = new Map<string, number>();
  const held = (resource: string, capacity: number, amount: number, reason: string): readonly Held[] => {
    if (!Number.isFinite(capacity)) return [];
    capacities.set(resource, capacity);
    return [{ resource, amount, reason }];
  };
  const slot = (way: 'outgoing' | 'incoming', host: string, limit: number): readonly Held[] =>
    held(
      `${way} ${host}`,
      limit,
      1,
      limit === 1
        ? `one ${way} migration of ${host} at a time`
        : `at most ${limit} ${way} migrations of ${host} at a time`,
    );
  const mostAtOnce = Math.max(1, options.maxParallel ?? Number.POSITIVE_INFINITY);
  return {
    capacities,
    heldBy: ({ arrival }) => {
      const { from, to, method } = arrival;
      const { mbps } = transferOf(arrival, cloud);
      const links = mbps > 0 ? routeOf(from, to, cloud, method).links : [];
      return [
        ...slot('outgoing', from, outboundLimit(cloud.hosts.get(from), cloud)),
        ...slot('incoming', to, inboundLimit(cloud)),
        ...links.flatMap(({ key, capacityMbps, label }) =>
          held(
            key,
            capacityMbps,
            mbps,
            `the ${label} is taken until then (${Math.round(capacityMbps)} Mbit/s)`,
          ),
        ),
        ...held('all', mostAtOnce, 1, `at most ${mostAtOnce} migrations at a time`),
      ];
    },
  };
}

/** The order as tasks: migrations with what legality makes them wait for, and confirms of cold ones. */
export function timingProblem(
  waits: readonly Waiting[],
  holdings: Holdings,
  { calendar, apart = [] }: OrderOptions,
): TimetableProblem {
  const tasks = waits.flatMap(({ step, freedBy, ended, requested }): readonly Task[] => {
    const { server, from, to } = step.arrival;
    const after = [
      ...[...ended.keys()].map(endOf),
      ...requested.map((task): Precedence => ({ task, kind: 'start', lagSeconds: acceptedSeconds })),
    ];
    const closed = calendar?.closed(server.id, from, to) ?? [];
    const migration = { ...migrationTask(step, after, holdings.heldBy), closed };
    return freedBy === step.id ? [migration] : [migration, confirmTask(freedBy, step.id)];
  });
  return { tasks, resources: resourcesOf(holdings), apart: apartSets(waits, apart) };
}

/** The migrations without what their order adds: no order of them is shorter than a bound of this. */
export function withoutOrder(
  steps: readonly OrderedStep[],
  holdings: Holdings,
  { calendar }: OrderOptions,
): TimetableProblem {
  const confirmed = new Map(steps.flatMap((step) => (step.kind === 'confirm' ? [[step.of, step.id]] : [])));
  const lastLegs = new Map<ServerId, string>();
  const tasks = steps.map((step): Task => {
    if (step.kind === 'confirm') return confirmTask(step.id, step.of);
    const { server, from, to } = step.arrival;
    const before = lastLegs.get(server.id);
    lastLegs.set(server.id, confirmed.get(step.id) ?? step.id);
    const task = migrationTask(step, before === undefined ? [] : [endOf(before)], holdings.heldBy);
    return { ...task, closed: calendar?.closed(server.id, from, to) ?? [] };
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

function apartSets(waits: readonly Waiting[], apart: OrderOptions['apart'] = []): readonly Apart[] {
  return apart.map(({ servers, gapSeconds }) => ({
    gapSeconds,
    tasks: waits.flatMap(({ step }) => (servers.includes(step.arrival.server.id) ? [step.id] : [])),
  }));
}
