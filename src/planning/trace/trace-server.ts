import type { RuleContext } from '../../constraints/context.ts';
import type { Rule } from '../../constraints/rule.ts';
import type { HostId } from '../../model/ids.ts';
import type { Server } from '../../model/server.ts';
import { criticalChain } from '../../plan/critical-chain.ts';
import type { MigrationStep, Plan, Step } from '../../plan/plan.ts';
import { isMigration, runSteps } from '../../plan/run-steps.ts';
import { createState, type State } from '../../replay/state.ts';
import type { Explanation } from '../explain/explanation.ts';
import { explainServer } from '../explain/explain.ts';
import { type Alternatives, alternativesOf } from './alternatives.ts';
import type { Alternative, LegTrace, PlanTrace, Stays, TraceLink } from './plan-trace.ts';

/** What is asked of a plan, and the cloud and rules that judge it. */
export interface TraceRequest {
  readonly plan: Plan;
  readonly server: Server;
  readonly context: RuleContext;
  readonly rules: readonly Rule[];
  /** Digest of the inventory that the cloud was read from. */
  readonly inventoryDigest: string;
}

/** What a plan does with one server, and why: every host is asked in the state of the instant of each request. */
export function traceServer({ plan, server, context, rules, inventoryDigest }: TraceRequest): PlanTrace {
  const state = createState(context);
  const ask = (from: HostId | undefined): Explanation =>
    explainServer(
      { server: { ...server, ...(from !== undefined && { host: from }) }, rules, warnings: [] },
      state,
    );
  const today = ask(server.host);
  const answers = new Map<string, Explanation>();
  runSteps(plan.steps, state, context, ({ step, arrival }) => {
    if (arrival === undefined || arrival.from === arrival.to || !context.cloud.hosts.has(arrival.to))
      return false;
    if (step.server === server.id) answers.set(step.id, ask(step.from));
    return true;
  });
  const end = state.assignment();
  const alternatives = alternativesOf(plan, end, context);
  const steps = plan.steps.filter(isMigration).filter((step) => step.server === server.id);
  const legs = steps.map((step) => legOf(step, answers.get(step.id), plan, server, alternatives));
  const staying = alternatives.staying(server);
  return {
    plan: plan.id,
    goal: plan.basedOn.goal.name,
    server: today.server,
    otherInventory: inventoryDigest !== plan.basedOn.inventoryDigest,
    legs,
    ...(staying !== undefined && { staying }),
    ...(legs.length === 0 && { stays: staysOf(plan, server, ask(server.host), alternatives, state) }),
  };
}

function legOf(
  step: MigrationStep,
  hosts: Explanation | undefined,
  plan: Plan,
  server: Server,
  alternatives: Alternatives,
): LegTrace {
  const { id, kind, from, to, stopOver, startSeconds, endSeconds, reason, undo } = step;
  const leg = { step: id, method: kind, from, to, stopOver, startSeconds, endSeconds, reason, undo };
  const chain = criticalChain(plan, id).map((link): TraceLink => {
    const { step: at, ...rest } = link;
    return {
      ...rest,
      step: at.id,
      what: doing(at),
      startSeconds: at.startSeconds,
      endSeconds: at.endSeconds,
    };
  });
  if (hosts === undefined) return { ...leg, chain, stale: `${server.name} is not on ${from} then` };
  return {
    ...leg,
    chain,
    hosts,
    ...(!stopOver && { second: secondBest(server, hosts, step, alternatives) ?? { kind: 'none' } }),
  };
}

/** Of the other hosts that took it, by the same method first where they are as good; staying is another question. */
function secondBest(
  server: Server,
  { hosts }: Explanation,
  { kind, from, to }: MigrationStep,
  alternatives: Alternatives,
): Alternative | undefined {
  const others = hosts.filter(
    ({ host, verdict }) => verdict === 'yes' && host !== to && host !== server.host,
  );
  const alike = others.toSorted((a, b) => Number(b.method === kind) - Number(a.method === kind));
  return alternatives.best(server, alike, from, true);
}

function staysOf(
  plan: Plan,
  server: Server,
  hosts: Explanation,
  alternatives: Alternatives,
  state: State,
): Stays {
  const notDone = plan.notDone.find((entry) => entry.server === server.id);
  const home = state.assignment().get(server.id);
  const takers = hosts.hosts.filter(({ verdict }) => verdict === 'yes');
  const best = home === undefined ? undefined : alternatives.best(server, takers, home, false);
  return { ...(notDone !== undefined && { notDone }), hosts, ...(best !== undefined && { best }) };
}

/** What a step does, in words. */
function doing(step: Step): string {
  switch (step.kind) {
    case 'live':
    case 'cold':
    case 'evacuate':
      return `${step.kind} ${step.serverName} from ${step.from} to ${step.to}`;
    case 'confirm':
    case 'stop':
    case 'start':
      return `${step.kind} ${step.serverName}`;
    case 'disable-service':
      return `disable ${step.host}`;
    case 'enable-service':
      return `enable ${step.host}`;
    case 'wait':
      return `wait ${step.seconds} s`;
  }
}
