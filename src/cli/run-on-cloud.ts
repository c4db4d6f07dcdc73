import type { Driver } from '../execute/driver.ts';
import { type Journal, openJournal, readJournal } from '../execute/journal/journal-file.ts';
import { type Holder, takeLock } from '../execute/journal/lock.ts';
import { createNovaDriver } from '../execute/nova/nova-driver.ts';
import type { PreflightFinding } from '../execute/preflight/finding.ts';
import { preflight } from '../execute/preflight/preflight.ts';
import { runStateOf } from '../execute/runner/run-state.ts';
import type { RunSettings } from '../execute/runner/settings.ts';
import { inventoryDigest } from '../inventory/print.ts';
import { problemOf } from '../inventory/live/problems.ts';
import { toCloud } from '../inventory/to-cloud.ts';
import { openCloud } from '../openstack/open-cloud.ts';
import { OpenStackError } from '../openstack/openstack-error.ts';
import type { Plan } from '../plan/plan.ts';
import { listLines } from '../report/list-section.ts';
import { runStatusReport } from '../report/run-status.ts';
import { InputError } from '../shared/diagnostic.ts';
import { askForPlan, isYes } from './ask-plan.ts';
import { askFenced, notYetFenced } from './ask-fenced.ts';
import { checkOf } from './check-guest.ts';
import type { CliContext } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { importCloud } from './import-cloud.ts';
import { journalOf } from './journal-file.ts';
import { thisMachine } from './machine.ts';
import { printResult } from './output.ts';
import { planAtWork } from './plan-chain.ts';
import { createReplan } from './replan.ts';
import { bindCalendar, ignoredWindows } from './run-calendar.ts';
import { runsBeside } from './runs-beside.ts';
import type { RunFlags } from './run-flags.ts';
import { restProblems } from './rest-problems.ts';
import { lockOf } from './run-lock.ts';
import { runPlan } from './run-plan.ts';
import { runStatus } from './run-status.ts';
import { forgetWish, readWish } from './run-wish.ts';

/** A plan that is carried out on a cloud, from its beginning or from where its journal ends. */
export interface CloudRun {
  readonly plan: Plan;
  readonly file: string;
  readonly flags: RunFlags;
  readonly settings: RunSettings;
  readonly resumes: boolean;
  /** Those whose approval was demanded and is there, in words. */
  readonly approvedBy: readonly string[];
}

/** Looks whether the plan can be carried out, asks, and carries it out under the lock of its journal. */
export async function runOnCloud(run: CloudRun, context: CliContext): Promise<ExitCode> {
  const { plan, file, flags, resumes } = run;
  const path = flags.journal ?? journalOf(file);
  const { entries } = await readJournal(path);
  refuseWrongJournal(entries, run, path);
  const atWork = await planAtWork(plan, path, entries);
  const { ended } = runStateOf(entries, atWork.steps);
  if (resumes && ended?.outcome === 'done') {
    context.out(`plan ${plan.id} is done already: ${ended.text}\n`);
    return exitCodes.done;
  }
  const session = openCloud({
    surroundings: context.surroundings,
    ...(flags.cloud !== undefined && { name: flags.cloud }),
  });
  try {
    const taken = await takeLock(lockOf(path), thisMachine());
    if (taken.kind === 'held') {
      context.err(`${heldWords(taken.by, path)}\n`);
      return exitCodes.no;
    }
    try {
      return await underLock(run, path, createNovaDriver(session), session.name, context);
    } finally {
      await taken.release();
    }
  } catch (error) {
    if (error instanceof OpenStackError)
      throw new InputError([problemOf(error, session.name)], { cause: error });
    throw error;
  } finally {
    session.close();
  }
}

function refuseWrongJournal(
  entries: Journal['entries'],
  { plan, file, resumes }: CloudRun,
  path: string,
): void {
  const [first] = entries;
  const refuse = (summary: string, hint: string): never => {
    throw new InputError([{ code: 'run.journal', severity: 'error', summary, source: path, hint }]);
  };
  if (first === undefined) {
    if (resumes) refuse('there is no journal of this plan', `begin with \`planner run ${file}\``);
    return;
  }
  if (!resumes) refuse('this plan has been begun', `go on with \`planner resume ${file}\``);
  if (first.kind !== 'run-started') return;
  if (first.plan !== plan.id)
    refuse(`this is the journal of plan ${first.plan}, not of ${plan.id}`, 'name the right plan and journal');
  if (first.simulated) refuse('this is the journal of a simulation', 'go on with it with --simulate');
}

const heldWords = ({ pid, host, startedAt, alive }: Holder, path: string): string =>
  `another run is at work on this plan: process ${pid} on ${host}, since ${startedAt}${
    alive === 'unknown' ? `; if that host is gone for good, remove ${lockOf(path)}` : ''
  }`;

async function underLock(
  begun: CloudRun,
  path: string,
  driver: Driver,
  cloud: string,
  context: CliContext,
): Promise<ExitCode> {
  const { file, flags } = begun;
  const { hostFacts } = flags;
  const { entries } = await readJournal(path);
  const plan = await planAtWork(begun.plan, path, entries);
  const run = { ...begun, plan };
  const before = runStateOf(entries, plan.steps);
  const beginning = entries[0] === undefined ? context.wallClock() : Date.parse(entries[0].at);
  const cloudOf = async () => {
    const { inventory } = await importCloud(whereOf(flags), context);
    return { cloud: toCloud(inventory), digest: inventoryDigest(inventory) };
  };
  const settings = await withFenced(
    run,
    await bindCalendar({ ...run, begun: beginning, cloudOf: async () => (await cloudOf()).cloud }),
    context,
  );
  const findings = [
    ...(await preflight(plan, before, driver, settings.fenced, plansIn(begun.plan, entries))),
    ...(await runsBeside(plan, path, cloud)),
  ];
  tellFindings(findings, context);
  if (findings.some(({ blocks }) => blocks)) {
    context.out('nothing was requested: the plan does not hold here any more; plan again\n');
    return exitCodes.no;
  }
  const question = `${run.resumes ? 'Go on with' : 'Carry out'} plan ${plan.id} on ${cloud}?`;
  if (flags.yes !== true && !(await askForPlan(plan, file, question, context))) return exitCodes.no;
  await forgetWish(path);
  const clock = { now: context.wallClock, sleep: context.sleep };
  const journal = await openJournal(path, () => new Date(clock.now()).toISOString());
  try {
    const { process } = thisMachine();
    await journal.append(
      run.resumes
        ? { kind: 'run-resumed', process }
        : { kind: 'run-started', formatVersion: 1, plan: plan.id, cloud, simulated: false, process },
    );
    await sayIgnored(run, journal, context);
    if (run.approvedBy.length > 0)
      await journal.append({ kind: 'note', text: `approved by ${run.approvedBy.join(', ')}` });
    await sayFenced(settings, journal);
    const { state, plan: last } = await runPlan(
      {
        ...{ plan, driver, journal, clock, settings },
        wish: () => readWish(path),
        tells: true,
        ...checkOf(flags, context.surroundings.env),
        ...(hostFacts !== undefined && {
          recheck: (rest, state) => restProblems(rest, state, { ...flags, hostFacts }, context),
        }),
        replan: createReplan(
          {
            ...{ journal: path, cloudOf, clock, begun: beginning },
            written: () => journal.entries.filter(({ kind }) => kind === 'replanned').length,
            agrees: (difference) => agreesTo(difference, flags, context),
          },
          context,
        ),
      },
      context,
    );
    const status = runStatus(last, journal.entries, undefined, clock.now(), file);
    printResult(context, flags.json, status, (value) =>
      runStatusReport(value, context.width, context.paint.out),
    );
    return state.ended?.outcome === 'done' ? exitCodes.done : exitCodes.no;
  } finally {
    await forgetWish(path);
    await journal.close();
  }
}

/** Ids of all plans of a run. */
const plansIn = ({ id }: Plan, entries: Journal['entries']): ReadonlySet<string> =>
  new Set([id, ...entries.flatMap((entry) => (entry.kind === 'replanned' ? [entry.plan] : []))]);

/** Asks for hosts that nobody has called fenced, where somebody is there to be asked and has not said `--yes`. */
async function withFenced(
  { plan, flags }: CloudRun,
  settings: RunSettings,
  { ask }: CliContext,
): Promise<RunSettings> {
  const hosts = notYetFenced(plan, settings.fenced);
  if (hosts.length === 0 || flags.yes === true || ask === undefined) return settings;
  return { ...settings, fenced: new Set([...settings.fenced, ...(await askFenced(hosts, ask))]) };
}

async function sayFenced({ fenced }: RunSettings, journal: Journal): Promise<void> {
  if (fenced.size === 0) return;
  const text = `powered off, by the operator's word: ${[...fenced].toSorted().join(', ')}`;
  await journal.append({ kind: 'note', text });
}

const whereOf = ({ cloud, hostFacts }: RunFlags) => ({
  quiet: true,
  ...(cloud !== undefined && { cloud }),
  ...(hostFacts !== undefined && { hostFacts }),
});

async function agreesTo(
  difference: readonly string[],
  { yes }: RunFlags,
  { ask, err }: CliContext,
): Promise<boolean | undefined> {
  err(`${difference.join('\n')}\n`);
  if (yes === true) return true;
  return ask === undefined ? undefined : isYes(await ask('Go on with the new plan? [y/N] '));
}

async function sayIgnored({ plan, flags }: CloudRun, journal: Journal, { err }: CliContext): Promise<void> {
  const text = ignoredWindows(plan, flags);
  if (text === undefined) return;
  err(`${text}\n`);
  await journal.append({ kind: 'note', text });
}

function tellFindings(findings: readonly PreflightFinding[], { err, width }: CliContext): void {
  const texts = (blocks: boolean): readonly string[] =>
    findings
      .filter((finding) => finding.blocks === blocks)
      .map(({ step, text }) => (step === undefined ? text : `step ${step}: ${text}`));
  for (const [title, list] of [
    ['What has changed, and keeps the plan from being carried out:', texts(true)],
    ['To be known:', texts(false)],
  ] as const)
    if (list.length > 0) err(`${[title, ...listLines(list, width)].join('\n')}\n`);
}
