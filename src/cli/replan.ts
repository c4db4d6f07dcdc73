import { basename } from 'node:path';
import { loadCatalog } from '../catalog/catalog.ts';
import { createContext } from '../constraints/create-context.ts';
import { operatorRules } from '../constraints/operator/operator-rules.ts';
import { rules } from '../constraints/registry.ts';
import { stepState } from '../execute/runner/run-state.ts';
import type { ReplanAnswer, ReplanAsked, RunTools } from '../execute/runner/tools.ts';
import type { Cloud } from '../model/cloud.ts';
import { migrationVolume } from '../objective/volume.ts';
import type { Plan } from '../plan/plan.ts';
import { isMigration } from '../plan/run-steps.ts';
import { verifyPlan } from '../plan/verify-plan.ts';
import type { PlanningOptions, PlanningRequest } from '../planning/planning-request.ts';
import { rulesOf } from '../planning/rules-of.ts';
import { select } from '../planning/selection.ts';
import { durationSeconds, instantSeconds, instantText } from '../replay/calendar/instants.ts';
import { planDifference } from '../report/plan-difference.ts';
import { omit } from '../shared/omit.ts';
import { InputError } from '../shared/diagnostic.ts';
import { backendIds } from '../solve/backends/registry.ts';
import { startCalendar } from './calendar-flags.ts';
import type { CliContext } from './context.ts';
import { writeTextFile } from './files.ts';
import { replanFile } from './plan-chain.ts';
import { planText } from './plan-text.ts';
import { readPlannedOptions } from './planned-options.ts';
import { planWith } from './run-planning.ts';

/** What planning the rest of a run again needs besides the run. */
export interface ReplanWork {
  /** The file of the journal: plans go beside it; absent where the journal is in memory alone. */
  readonly journal?: string;
  /** How many plans for a rest the run has written. */
  readonly written: () => number;
  /** When the run was begun, in milliseconds since 1970: a deadline that is a duration counts from there. */
  readonly begun: number;
  /** The cloud as it is now, and the digest of the document that it comes from. */
  readonly cloudOf: () => Promise<{ readonly cloud: Cloud; readonly digest: string }>;
  readonly clock: RunTools['clock'];
  /** No progress is shown. */
  readonly quiet?: true;
  /** Whether the operator agrees to go on with the new plan; undefined where nobody is there to ask. */
  readonly agrees: (difference: readonly string[]) => Promise<boolean | undefined>;
}

/** A server whose steps have failed so often is left where it is. */
const mostTries = 2;

/** Plans the same goal with the same options on the cloud as it is now, without servers that have failed twice. */
export const createReplan =
  (work: ReplanWork, context: CliContext): NonNullable<RunTools['replan']> =>
  async (asked) => {
    try {
      return await planRest(asked, work, context);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return no(`planning again failed: ${error.diagnostics.map(({ summary }) => summary).join('; ')}`);
    }
  };

const no = (text: string): ReplanAnswer => ({ kind: 'no', text });

async function planRest(asked: ReplanAsked, work: ReplanWork, context: CliContext): Promise<ReplanAnswer> {
  const { plan: before, run } = asked;
  const { cloud, digest } = await work.cloudOf();
  const options = optionsOf(asked, cloud, work);
  const end = options.calendar?.deadline;
  if (end !== undefined && (instantSeconds(end) ?? 0) * 1000 <= work.clock.now())
    return no('the deadline has passed');
  const request = await requestOf(before, cloud, digest, options);
  const solver = backendIds.find((id) => id === before.basedOn.solver) ?? 'highs';
  const outcome = await planWith(request, { solver, threads: undefined }, work.quiet === true, context);
  if (outcome.kind !== 'planned') return no(`planning again: ${outcome.because}`);
  const { plan } = outcome;
  const problems = wrongWith(plan, request);
  if (problems.length > 0) return no(`the new plan does not hold: ${problems.join('; ')}`);
  const done = new Set(before.steps.flatMap(({ id }) => (stepState(run, id).phase === 'done' ? [id] : [])));
  const agreed = await work.agrees([
    `${asked.because}; the rest was planned again:`,
    ...planDifference(before, done, plan, context.width),
  ]);
  if (agreed === undefined) return no('there is a new plan, and nobody to ask (--yes)');
  if (!agreed) return no('somebody did not want the new plan');
  const { journal = '' } = work;
  const file = replanFile(journal, work.written() + 1);
  if (journal !== '') await writeTextFile(file, planText(plan));
  return { kind: 'planned', plan, file: basename(file) };
}

/** Limits are for the whole run: what has been moved counts. */
function optionsOf({ plan, run, failed }: ReplanAsked, cloud: Cloud, work: ReplanWork): PlanningOptions {
  const options = readPlannedOptions(plan.basedOn);
  const moved = plan.steps.filter(isMigration).filter(({ id }) => stepState(run, id).phase === 'done');
  const given = failed
    .filter(({ times }) => times >= mostTries)
    .map(({ server: value }) => ({ kind: 'server', value }) as const);
  const { maxMoves, maxGiB, calendar } = options;
  return {
    ...options,
    exclude: [...options.exclude, ...given],
    ...(maxMoves !== undefined && {
      maxMoves: Math.max(0, maxMoves - new Set(moved.map(({ server }) => server)).size),
    }),
    ...(maxGiB !== undefined && { maxGiB: Math.max(0, maxGiB - gibOf(moved, cloud)) }),
    ...(calendar !== undefined && { calendar: calendarFromNow(calendar, work) }),
  };
}

const gibOf = (steps: Plan['steps'], { servers }: Cloud): number =>
  steps.filter(isMigration).reduce((sum, { server: id, storage }) => {
    const server = servers.get(id);
    if (server === undefined) return sum;
    const { memoryMiB, diskGiB } = migrationVolume(server, storage);
    return sum + memoryMiB / 1024 + diskGiB;
  }, 0);

/** The calendar from now on; a deadline that was a duration is the instant that it came to. */
function calendarFromNow(
  calendar: NonNullable<PlanningOptions['calendar']>,
  { clock, begun }: ReplanWork,
): NonNullable<PlanningOptions['calendar']> {
  const { deadline } = calendar;
  const rest = omit(calendar, 'startsAt', 'deadline');
  const length = deadline === undefined ? undefined : durationSeconds(deadline);
  const end =
    length === undefined ? deadline : instantText(Math.floor(begun / 1000) + length, calendar.timezone);
  const now = new Date(clock.now()).toISOString();
  return startCalendar({ ...rest, ...(end !== undefined && { deadline: end }) }, now);
}

async function requestOf(
  { basedOn }: Plan,
  cloud: Cloud,
  inventoryDigest: string,
  options: PlanningOptions,
): Promise<PlanningRequest> {
  const { profile: name, release, goal, rules: own } = basedOn;
  const { cpuTable } = await loadCatalog();
  return {
    ...{ cloud, inventoryDigest, profile: { name, ...release }, goal, rules, cpuTable, options },
    ...(own !== undefined && { operatorRules: own }),
  };
}

/** What the plan's own checker finds, in words. */
function wrongWith(plan: Plan, request: PlanningRequest): readonly string[] {
  const { cloud, profile, cpuTable, options, operatorRules: own, inventoryDigest } = request;
  const { findings } = verifyPlan({
    plan,
    context: createContext(cloud, profile, cpuTable, options),
    rules: rulesOf(select(cloud, options), rules, options, operatorRules(own, cloud).rules),
    inventoryDigest,
  });
  return findings.map(({ step = 'the plan', text }) => `${step}: ${text}`);
}
