import { createContext } from '../constraints/create-context.ts';
import type { Assignment, Cloud } from '../model/cloud.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import { withMoves } from '../model/moved.ts';
import type { Goal } from '../objective/goal.ts';
import type { NotDone, Plan, ServiceStep } from '../plan/plan.ts';
import { withPlanId } from '../plan/plan-id.ts';
import { isMigration } from '../plan/run-steps.ts';
import { timetableOf } from '../plan/timetable.ts';
import { verifyPlan } from '../plan/verify-plan.ts';
import { omit } from '../shared/omit.ts';
import { attempt, type Ordered } from './attempt.ts';
import { buildPlan } from './build-plan.ts';
import type { PlanningRequest } from './planning-request.ts';
import type { Run } from './run.ts';
import { startRun } from './start-run.ts';

/** A way back as a whole, or why there is none. */
export type BackOutcome =
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'impossible'; readonly because: readonly string[] };

/** What a way back is for. */
export interface Purpose {
  /** Name of the goal; where servers run is not its choice. */
  readonly name: 'rollback' | 'undrain';
  /** Servers that find no way stay where they are, and the plan says so; else there is no plan. */
  readonly anyHow?: true;
}

/** Costs what its migrations cost. */
const goalOf = ({ name }: Purpose): Goal => ({
  name,
  description: 'brings servers back to where they were',
  spareHosts: 0,
  headroomPercent: 0,
  disableEmptied: false,
  terms: [{ kind: 'migration-cost', perMove: 32, perGiB: 1 }],
});

/**
 * The plan that brings servers to given hosts, ordered and verified as every plan is. Hosts that are to be enabled are
 * enabled first, and whoever goes there waits for that.
 *
 * @param enable hosts that are disabled now and were not before
 * @param purpose a rollback brings all of them back or none
 */
export function planBack(
  request: Omit<PlanningRequest, 'goal' | 'homes'>,
  homes: ReadonlyMap<ServerId, HostId>,
  enable: readonly HostId[],
  plannerVersion: string,
  purpose: Purpose = { name: 'rollback' },
): BackOutcome {
  const { cloud } = request;
  const run = startRun({ ...request, cloud: withEnabled(cloud, enable), goal: goalOf(purpose), homes });
  const found = orderedBack(run, homes, purpose.anyHow === true);
  if (found.kind === 'impossible') return found;
  const { assignment, ordered, left } = found;
  const solved = { kind: 'feasible', assignment, objective: 0, method: purpose.name, rounds: 1 } as const;
  const enabling = { ...buildPlan(run, solved, ordered, [], plannerVersion), notDone: left };
  const plan = enablingFirst(enabling, enable, run.context.profile.switches.microversions.service, cloud);
  const context = createContext(cloud, request.profile, request.cpuTable, request.options);
  const { ok, findings } = verifyPlan({ plan, context, rules: run.rules });
  if (ok) return { kind: 'planned', plan };
  return { kind: 'impossible', because: findings.map(({ step = 'the plan', text }) => `${step}: ${text}`) };
}

type Back =
  | {
      readonly kind: 'ordered';
      readonly assignment: Assignment;
      readonly ordered: Ordered;
      readonly left: readonly NotDone[];
    }
  | Extract<BackOutcome, { kind: 'impossible' }>;

/** All of them in order; where that may be, without those that find no turn, until the others do. */
function orderedBack(run: Run, homes: ReadonlyMap<ServerId, HostId>, anyHow: boolean): Back {
  const { start } = run.problem;
  const left: NotDone[] = [];
  let assignment: Assignment = withMoves(start, homes);
  for (;;) {
    const tried = attempt(run, assignment);
    if (tried.kind === 'ordered') return { kind: 'ordered', assignment, ordered: tried, left };
    const { because, without } = tried;
    const stuck = [...homes].filter(([id, home]) => assignment.get(id) === home && without?.get(id) !== home);
    if (!anyHow || without === undefined || stuck.length === 0)
      return { kind: 'impossible', because: [because] };
    for (const [id] of stuck) left.push(stayingAway(id, because, run));
    assignment = without;
  }
}

function stayingAway(id: ServerId, reason: string, { context, problem }: Run): NotDone {
  const host = problem.start.get(id);
  const serverName = context.cloud.servers.get(id)?.name ?? id;
  return { server: id, serverName, ...(host !== undefined && { host }), rule: 'order', reason };
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
      guards: [
        {
          ...{ kind: 'service', host, status: 'disabled', state: service?.state ?? 'up' },
          ...(service?.disabledReason !== undefined && { reason: service.disabledReason }),
        },
      ],
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
