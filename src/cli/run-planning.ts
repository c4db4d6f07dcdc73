import { type Catalog, loadCatalog } from '../catalog/catalog.ts';
import { rules } from '../constraints/registry.ts';
import type { Cloud } from '../model/cloud.ts';
import { hostId } from '../model/ids.ts';
import { selectorOf } from '../model/named.ts';
import type { Goal } from '../objective/goal.ts';
import { planCloud } from '../planning/plan-cloud.ts';
import type { PlanningOutcome, PlanningRequest } from '../planning/planning-request.ts';
import { outcomeReport, planOf } from '../report/outcome.ts';
import type { ShowOptions } from '../report/show-plan.ts';
import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import type { BackendId } from '../solve/backend.ts';
import { createSearchPool } from '../solve/backends/pool/create-search-pool.ts';
import { createBackend } from '../solve/backends/registry.ts';
import { bindLoads } from './bind-loads.ts';
import { bindFlavor } from './bind-flavor.ts';
import { checkDeadline, startCalendar } from './calendar-flags.ts';
import type { CliContext } from './context.ts';
import { type EvacuationFlags, readEvacuation } from './evacuation-flags.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { standardOutput, writeTextFile } from './files.ts';
import { createFlagReader, type FlagReader } from './flag-reader.ts';
import { refuseToReplace, refuseWithJournal } from './journal-file.ts';
import { isLive, loadSource } from './inventory-source.ts';
import { checkRules, loadRules } from './load.ts';
import { orProblems } from './or-problems.ts';
import { printResult } from './output.ts';
import { planText } from './plan-text.ts';
import { type PlanningFlags, type PlanningSettings, readPlanningFlags } from './planning-flags.ts';
import { createProgress } from './progress.ts';
import { chooseProfile, showNotes } from './release.ts';
import { checkHosts, checkSelectors, readSelectors } from './selectors.ts';
import { say, tell } from './tell.ts';

/** What a planning command adds to the options that all of them have. */
export interface PlanningCommand {
  readonly flags: PlanningFlags;
  /** The goal; undefined when the reader has been told why there is none. */
  readonly goal: (catalog: Catalog, read: FlagReader) => Promise<Goal | undefined>;
  /** Hosts to empty, as typed. */
  readonly drain: readonly string[];
  /** Those hosts are down, and their servers are evacuated. */
  readonly evacuation?: EvacuationFlags;
  /** The flavor that the goal's free slots are for. */
  readonly forFlavor?: string;
}

/** Plans, writes the plan, and says what it comes to. */
export async function runPlanning(command: PlanningCommand, context: CliContext): Promise<ExitCode> {
  const { flags } = command;
  const read = await readRequest(command, context);
  const { request, warnings } = read;
  showNotes(request.releaseNotes ?? [], context);
  if (flags.quiet !== true) for (const warning of warnings) context.err(`${tell(warning, context)}\n`);
  if (flags.out !== standardOutput) await refuseWithJournal(flags.out);
  await refuseToReplace('--out', flags.out, { 'the inventory': read.inventoryFile });
  const outcome = await planWith(request, read, flags.quiet === true, context);
  const found = planOf(outcome);
  if (found !== undefined && flags.out === standardOutput) {
    context.out(planText(found));
    context.err(outcomeReport(outcome, showOptions(flags, read.inventoryFile, context, 'err')));
  } else {
    if (found !== undefined) await writeTextFile(flags.out, planText(found));
    printResult(context, flags.json, outcome, (value) =>
      outcomeReport(value, showOptions(flags, read.inventoryFile, context, 'out')),
    );
  }
  return found === undefined ? exitCodes.no : exitCodes.done;
}

/** Plans with workers of its own; an interrupt ends it with the best plan so far. */
export async function planWith(
  request: PlanningRequest,
  { solver, threads: wanted }: Pick<ReadRequest, 'solver' | 'threads'>,
  quiet: boolean,
  context: CliContext,
): Promise<PlanningOutcome> {
  const progress = createProgress(context, quiet);
  const abort = new AbortController();
  const forget = context.onInterrupt(() => {
    progress.clear();
    say('stopping with the best plan so far; interrupt again to end at once', context);
    abort.abort();
  });
  const threads = wanted ?? context.threads;
  const backend = createBackend(solver, threads);
  const pool = createSearchPool(threads);
  try {
    return await planCloud(request, {
      backend,
      pool,
      now: context.now,
      plannerVersion: context.version,
      signal: abort.signal,
      onProgress: progress.show,
    });
  } finally {
    forget();
    progress.clear();
    await Promise.all([backend.close(), pool.close()]);
  }
}

interface ReadRequest {
  readonly request: PlanningRequest;
  readonly solver: BackendId;
  /** As typed. */
  readonly threads: number | undefined;
  readonly inventoryFile: string;
  /** What is no reason not to plan. */
  readonly warnings: readonly Diagnostic[];
}

/** Everything that was typed, checked; whatever is wrong with options, goal, inventory or names is told at once. */
async function readRequest(
  { flags, goal: readGoal, drain, evacuation, forFlavor }: PlanningCommand,
  context: CliContext,
): Promise<ReadRequest> {
  const read = createFlagReader();
  const problems: Diagnostic[] = [];
  if (flags.json === true && flags.out === standardOutput)
    read.refuse('--json', '--out -', 'both want standard output', 'leave one out: the plan itself is JSON');
  const wrong = (): boolean => read.problems.length + problems.length > 0;
  const catalog = await loadCatalog();
  const settings = readPlanningFlags(flags, catalog, read);
  const exclude = readSelectors('--exclude', flags.exclude, read);
  const only = readSelectors('--only', flags.only, read);
  const found = await orProblems(() => readGoal(catalog, read), problems);
  const loaded = await orProblems(
    () => (wrong() && isLive(flags, context) ? undefined : loadSource(flags, context, flags.out)),
    problems,
  );
  const { rules: file } = flags;
  const own = file === undefined ? undefined : await orProblems(() => loadRules(file), problems);
  const warnings =
    own === undefined || file === undefined || loaded === undefined
      ? []
      : await orProblems(() => checkRules(own, loaded.cloud, file), problems);
  const goal =
    found === undefined || loaded === undefined
      ? found
      : bindLoads(bindFlavor(found, forFlavor, loaded.cloud, read), settings?.by, loaded.cloud, read);
  if (loaded !== undefined) {
    checkSelectors('--exclude', exclude, loaded.cloud, read);
    checkSelectors('--only', only, loaded.cloud, read);
    checkHosts('HOST', drain, loaded.cloud, read);
  }
  const evacuated =
    evacuation === undefined || loaded === undefined
      ? {}
      : readEvacuation(evacuation, drain, loaded.cloud, read);
  const calendar = bindCalendar(settings, loaded?.cloud, read);
  const all = [...read.problems, ...problems];
  if (all.length > 0 || settings === undefined || goal === undefined || loaded === undefined)
    throw new InputError(all);

  const { options, solver, threads } = settings;
  const { profile, notes } = chooseProfile(settings.profile, loaded.cloud.release, catalog);
  const { spareHosts, headroomPercent } = goal;
  const hosts = [...new Set(drain)].map(hostId);
  const request: PlanningRequest = {
    cloud: loaded.cloud,
    inventoryDigest: loaded.digest,
    profile,
    ...(notes.length > 0 && { releaseNotes: notes }),
    goal,
    rules,
    ...(own !== undefined && { operatorRules: own }),
    cpuTable: catalog.cpuTable,
    options: {
      spareHosts,
      headroomPercent,
      ...options,
      ...calendar,
      ...evacuated,
      exclude,
      only,
      drain: hosts,
    },
  };
  return { request, solver, threads, warnings: warnings ?? [], inventoryFile: loaded.file };
}

/** The calendar from the time when the cloud was captured on, checked against it. */
function bindCalendar(
  settings: PlanningSettings | undefined,
  cloud: Cloud | undefined,
  read: FlagReader,
): Pick<PlanningRequest['options'], 'calendar'> {
  if (settings?.calendar === undefined || cloud === undefined) return {};
  const calendar = startCalendar(settings.calendar, cloud.capturedAt);
  checkDeadline(calendar, read);
  const frozen = calendar.freezes.flatMap(({ of }) => selectorOf(of) ?? []);
  checkSelectors('--freeze', frozen, cloud, read);
  return { calendar };
}

const showOptions = (
  { out }: PlanningFlags,
  inventory: string,
  { paint, width }: CliContext,
  stream: keyof CliContext['paint'],
): ShowOptions => ({
  width,
  paint: paint[stream],
  steps: false,
  ...(out !== standardOutput && { planFile: out }),
  ...(inventory !== 'inventory.json' && { inventoryFile: inventory }),
});
