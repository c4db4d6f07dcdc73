import { type Journal, memoryJournal, openJournal, readJournal } from '../execute/journal/journal-file.ts';
import type { JournalEntry } from '../execute/journal/entry.ts';
import { runStateOf } from '../execute/runner/run-state.ts';
import type { RunSettings } from '../execute/runner/settings.ts';
import type { RunTools } from '../execute/runner/tools.ts';
import { replayJournal } from '../execute/simulated/replay-journal.ts';
import type { Simulated } from '../execute/simulated/simulated-driver.ts';
import type { Plan } from '../plan/plan.ts';
import { runStatusReport } from '../report/run-status.ts';
import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import { checkOf } from './check-guest.ts';
import type { CliContext } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { exists } from './files.ts';
import { journalOf } from './journal-file.ts';
import { thisMachine } from './machine.ts';
import { printResult } from './output.ts';
import { plansOfRun } from './plan-chain.ts';
import { createReplan } from './replan.ts';
import { ignoredWindows } from './run-calendar.ts';
import type { RunFlags } from './run-flags.ts';
import { runPlan } from './run-plan.ts';
import { runStatus } from './run-status.ts';
import { answer } from './tell.ts';

/** A plan that is carried out on a simulated cloud. */
export interface Simulation {
  readonly plan: Plan;
  readonly file: string;
  readonly flags: RunFlags;
  readonly settings: RunSettings;
  /** Where its time is that of the plan's inventory. */
  readonly cloud: Simulated;
  /** In milliseconds since 1970. */
  readonly begun: number;
}

/** Simulates a run from its beginning, with a journal in memory where none is named. */
export async function simulate(simulation: Simulation, context: CliContext): Promise<ExitCode> {
  const { plan, flags, cloud } = simulation;
  const now = clockOf(cloud);
  if (flags.journal !== undefined && (await exists(flags.journal)))
    throw new InputError([taken(flags.journal)]);
  const journal = flags.journal === undefined ? memoryJournal(now) : await openJournal(flags.journal, now);
  const { process } = thisMachine();
  await journal.append({
    kind: 'run-started',
    formatVersion: 1,
    plan: plan.id,
    cloud: 'simulated',
    simulated: true,
    process: { ...process, startedAt: now() },
  });
  return carryOut(simulation, plan, journal, context);
}

/**
 * Goes on with a simulated run where its journal ends, on the simulated cloud as that run has left it.
 *
 * @throws InputError where the cloud answers otherwise than the journal tells.
 */
export async function resumeSimulated(simulation: Simulation, context: CliContext): Promise<ExitCode> {
  const { plan, file, flags, cloud } = simulation;
  const path = flags.journal ?? journalOf(file);
  const { entries } = await readJournal(path);
  refuseOther(entries, plan, path);
  const turns = await plansOfRun(plan, path, entries);
  // The line that tells of a new plan belongs to its turn.
  const planAt = (index: number): Plan =>
    turns.find((turn) => index < turn.entries.length)?.plan ?? turns.at(-1)?.plan ?? plan;
  const atWork = turns.at(-1)?.plan ?? plan;
  const { ended } = runStateOf(entries, atWork.steps);
  if (ended?.outcome === 'done') {
    answer(`plan ${plan.id} is done already: ${ended.text}`, context);
    return exitCodes.done;
  }
  const other = await replayJournal(entries, planAt, cloud);
  if (other !== undefined) throw new InputError([notThis(`${path} line ${other.seq}`, other.text)]);
  const journal = await openJournal(path, clockOf(cloud));
  const { process } = thisMachine();
  await journal.append({ kind: 'run-resumed', process: { ...process, startedAt: clockOf(cloud)() } });
  return carryOut({ ...simulation, flags: { ...flags, journal: path } }, atWork, journal, context);
}

async function carryOut(
  { plan: first, file, flags, settings, cloud, begun }: Simulation,
  plan: Plan,
  journal: Journal,
  context: CliContext,
): Promise<ExitCode> {
  const { clock, driver } = cloud;
  const ignored = ignoredWindows(first, flags);
  if (ignored !== undefined) await journal.append({ kind: 'note', text: ignored });
  const path = flags.journal === undefined ? {} : { path: flags.journal };
  const replan = simulatedReplan({ first, cloud, journal, begun, ...path }, context);
  const { state, plan: last } = await runPlan(
    {
      ...{ plan, driver, journal, clock, settings, replan },
      wish: () => 'go-on',
      tells: flags.json !== true,
      ...checkOf(flags, context.surroundings.env),
    },
    context,
  );
  await journal.close();
  const status = runStatus(last, journal.entries, undefined, clock.now(), file);
  printResult(context, flags.json, { ...status, next: '' }, (value) =>
    runStatusReport(value, context.width, context.paint.out),
  );
  return state.ended?.outcome === 'done' ? exitCodes.done : exitCodes.no;
}

/** What planning again on a simulated cloud needs. */
interface SimulatedReplan {
  readonly first: Plan;
  readonly cloud: Simulated;
  readonly journal: Journal;
  readonly begun: number;
  /** Plans go beside it; absent where the journal is in memory alone. */
  readonly path?: string;
  readonly quiet?: true;
}

/** Plans the rest again on the simulated cloud as it is now; nobody is asked. */
export const simulatedReplan = (
  { first, cloud, journal, begun, path, quiet }: SimulatedReplan,
  context: CliContext,
): NonNullable<RunTools['replan']> =>
  createReplan(
    {
      ...{ clock: cloud.clock, begun },
      ...(path !== undefined && { journal: path }),
      ...(quiet === true && { quiet }),
      written: () => journal.entries.filter(({ kind }) => kind === 'replanned').length,
      cloudOf: () => Promise.resolve({ cloud: cloud.cloud(), digest: first.basedOn.inventoryDigest }),
      agrees: () => Promise.resolve(true),
    },
    context,
  );

const clockOf =
  ({ clock }: Simulated) =>
  (): string =>
    new Date(clock.now()).toISOString();

function refuseOther([first]: readonly JournalEntry[], plan: Plan, source: string): void {
  const refuse = (summary: string, hint: string): never => {
    throw new InputError([{ code: 'run.journal', severity: 'error', summary, source, hint }]);
  };
  if (first?.kind !== 'run-started')
    return refuse('there is no journal of this plan', 'begin with `planner run --simulate --journal FILE`');
  if (first.plan !== plan.id)
    refuse(`this is the journal of plan ${first.plan}, not of ${plan.id}`, 'name the right plan and journal');
  if (!first.simulated) refuse('this is the journal of a run on a cloud', 'leave out --simulate');
}

const taken = (journal: string): Diagnostic => ({
  code: 'journal.taken',
  severity: 'error',
  summary: 'there is such a file already',
  source: '--journal',
  value: journal,
  hint: 'name another; or go on with it with `planner resume --simulate`',
});

const notThis = (source: string, value: string): Diagnostic => ({
  code: 'journal.other-simulation',
  severity: 'error',
  summary: 'this simulation comes to something else than the journal tells',
  source,
  value,
  hint: 'name the --inventory, --faults and --seed with which it was begun',
});
