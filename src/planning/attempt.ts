import type { Violation } from '../constraints/rule.ts';
import { surviveHostLoss } from '../constraints/rules/survive-host-loss.ts';
import type { Assignment } from '../model/cloud.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import { auditAll, worsened } from '../plan/compare-violations.ts';
import { concernedView, type Touched } from '../plan/touched.ts';
import { createState, type State } from '../replay/state.ts';
import { explainDeadlock } from '../schedule/explain-deadlock.ts';
import { orderMigrations } from '../schedule/order.ts';
import {
  type Deadlock,
  isShut,
  type OrderedStep,
  type OrderOutcome,
  type Timing,
} from '../schedule/ordered.ts';
import type { OrderRequest } from '../schedule/run.ts';
import type { NoGood } from '../solve/placement-problem.ts';
import { groupBy } from '../shared/collections.ts';
import { emptiedWholly } from './emptied-wholly.ts';
import { emptiedHosts, leftEmpty } from './emptied.ts';
import { rankByImportance } from './importance.ts';
import { noGoodsOf } from './no-goods.ts';
import { isAsGood, rankBy } from './preferences.ts';
import type { PlanningOptions } from './planning-request.ts';
import type { Run } from './run.ts';

/** Steps in the order of their requests, and how short such an order could be. */
export interface Ordered {
  readonly steps: readonly OrderedStep[];
  /** Absent where there is nothing to do. */
  readonly timing?: Timing;
}

/** An assignment in an order that rules allow, or what the solver must not propose again. */
export type Attempt =
  | ({ readonly kind: 'ordered' } & Ordered)
  | {
      readonly kind: 'refused';
      readonly noGoods: readonly NoGood[];
      readonly because: string;
      /** Who deadlocks, whether an order exists at all, and what would help: worth its time only at the end. */
      readonly explain?: () => string;
      /** The search is to keep more room for the loss of a host. */
      readonly wantsSpareRoom?: true;
      /** The same assignment without the moves that found no turn; absent where moves are not to be left out. */
      readonly without?: Assignment;
    };

const spareRoomRule = surviveHostLoss().id;

/** Questions to the rules that one unit of effort allows the ordering. */
const questionsPerEffort = 2000;

/** Orders an assignment, and checks the rules that hold at its end. */
export function attempt(run: Run, target: Assignment): Attempt {
  const { context, problem, request } = run;
  const { options, goal } = request;
  const closed = new Set([
    ...(goal.disableEmptied ? leftEmpty(problem.start, new Set(target.values())) : []),
    ...options.drain,
  ]);
  const asked = requestOf(run, target, closed);
  const order = orderAsWished(asked, options);
  if (order.kind === 'ordered') return checkEnd(run, order);
  const words = order.stuck.map(
    ({ server, to, text }) => `${context.cloud.servers.get(server)?.name ?? server} to ${to}: ${text}`,
  );
  const stuck = new Set(order.stuck.map(({ server }) => server));
  const without = new Map(
    [...target].map(([id, to]) => [id, stuck.has(id) ? (problem.start.get(id) ?? to) : to]),
  );
  return {
    kind: 'refused',
    noGoods: noGoodsOf(order, target, run),
    because: words.join('; '),
    ...(!isShut(order) && { explain: () => wordsOf(explainDeadlock(asked, order), run) }),
    ...(emptiedWholly(options).length === 0 && stuck.size > 0 && { without }),
  };
}

/** A deadlock in a sentence or a few. */
function wordsOf({ exists, core = [], releases = [] }: Deadlock, { context }: Run): string {
  const nameOf = (id: ServerId): string => context.cloud.servers.get(id)?.name ?? id;
  const moves = core.map(({ server, to, text }) => `${nameOf(server)} to ${to} (${text})`);
  const [first] = moves;
  return [
    exists === 'no'
      ? 'no order exists, whatever servers step aside'
      : 'the effort ended before it was known whether an order exists',
    ...(first === undefined ? [] : [`these alone cannot all be made: ${moves.join(', ')}`]),
    ...(releases.length === 0 ? [] : [`what would help: ${releases.join('; or ')}`]),
  ].join('. ');
}

function requestOf(run: Run, target: Assignment, closed: ReadonlySet<HostId>): OrderRequest {
  const { context, rules, request, calendar } = run;
  const { options } = request;
  const start = createState(context);
  for (const host of closed) start.apply({ kind: 'service', host, status: 'disabled' });
  return {
    context,
    rules,
    start,
    target,
    closed,
    options: {
      effort: options.effort * questionsPerEffort,
      ...(options.maxParallel !== undefined && { maxParallel: options.maxParallel }),
      ...(options.apartSeconds !== undefined && { apartSeconds: options.apartSeconds }),
      ...(calendar !== undefined && { calendar }),
    },
  };
}

/** By the operator's preferences where that costs nothing, else as fast as can be. */
function orderAsWished(asked: OrderRequest, { prefer, important = [] }: PlanningOptions): OrderOutcome {
  const { evacuated, cloud } = asked.context;
  const importance = evacuated === undefined ? undefined : rankByImportance(evacuated, important, cloud);
  const plain = importance === undefined ? orderMigrations(asked) : orderByImportance(asked, importance);
  if (prefer === undefined || plain.kind !== 'ordered') return plain;
  const preferred = rankBy(prefer, plain.steps);
  const rankOf = (server: ServerId): number =>
    (importance?.(server) ?? 0) * plain.steps.length + preferred(server);
  const wished = orderMigrations({ ...asked, options: { ...asked.options, rankOf } });
  return isAsGood(wished, plain) ? wished : plain;
}

/** The most important first, whatever time that costs, unless only another order gets all of them there. */
function orderByImportance(asked: OrderRequest, rankOf: (server: ServerId) => number): OrderOutcome {
  const ranked = orderMigrations({ ...asked, options: { ...asked.options, rankOf } });
  return ranked.kind === 'ordered' ? ranked : orderMigrations(asked);
}

/**
 * Rules that hold at the end only are not asked at requests; what they refuse is never legal, whatever the order.
 * Forced migrations pass others on their way, which must not be broken by it in the end either.
 */
function checkEnd(run: Run, ordered: Ordered): Attempt {
  const { steps } = ordered;
  const forced = steps.some((step) => step.kind === 'migrate' && step.arrival.forced === true);
  const rules = forced ? run.rules : run.rules.filter((rule) => rule.holds === 'end');
  const end = createState(run.context);
  const audited = concernedView(end, touchedBy(steps), run.request.options);
  const before = auditAll(audited, rules);
  for (const step of steps) play(step, end);
  const { disabled, reEnabled } = emptiedHosts(run, steps);
  for (const host of disabled)
    if (!reEnabled.includes(host)) end.apply({ kind: 'service', host, status: 'disabled' });
  const worse = worsened(before, auditAll(audited, rules));
  if (worse.length === 0) return checkVolume(run, ordered);
  return {
    kind: 'refused',
    noGoods: worse.flatMap((violation) => noGoodsOfEnd(violation, end.assignment())),
    because: worse.map((v) => rules.find((rule) => rule.id === v.rule)?.describe(v) ?? v.rule).join('; '),
    ...(worse.some(({ rule }) => rule === spareRoomRule) && { wantsSpareRoom: true }),
  };
}

/** Of a group that is split over hosts no host is to blame: some other way of placing each part is looked for. */
function noGoodsOfEnd({ host, servers }: Violation, end: Assignment): readonly NoGood[] {
  if (host !== undefined) return servers.length === 0 ? [] : [{ host, servers, proven: true }];
  const parts = groupBy(servers, (server) => end.get(server));
  return [...parts].flatMap(([at, together]) =>
    at === undefined ? [] : [{ host: at, servers: together, proven: false }],
  );
}

/** Stop-overs copy a server twice, which the solver did not count. */
function checkVolume({ request, problem }: Run, ordered: Ordered): Attempt {
  const { maxGiB } = request.options;
  let gib = 0;
  for (const step of ordered.steps) {
    if (step.kind !== 'migrate') continue;
    const { memoryMiB, diskGiB } = problem.volumeOf(step.arrival.server.id);
    gib += memoryMiB / 1024 + diskGiB;
  }
  if (maxGiB === undefined || gib <= maxGiB) return { ...ordered, kind: 'ordered' };
  return { kind: 'refused', noGoods: [], because: `stop-overs make it ${gib} GiB to copy, limit ${maxGiB}` };
}

function touchedBy(steps: readonly OrderedStep[]): Touched {
  const servers = new Set<ServerId>();
  const hosts = new Set<HostId>();
  for (const step of steps) {
    if (step.kind !== 'migrate') continue;
    servers.add(step.arrival.server.id);
    hosts.add(step.arrival.from).add(step.arrival.to);
  }
  return { servers, hosts };
}

function play(step: OrderedStep, state: State): void {
  if (step.kind === 'confirm') {
    state.apply({ kind: 'confirm', server: step.server });
    return;
  }
  state.apply({ kind: 'request', arrival: step.arrival });
  state.apply({ kind: 'complete', server: step.arrival.server.id });
}
