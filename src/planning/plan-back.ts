import { createContext } from '../constraints/create-context.ts';
import type { Cloud } from '../model/cloud.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import { withMoves } from '../model/moved.ts';
import type { Goal } from '../objective/goal.ts';
import type { Plan, ServiceStep } from '../plan/plan.ts';
import { withPlanId } from '../plan/plan-id.ts';
import { isMigration } from '../plan/run-steps.ts';
import { timetableOf } from '../plan/timetable.ts';
import { verifyPlan } from '../plan/verify-plan.ts';
import { omit } from '../shared/omit.ts';
import { attempt } from './attempt.ts';
import { buildPlan } from './build-plan.ts';
import type { PlanningRequest } from './planning-request.ts';
import { startRun } from './start-run.ts';

/** A way back as a whole, or why there is none. */
export type BackOutcome =
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'impossible'; readonly because: readonly string[] };

/** Costs what its migrations cost; where servers run is not the goal's choice. */
const rollbackGoal: Goal = {
  name: 'rollback',
  description: 'brings servers back to where they were',
  spareHosts: 0,
  headroomPercent: 0,
  disableEmptied: false,
  terms: [{ kind: 'migration-cost', perMove: 32, perGiB: 1 }],
};

/**
 * The plan that brings servers to given hosts, ordered and verified as every plan is. Hosts that are to be enabled are
 * enabled first, and whoever goes there waits for that.
 *
 * @param enable hosts that are disabled now and were not before
 */
export function planBack(
  request: Omit<PlanningRequest, 'goal'>,
  homes: ReadonlyMap<ServerId, HostId>,
  enable: readonly HostId[],
  plannerVersion: string,
): BackOutcome {
  const { cloud } = request;
  const run = startRun({ ...request, cloud: withEnabled(cloud, enable), goal: rollbackGoal });
  const assignment = withMoves(run.problem.start, homes);
  const tried = attempt(run, assignment);
  if (tried.kind === 'refused') return { kind: 'impossible', because: [tried.because] };
  const solved = { kind: 'feasible', assignment, objective: 0, method: 'rollback', rounds: 1 } as const;
  const enabling = buildPlan(run, solved, tried, [], plannerVersion);
  const plan = enablingFirst(enabling, enable, run.context.profile.switches.microversions.service, cloud);
  const context = createContext(cloud, request.profile, request.cpuTable, request.options);
  const { ok, findings } = verifyPlan({ plan, context, rules: run.rules });
  if (ok) return { kind: 'planned', plan };
  return { kind: 'impossible', because: findings.map(({ step = 'the plan', text }) => `${step}: ${text}`) };
}

function withEnabled(cloud: Cloud, enable: readonly HostId[]): Cloud {
  const hosts = new Map(cloud.hosts);
  for (const id of enable) {
    const host = hosts.get(id);
    if (host !== undefined) hosts.set(id, { ...host, service: { ...host.service, status: 'enabled' } });
  }
  return { ...cloud, hosts };
}

function enablingFirst(plan: Plan, enable: readonly HostId[], microversion: string, cloud: Cloud): Plan {
  const enables = enable.map((host, index): ServiceStep => {
    const service = cloud.hosts.get(host)?.service;
    return {
      kind: 'enable-service',
      id: `e${index + 1}`,
      host,
      requestAfter: [],
      dependsOn: [],
      wave: 1,
      startSeconds: 0,
      endSeconds: 0,
      microversion,
      reason: `${host} was enabled before`,
      undo: { kind: 'possible', how: `disable nova-compute on ${host}`, until: 'any time', needs: [] },
      guards: [{ kind: 'service', host, status: 'disabled', state: service?.state ?? 'up' }],
      ...(service?.id !== undefined && { serviceId: service.id }),
    };
  });
  const enableOf = new Map(enables.map(({ host, id }) => [host, id]));
  const steps = plan.steps.map((step) => {
    const enabled = isMigration(step) ? enableOf.get(step.to) : undefined;
    if (enabled === undefined || !isMigration(step)) return step;
    const reason = `${step.to} is enabled before servers go there`;
    return { ...step, dependsOn: [{ step: enabled, reason }, ...step.dependsOn] };
  });
  const all = [...enables, ...steps];
  return withPlanId({ ...omit(plan, 'id'), steps: all, timetable: timetableOf(all, cloud, plan.timetable) });
}
