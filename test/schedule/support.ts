import type { RuleContext } from '../../src/constraints/context.ts';
import { rules } from '../../src/constraints/registry.ts';
import type { Rule } from '../../src/constraints/rule.ts';
import { hostId, serverId } from '../../src/model/ids.ts';
import { isLegal, judgeArrival } from '../../src/replay/legality.ts';
import { createState } from '../../src/replay/state.ts';
import { linksBetween } from '../../src/replay/network.ts';
import { orderMigrations } from '../../src/schedule/order.ts';
import type { OrderedMigration, OrderedStep, OrderOutcome } from '../../src/schedule/ordered.ts';
import type { OrderOptions, OrderRequest } from '../../src/schedule/run.ts';
import { transferOf } from '../../src/replay/transfer/transfer.ts';

export interface OrderOver {
  readonly closed?: readonly string[];
  readonly options?: Partial<OrderOptions>;
  readonly rules?: readonly Rule[];
}

/** To move some servers on a fresh state of the cloud; servers that are not named stay. */
export const requestOf = (
  context: RuleContext,
  target: Readonly<Record<string, string>>,
  over: OrderOver = {},
): OrderRequest => ({
  context,
  rules: over.rules ?? rules,
  start: createState(context),
  target: new Map(Object.entries(target).map(([server, host]) => [serverId(server), hostId(host)])),
  closed: new Set((over.closed ?? []).map(hostId)),
  options: { effort: 10_000, ...over.options },
});

/** Orders these moves. */
export const order = (
  context: RuleContext,
  target: Readonly<Record<string, string>>,
  over: OrderOver = {},
): OrderOutcome => orderMigrations(requestOf(context, target, over));

/** The steps of an order that must exist. */
export function stepsOf(outcome: OrderOutcome): readonly OrderedStep[] {
  if (outcome.kind === 'ordered') return outcome.steps;
  throw new Error(`no order: ${JSON.stringify(outcome)}`);
}

/** The migrations as people write them: `m1 a h1>h2`, with `+cold` and `+stop-over` where they are. */
export const trips = (outcome: OrderOutcome): readonly string[] =>
  stepsOf(outcome).map((step) => {
    if (step.kind === 'confirm') return `${step.id} confirm ${step.server}`;
    const { server, from, to, method } = step.arrival;
    return `${step.id} ${server.id} ${from}>${to}${method === 'live' ? '' : ` +${method}`}${step.stopOver ? ' +stop-over' : ''}`;
  });

export const migrationOf = (outcome: OrderOutcome, id: string): OrderedMigration => {
  const step = stepsOf(outcome).find((one) => one.id === id);
  if (step?.kind !== 'migrate') throw new Error(`no migration ${id}`);
  return step;
};

/**
 * Runs steps in an order of `choose`'s making that respects what they wait for and nothing else, and returns what went
 * wrong: times that break the steps' own waits, requests that rules refuse, other NUMA cells than foreseen, links and
 * slots overfilled, a wrong end.
 */
export function execute(
  steps: readonly OrderedStep[],
  context: RuleContext,
  target: ReadonlyMap<string, string>,
  choose: (count: number) => number,
  onRequest: (migrationsUnderWay: number) => void = () => undefined,
): readonly string[] {
  const state = createState(context);
  const problems: string[] = [...mistimed(steps)];
  const waiting = new Set(steps);
  const running = new Set<OrderedStep>();
  const requested = new Set<string>();
  const ended = new Set<string>();
  const mayStart = (step: OrderedStep): boolean =>
    step.dependsOn.every((one) => ended.has(one.step)) &&
    (step.kind === 'confirm' || step.requestAfter.every((one) => requested.has(one)));

  while (waiting.size + running.size > 0) {
    const choices = [...[...waiting].filter(mayStart), ...running];
    const step = choices[choose(choices.length)];
    if (step === undefined)
      return [...problems, `nothing can go on: ${[...waiting].map((one) => one.id).join()}`];
    if (running.delete(step)) {
      ended.add(step.id);
      if (step.kind === 'confirm') state.apply({ kind: 'confirm', server: step.server });
      else state.apply({ kind: 'complete', server: step.arrival.server.id });
      continue;
    }
    waiting.delete(step);
    running.add(step);
    requested.add(step.id);
    if (step.kind === 'confirm') continue;
    const { arrival, id } = step;
    const here = state.claimsOf(arrival.server.id).map((claim) => `${claim.role} ${claim.host}`);
    if (here.join() !== `resident ${arrival.from}`) return [...problems, `${id}: server is ${here.join()}`];
    if (!isLegal(arrival, state, rules))
      problems.push(
        `${id}: ${judgeArrival(arrival, state, rules)
          .refusals.map((no) => no.text)
          .join('; ')}`,
      );
    const fit = state.predict(arrival.server.id, arrival.to, arrival.method);
    if (JSON.stringify(fit) !== JSON.stringify(step.fit)) problems.push(`${id}: other cells than foreseen`);
    state.apply({ kind: 'request', arrival });
    problems.push(...overfilled(running, context));
    onRequest([...running].filter((one) => one.kind === 'migrate').length);
  }
  const at = state.assignment();
  for (const [server, host] of target)
    if (at.get(serverId(server)) !== host)
      problems.push(`${server} ends on ${at.get(serverId(server)) ?? 'no host'}`);
  return problems;
}

/** Steps that start before one that they wait for has ended, or has been requested. */
function mistimed(steps: readonly OrderedStep[]): readonly string[] {
  const stepOf = new Map(steps.map((step) => [step.id, step]));
  return steps.flatMap((step) => {
    const ends = step.dependsOn.map((one) => ({ id: one.step, from: stepOf.get(one.step)?.endSeconds }));
    const requests = step.kind === 'confirm' ? [] : step.requestAfter;
    const starts = requests.map((id) => ({ id, from: stepOf.get(id)?.startSeconds }));
    return [...ends, ...starts]
      .filter(({ from }) => step.startSeconds < (from ?? Infinity))
      .map(
        ({ id, from }) =>
          `${step.id} starts at ${step.startSeconds}, ${id} allows it from ${from ?? 'never'}`,
      );
  });
}

function overfilled(running: ReadonlySet<OrderedStep>, { cloud }: RuleContext): readonly string[] {
  const migrations = [...running].filter((step) => step.kind === 'migrate');
  const crowded = [...cloud.hosts.values()].flatMap((host) => {
    const out = migrations.filter((step) => step.arrival.from === host.id).length;
    const into = migrations.filter((step) => step.arrival.to === host.id).length;
    const limit = (host.config?.maxConcurrentLiveMigrations ?? cloud.config.maxConcurrentLiveMigrations)
      .value;
    return [
      ...(out > limit ? [`${out} migrations leave ${host.id}`] : []),
      ...(into > (cloud.networkLimits?.maxInbound ?? Infinity)
        ? [`${into} migrations come to ${host.id}`]
        : []),
    ];
  });
  const taken = new Map<string, number>();
  const full: string[] = [];
  for (const { arrival } of migrations) {
    const { mbps } = transferOf(arrival, cloud);
    for (const { key, capacityMbps } of mbps > 0 ? linksBetween(arrival.from, arrival.to, cloud) : []) {
      const sum = (taken.get(key) ?? 0) + mbps;
      taken.set(key, sum);
      if (sum > capacityMbps + 1e-6) full.push(`${key} carries ${sum} Mbit/s`);
    }
  }
  return [...crowded, ...full];
}
