import { type RuleContext, storageOf } from '../constraints/context.ts';
import { createContext } from '../constraints/create-context.ts';
import { operatorRules } from '../constraints/operator/operator-rules.ts';
import { type Outlook, surviveHostLoss } from '../constraints/rules/survive-host-loss.ts';
import type { Primitive } from '../constraints/primitive.ts';
import type { Selection } from '../constraints/rules/selection.ts';
import type { CalendarOptions } from '../model/calendar.ts';
import { cloudIndex } from '../model/cloud-index.ts';
import { currentAssignment } from '../model/cloud.ts';
import type { HostId } from '../model/ids.ts';
import type { MigrationVolume } from '../objective/evaluation.ts';
import { asksForWays } from '../objective/move-terms.ts';
import { createObjective } from '../objective/evaluate.ts';
import { migrationVolume } from '../objective/volume.ts';
import { invariant } from '../shared/invariant.ts';
import { type Calendar, createCalendar } from '../replay/calendar/calendar.ts';
import { createState } from '../replay/state.ts';
import { lazyMap } from '../shared/lazy-map.ts';
import { mapPart } from '../shared/map-part.ts';
import type { PlacementProblem } from '../solve/placement-problem.ts';
import { emptiedWholly } from './emptied-wholly.ts';
import type { PlanningRequest } from './planning-request.ts';
import { rulesOf } from './rules-of.ts';
import type { Run } from './run.ts';
import { select } from './selection.ts';
import { shutServers } from './shut-servers.ts';
import { waysOfTravel } from './ways-of-travel.ts';

/** What lasts holds at the end of a plan, forced or not. */
const unforced = (context: RuleContext): RuleContext =>
  context.allow.has('forced')
    ? { ...context, allow: new Set([...context.allow].filter((word) => word !== 'forced')) }
    : context;

/** A context in which only servers on these hosts are asked about. */
function leavingOnly(context: RuleContext, drain: readonly HostId[]): RuleContext {
  const { cloud, demands } = context;
  const { residents } = cloudIndex(cloud);
  const leaving = new Set(drain.flatMap((host) => (residents.get(host) ?? []).map(({ id }) => id)));
  return {
    ...context,
    demands: mapPart(demands, leaving),
    cloud: { ...cloud, servers: mapPart(cloud.servers, leaving) },
  };
}

/** Compiles a request: rules of Nova and of the operator to primitives, today's assignment, what moves would copy. */
export function startRun(request: PlanningRequest): Run {
  const { profile, options, goal } = request;
  const context = createContext(request.cloud, profile, request.cpuTable, options);
  const { cloud } = context;
  const calendar = options.calendar === undefined ? undefined : createCalendar(options.calendar, cloud);
  const selection = withShut(select(cloud, options), calendar, options.calendar, context);
  const own = operatorRules(request.operatorRules, cloud);
  const rules = rulesOf(selection, request.rules, options, own.rules, outlookOf(request, context));
  const waysFor = asksForWays(goal.terms) ? waysOfTravel(context, rules) : undefined;
  const volumes = lazyMap(cloud.servers, (id): MigrationVolume => {
    const server = cloud.servers.get(id);
    invariant(server !== undefined, `server ${id} is of the cloud`);
    return {
      ...migrationVolume(server, storageOf(server, context)),
      ...(waysFor !== undefined && { ways: waysFor(server) }),
    };
  });
  const compile = (among: RuleContext): readonly Primitive[] =>
    rules.flatMap((rule) => rule.compile(rule.lasting === true ? unforced(among) : among));
  let primitives: readonly Primitive[] | undefined;
  let ofLeaving: readonly Primitive[] | undefined;
  const maxMoves = Math.min(options.maxMoves ?? Infinity, request.part?.moves ?? Infinity);
  const problem: PlacementProblem = {
    cloud,
    demands: context.demands,
    /** Compiled when first asked for: a drain of a large cloud seldom asks. */
    get primitives() {
      return (primitives ??= compile(context));
    },
    goal,
    start: currentAssignment(cloud),
    volumeOf(server) {
      const volume = volumes.get(server);
      invariant(volume !== undefined, `server ${server} is of the cloud`);
      return volume;
    },
    mustEmpty: emptiedWholly(options),
    noGoods: [],
    ...(maxMoves < Infinity && { maxMoves }),
    ...(options.maxGiB !== undefined && { maxGiB: options.maxGiB }),
  };
  return {
    request,
    context,
    rules,
    ruleProblems: own.problems,
    selection,
    problem,
    get ofLeaving() {
      return (ofLeaving ??= compile(leavingOnly(context, options.drain)));
    },
    objective: createObjective(goal, cloud, context.demands),
    ...(calendar !== undefined && { calendar }),
  };
}

/** Whom the calendar lets go at no time stays, as those whom the operator took out. */
function withShut(
  selection: Selection,
  calendar: Calendar | undefined,
  options: CalendarOptions | undefined,
  context: RuleContext,
): Selection {
  if (calendar === undefined || options === undefined) return selection;
  const shut = shutServers(options, calendar, context);
  return { ...selection, staying: new Map([...shut, ...selection.staying]) };
}

/** What `--survive-host-loss` starts from: the losses that are not survived today, and what emptied hosts are good for. */
function outlookOf({ options, goal }: PlanningRequest, context: RuleContext): Outlook | undefined {
  if (options.surviveHostLoss !== true) return undefined;
  const today = surviveHostLoss().audit(createState(context));
  return {
    broken: new Map(
      today.flatMap(({ host, measured }) => (host === undefined ? [] : [[host, measured] as const])),
    ),
    keptOpen: goal.disableEmptied && !options.reEnable ? options.spareHosts : Infinity,
  };
}
