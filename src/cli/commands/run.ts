import { memoryJournal, openJournal } from '../../execute/journal/journal-file.ts';
import { type Rehearsal, type Rehearsals, sumUp } from '../../execute/rehearse.ts';
import { execute } from '../../execute/runner/execute.ts';
import type { RunSettings } from '../../execute/runner/settings.ts';
import type { Plan } from '../../plan/plan.ts';
import { rehearsalReport } from '../../report/rehearsals.ts';
import { runStatusReport } from '../../report/run-status.ts';
import type { Diagnostic } from '../../shared/diagnostic.ts';
import { InputError } from '../../shared/diagnostic.ts';
import type { AddCommand } from '../command.ts';
import { checkOf } from '../check-guest.ts';
import type { CliContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { createFlagReader } from '../flag-reader.ts';
import { exists } from '../files.ts';
import { loadPlan } from '../load.ts';
import { thisMachine } from '../machine.ts';
import { orProblems } from '../or-problems.ts';
import { printResult } from '../output.ts';
import { bindCalendar, ignoredWindows } from '../run-calendar.ts';
import { createReplan } from '../replan.ts';
import { runOnCloud } from '../run-on-cloud.ts';
import { addRunOptions, readRunFlags, type RunFlags } from '../run-flags.ts';
import { runPlan } from '../run-plan.ts';
import { runStatus } from '../run-status.ts';
import { loadFaults, loadSimulated, startSimulated } from '../simulate.ts';

interface Flags extends RunFlags {
  readonly simulate?: true;
  readonly inventory: string;
  readonly faults?: string;
  readonly seed: string;
  readonly rehearse?: string;
}

/** `planner run`: carries a plan out, on a cloud or a simulated one. */
export const addRun: AddCommand = (program, context, finish) => {
  const command = program
    .command('run')
    .description('carry a plan out, step by step, with a journal')
    .argument('<plan>', 'the file of the plan');
  addRunOptions(command)
    .option('--simulate', 'on a simulated cloud, made of the inventory')
    .option('--inventory <file>', 'the cloud to simulate', 'inventory.json')
    .option('--faults <file>', 'what goes wrong in the simulation')
    .option('--seed <n>', 'of the chance in the simulation', '1')
    .option('--rehearse <n>', 'simulate it so many times, with as many seeds, and add up')
    .addHelpText(
      'after',
      `
Examples:
  planner run plan.json --cloud prod
  planner run plan.json --cloud prod --yes --on-failure continue --max-failures 3
  planner run plan.json --simulate
  planner run plan.json --simulate --faults faults.json --rehearse 100

Every request is in the journal before it is sent: whatever ends the run, \`planner resume\` goes on with it. Ctrl-C
requests nothing more and waits for what is on its way. The exit code is 1 when the plan did not come to its end.`,
    )
    .action((file: string, flags: Flags) => finish(() => run(file, flags, context)));
};

async function run(file: string, flags: Flags, context: CliContext): Promise<ExitCode> {
  const read = createFlagReader();
  const problems: Diagnostic[] = [];
  const plan = await orProblems(() => loadPlan(file), problems);
  const settings = readRunFlags(flags, plan, read);
  const seed = read.integer('--seed', flags.seed, 0, Number.MAX_SAFE_INTEGER);
  const rehearsals = read.integer('--rehearse', flags.rehearse, 1, mostRehearsals);
  if (flags.simulate !== true)
    for (const name of ['faults', 'rehearse'] as const)
      if (flags[name] !== undefined) read.refuse(`--${name}`, flags[name], 'only with --simulate');
  const all = [...read.problems, ...problems];
  if (all.length > 0 || plan === undefined || seed === undefined) throw new InputError(all);
  if (flags.simulate !== true) return runOnCloud({ plan, file, flags, settings, resumes: false }, context);
  const known = await loadSimulated(plan, flags.inventory);
  const faults = await loadFaults(flags.faults);
  const start = (chance: number) => startSimulated(known, plan, faults, chance);
  const begun = Date.parse(plan.basedOn.capturedAt);
  const cloudOf = () => Promise.resolve(known.context.cloud);
  const bound = await bindCalendar({ plan, flags, settings, begun, cloudOf });
  return rehearsals === undefined
    ? simulate({ plan, file, flags, settings: bound, cloud: start(seed), begun }, context)
    : rehearse({ plan, settings: bound, start, seed, runs: rehearsals, flags }, context);
}

const mostRehearsals = 100_000;

interface Simulation {
  readonly plan: Plan;
  readonly file: string;
  readonly flags: Flags;
  readonly settings: RunSettings;
  readonly cloud: ReturnType<typeof startSimulated>;
  /** In milliseconds since 1970. */
  readonly begun: number;
}

async function simulate(
  { plan, file, flags, settings, cloud, begun }: Simulation,
  context: CliContext,
): Promise<ExitCode> {
  const { clock, driver } = cloud;
  const now = (): string => new Date(clock.now()).toISOString();
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
  const ignored = ignoredWindows(plan, flags);
  if (ignored !== undefined) await journal.append({ kind: 'note', text: ignored });
  const { state, plan: last } = await runPlan(
    {
      ...{ plan, driver, journal, clock, settings },
      wish: () => 'go-on',
      tells: flags.json !== true,
      replan: createReplan(
        {
          ...{ clock, begun },
          ...(flags.journal !== undefined && { journal: flags.journal }),
          written: () => journal.entries.filter(({ kind }) => kind === 'replanned').length,
          cloudOf: () => Promise.resolve({ cloud: cloud.cloud(), digest: plan.basedOn.inventoryDigest }),
          agrees: () => Promise.resolve(true),
        },
        context,
      ),
      ...checkOf(flags),
    },
    context,
  );
  await journal.close();
  const status = runStatus(last, journal.entries, undefined, clock.now(), file);
  printResult(context, flags.json, { ...status, next: '' }, (value) => runStatusReport(value, context.width));
  return state.ended?.outcome === 'done' ? exitCodes.done : exitCodes.no;
}

const taken = (journal: string): Diagnostic => ({
  code: 'journal.taken',
  severity: 'error',
  summary: 'there is such a file already',
  source: '--journal',
  value: journal,
  hint: 'name another: a simulation begins anew',
});

interface Rehearsing {
  readonly plan: Plan;
  readonly settings: RunSettings;
  readonly start: (seed: number) => ReturnType<typeof startSimulated>;
  readonly seed: number;
  readonly runs: number;
  readonly flags: Flags;
}

async function rehearse(
  { plan, settings, start, seed, runs, flags }: Rehearsing,
  context: CliContext,
): Promise<ExitCode> {
  const all: Rehearsal[] = [];
  for (let index = 0; index < runs; index += 1)
    all.push(await rehearseOnce(plan, settings, start, seed + index));
  const sum: Rehearsals = sumUp(all);
  printResult(context, flags.json, sum, (value) => rehearsalReport(value, context.width));
  return sum.done === sum.runs ? exitCodes.done : exitCodes.no;
}

async function rehearseOnce(
  plan: Plan,
  settings: RunSettings,
  start: Rehearsing['start'],
  seed: number,
): Promise<Rehearsal> {
  const { clock, driver, ...cloud } = start(seed);
  const journal = memoryJournal(() => new Date(clock.now()).toISOString());
  const { ended, steps } = await execute({ plan, driver, journal, clock, settings, wish: () => 'go-on' });
  const failed = [...steps].find(([, step]) => step.phase === 'failed');
  const text = failed === undefined ? (ended?.text ?? '') : `${failed[0]}: ${failed[1].text ?? ''}`;
  return { seed, outcome: ended?.outcome ?? 'stopped', seconds: cloud.elapsed(), text };
}
