import type { Arrival } from '../constraints/arrival.ts';
import { type RuleContext, storageOf } from '../constraints/context.ts';
import type { Rule } from '../constraints/rule.ts';
import { currentAssignment } from '../model/cloud.ts';
import type { Server } from '../model/server.ts';
import type { FoundFit } from '../nova/numa-fit.ts';
import type { MigrationVolume } from '../objective/evaluation.ts';
import { createObjective } from '../objective/evaluate.ts';
import { judgeArrival } from '../replay/legality.ts';
import { createState, type State } from '../replay/state.ts';
import { checkCalendar } from './check-calendar.ts';
import { checkCellOrder, checkExecutions } from './check-executions.ts';
import { checkFigures } from './check-figures.ts';
import { checkTimes } from './check-times.ts';
import { checkServices } from './check-services.ts';
import { checkLimits } from './check-limits.ts';
import { auditedPart } from './audited-part.ts';
import { auditAll, worsened } from './compare-violations.ts';
import type { Finding } from './finding.ts';
import type { Guard, MigrationStep, Plan } from './plan.ts';
import { isMigration, type RequestSeen, runSteps } from './run-steps.ts';
import { stepVolume } from './step-volume.ts';
import { summarise } from './summary.ts';
import { checkUndo } from './check-undo.ts';
import { checkTimetable } from './timetable-check.ts';

export interface Verification {
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  readonly stepsChecked: number;
  /** False when the plan was made from another inventory. */
  readonly figuresCompared: boolean;
}

/** What a plan is checked against: a cloud, and the rules of its release. */
export interface VerifyRequest {
  readonly plan: Plan;
  readonly context: RuleContext;
  readonly rules: readonly Rule[];
  /**
   * Digest of the inventory that the cloud was read from. Where it is not the one that the plan was made from, the
   * plan's figures are about another cloud and are not compared; legality is.
   */
  readonly inventoryDigest?: string;
}

/**
 * Replays a plan on a cloud and reports every difference: requests that a rule refuses, servers that are elsewhere,
 * NUMA cells that Nova would choose otherwise, violations made worse, and every figure of the summary and the
 * objective. Shares `nova`, `constraints` and `replay` with the planner, and nothing of `solve` or `schedule`.
 */
export function verifyPlan({ plan, context, rules, inventoryDigest }: VerifyRequest): Verification {
  const state = createState(context);
  const audited = auditedPart(plan, state);
  const before = auditAll(audited, rules);
  const start = currentAssignment(context.cloud);
  const findings: Finding[] = [];
  const volumes: MigrationVolume[] = [];

  const cellOrder = checkCellOrder(plan.steps, state, context);
  runSteps(plan.steps, state, context, (seen) => {
    findings.push(...judgeRequest(seen, state, context, rules));
    if (seen.arrival === undefined || !canHappen(seen.arrival, context)) return false;
    volumes.push(stepVolume(seen.step, seen.arrival.server, plan.basedOn.goal, context));
    return true;
  });

  const after = auditAll(audited, rules);
  const timetable = checkTimetable(plan, context.cloud);
  findings.push(
    ...unfinished(plan, state),
    ...worsened(before, after).map((violation): Finding => {
      const rule = rules.find((r) => r.id === violation.rule);
      const { measured, limit } = violation;
      return { code: 'violation-worse', text: rule?.describe(violation) ?? violation.rule, measured, limit };
    }),
    ...timetable,
    // What does not fit in its own times needs no other execution to be refused.
    ...(timetable.length === 0 ? [...cellOrder, ...checkExecutions(plan, context.cloud)] : []),
    ...checkCalendar(plan, context.cloud),
    ...checkServices(plan, context.cloud),
  );
  const summary = summarise(plan.steps, context, state, before.length, after.length);
  findings.push(...checkLimits(plan, summary, state));
  const figuresCompared = (inventoryDigest ?? plan.basedOn.inventoryDigest) === plan.basedOn.inventoryDigest;
  // On a stale cloud figures differ as a matter of course.
  if (figuresCompared && !findings.some((finding) => finding.code === 'stale')) {
    const value = createObjective(plan.basedOn.goal, context.cloud, context.demands).evaluate(
      start,
      state.assignment(),
      volumes,
    );
    findings.push(
      ...checkFigures(plan, value, summary),
      ...checkTimes(plan, context),
      ...checkUndo(plan.steps, context, rules),
    );
  }
  return { ok: findings.length === 0, findings, stepsChecked: plan.steps.length, figuresCompared };
}

/** Claims go to another host that exists, whatever rules say. */
const canHappen = ({ from, to }: Arrival, { cloud }: RuleContext): boolean =>
  from !== to && cloud.hosts.has(to);

function judgeRequest(
  { step, arrival }: RequestSeen,
  state: State,
  context: RuleContext,
  rules: readonly Rule[],
): readonly Finding[] {
  const busy = onItsWay(step, state);
  if (busy !== undefined) return [{ code: 'refused', step: step.id, text: busy }];
  const stale = staleness(step, state, context);
  if (stale !== undefined || arrival === undefined)
    return [{ code: 'stale', step: step.id, text: stale ?? `${step.serverName} is not on ${step.from}` }];
  const { refusals } = judgeArrival(arrival, state, rules);
  const refused = refusals.map(({ rule, text, measured, limit }): Finding => ({
    code: 'refused',
    step: step.id,
    text: `${rule}: ${text}`,
    measured,
    limit,
  }));
  if (refused.length > 0) return refused;
  const chosen = list(
    (state.predict(arrival.server.id, arrival.to, arrival.method)?.cells ?? []).map(showChosen),
  );
  const planned = list(step.predicted.cells.map(showPlanned));
  if (chosen === planned) return [];
  const text = `Nova would choose NUMA cells ${chosen}, the plan says ${planned}`;
  return [{ code: 'cells-differ', step: step.id, text }];
}

const showCell = (id: number, cpus: number, pageSizeKiB: number | undefined): string =>
  `${id} (${cpus} pinned CPUs${pageSizeKiB === undefined ? '' : `, pages of ${pageSizeKiB} KiB`})`;

const showChosen = ({
  hostCellId,
  pinnedCpuCount,
  reservedCpuCount,
  pageSizeKiB,
}: FoundFit['cells'][number]): string => showCell(hostCellId, pinnedCpuCount + reservedCpuCount, pageSizeKiB);

const showPlanned = ({
  hostCellId,
  pinnedCpuCount,
  pageSizeKiB,
}: MigrationStep['predicted']['cells'][number]) => showCell(hostCellId, pinnedCpuCount, pageSizeKiB);

/** The plan asks for a second migration of a server that may still be at its first. */
function onItsWay({ server, serverName }: MigrationStep, state: State): string | undefined {
  const claim = state.claimsOf(server).find(({ role }) => role === 'incoming');
  if (claim === undefined || !state.claimsOf(server).some(({ role }) => role === 'outgoing'))
    return undefined;
  return `${serverName} may still be on its way to ${claim.host}: nothing waits for it to arrive there`;
}

/** What of the step's server has changed since the plan was made. */
function staleness(step: MigrationStep, state: State, context: RuleContext): string | undefined {
  const server = context.cloud.servers.get(step.server);
  if (server === undefined) return `${step.serverName} was deleted`;
  const home = state.residentOn(step.server);
  if (home !== step.from)
    return `${step.serverName} now runs on ${home ?? 'no host'} (plan expects ${step.from})`;
  const storage = storageOf(server, context);
  if (storage !== step.storage)
    return `the storage of ${step.serverName} is ${storage} (plan expects ${step.storage})`;
  return step.guards.map((guard) => failedGuard(guard, server)).find((text) => text !== undefined);
}

function failedGuard(guard: Guard, { name, status, flavor }: Server): string | undefined {
  switch (guard.kind) {
    case 'server-flavor':
      return flavor.vcpus === guard.vcpus && flavor.memoryMiB === guard.memoryMiB
        ? undefined
        : `${name} was resized to ${flavor.vcpus} vCPUs and ${flavor.memoryMiB} MiB (plan expects ${guard.vcpus} and ${guard.memoryMiB})`;
    case 'server-status':
      return status === guard.status ? undefined : `${name} is ${status} (plan expects ${guard.status})`;
    case 'server-on-host':
    case 'service':
    case 'free':
    case 'group-members':
    case 'runs-only':
      return undefined; // the replay and the rules see to these
  }
}

function unfinished(plan: Plan, state: State): readonly Finding[] {
  const moved = new Map(plan.steps.filter(isMigration).map((step) => [step.server, step]));
  return [...moved.values()].flatMap((step): readonly Finding[] => {
    const claims = state.claimsOf(step.server);
    if (claims.length <= 1 || step.kind === 'evacuate') return [];
    return [
      {
        code: 'unfinished',
        step: step.id,
        text: `${step.serverName} still holds ${claims.map((c) => c.host).join(' and ')} at the end`,
      },
    ];
  });
}

const list = (items: readonly (string | number)[]): string =>
  items.length === 0 ? 'none' : items.join(', ');
