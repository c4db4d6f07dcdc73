import { currentAssignment } from '../model/cloud.ts';
import { auditedPart } from '../plan/audited-part.ts';
import { auditAll } from '../plan/compare-violations.ts';
import type { Plan } from '../plan/plan.ts';
import { planId } from '../plan/plan-id.ts';
import { isMigration, runSteps } from '../plan/run-steps.ts';
import { stepVolume } from '../plan/step-volume.ts';
import { timetableOf } from '../plan/timetable.ts';
import { summarise } from '../plan/summary.ts';
import { withUndo } from '../plan/undo.ts';
import { judgeArrival } from '../replay/legality.ts';
import { createState } from '../replay/state.ts';
import type { SolveOutcome } from '../solve/placement-problem.ts';
import type { Ordered } from './attempt.ts';
import { assumptionsOf, type AssumedOf } from './assumptions.ts';
import { calendarWarnings } from './calendar-warnings.ts';
import { emptiedHosts } from './emptied.ts';
import { evacuationWarnings } from './evacuation-warnings.ts';
import { hostLossWarnings } from './host-loss-warnings.ts';
import type { KnownBounds } from './known-bounds.ts';
import { notDone } from './not-done.ts';
import { proofOf } from './proof-of.ts';
import type { Run } from './run.ts';
import { createRoomNotes } from './reasons/room.ts';
import { withReasons } from './reasons/reasons.ts';
import { planSteps } from './steps.ts';
import { createStepNotices, warningsOf } from './warnings.ts';

type Solved = Extract<SolveOutcome, { kind: 'optimal' | 'feasible' }>;

/** The document of an ordered assignment; its figures are those of the replayed end state. */
export function buildPlan(
  run: Run,
  solved: Solved,
  { steps: ordered, timing }: Ordered,
  bounds: KnownBounds,
  version: string,
): Plan {
  const { context, rules, request } = run;
  const emptied = emptiedHosts(run, ordered);
  const bare = planSteps(ordered, emptied.disabled, emptied.reEnabled, {
    context,
    enabledAgain: (host) =>
      request.options.reEnable ? `${host} is to take servers again` : `${host} stays as a spare of its zone`,
    disabledReason: `planner: ${request.goal.name} of the cloud captured at ${context.cloud.capturedAt}`,
  });
  const undone = withUndo(bare, context, rules);
  const state = createState(context);
  const based = basedOn(run, solved, version);
  const audited = auditedPart({ steps: undone, basedOn: based }, state);
  const before = auditAll(audited, rules);
  const start = currentAssignment(context.cloud);
  const assumed: AssumedOf[] = [];
  const notices = createStepNotices();
  const room = createRoomNotes(rules);
  runSteps(undone, state, context, ({ step, arrival }) => {
    if (arrival === undefined) return false;
    const { server } = arrival;
    notices.ask(step.id, arrival, state);
    room.ask(step, arrival, state);
    assumed.push(...judgeArrival(arrival, state, rules).assumed.map((by) => ({ server: server.id, by })));
    return true;
  });
  const after = auditAll(audited, rules);
  const end = state.assignment();
  const volumes = undone.filter(isMigration).flatMap((step) => {
    const server = context.cloud.servers.get(step.server);
    return server === undefined ? [] : [stepVolume(step, server, request.goal, context)];
  });
  const value = run.objective.evaluate(start, end, volumes);
  const steps = withReasons({
    ...{ run, steps: undone, end, volumes, room },
    emptied: new Set(emptied.hosts),
    violations: { before, after },
  });
  const body: Omit<Plan, 'id'> = {
    formatVersion: 1,
    kind: 'plan',
    basedOn: based,
    assumptions: assumptionsOf(assumed, run, createState(context), steps.filter(isMigration)),
    objective: { ...value, ...proofOf(request.goal, value, bounds, solved) },
    summary: summarise(steps, context, state, before.length, after.length),
    timetable: timetableOf(steps, context.cloud, timing),
    steps,
    warnings: [
      ...warningsOf(run, steps, notices, [...new Set([...request.options.drain, ...emptied.disabled])]),
      ...evacuationWarnings(run, steps),
      ...hostLossWarnings(run, before, after),
      ...calendarWarnings(run, steps),
    ],
    notDone: notDone(run, steps, state),
  };
  return { ...body, id: planId(body) };
}

function basedOn({ request, context }: Run, solved: Solved, version: string): Plan['basedOn'] {
  const { options, goal, profile, inventoryDigest } = request;
  const show = (selectors: readonly { kind: string; value: string }[]): readonly string[] =>
    selectors.map((s) => `${s.kind}:${s.value}`);
  return {
    inventoryDigest,
    capturedAt: context.cloud.capturedAt,
    planner: version,
    profile: profile.name,
    release: { novaMajors: profile.novaMajors, switches: profile.switches },
    goal,
    ...(request.operatorRules !== undefined && { rules: request.operatorRules }),
    seed: options.seed,
    effort: options.effort,
    solver: solved.method,
    options: {
      allow: options.allow,
      unknown: options.unknown,
      exclude: show(options.exclude),
      only: show(options.only),
      minGain: options.minGain,
      spareHosts: options.spareHosts,
      headroomPercent: options.headroomPercent,
      ...(options.surviveHostLoss === true && { surviveHostLoss: true }),
      reEnable: options.reEnable,
      drain: options.drain,
      ...(options.evacuate !== undefined && { evacuate: options.evacuate }),
      ...(options.assumeDown !== undefined && { assumeDown: options.assumeDown }),
      ...(options.important !== undefined && { important: options.important.map(show) }),
      ...(options.allOrNothing === true && { allOrNothing: true }),
      ...(options.maxMoves !== undefined && { maxMoves: options.maxMoves }),
      ...(options.maxGiB !== undefined && { maxGiB: options.maxGiB }),
      ...(options.maxParallel !== undefined && { maxParallel: options.maxParallel }),
      ...context.cloud.networkLimits,
      ...(options.calendar !== undefined && { calendar: options.calendar }),
      ...(options.prefer !== undefined && { prefer: options.prefer }),
      ...(options.apartSeconds !== undefined && { apartSeconds: options.apartSeconds }),
    },
  };
}
