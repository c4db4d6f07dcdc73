import { memoryJournal } from '../../execute/journal/journal-file.ts';
import { type Rehearsal, type Rehearsals, sumUp } from '../../execute/rehearse.ts';
import { execute } from '../../execute/runner/execute.ts';
import type { Plan } from '../../plan/plan.ts';
import { rehearsalReport } from '../../report/rehearsals.ts';
import type { Diagnostic } from '../../shared/diagnostic.ts';
import { InputError } from '../../shared/diagnostic.ts';
import { approvedBy } from '../approvals.ts';
import { notYetFenced } from '../ask-fenced.ts';
import type { AddCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { createFlagReader } from '../flag-reader.ts';
import { orProblems } from '../or-problems.ts';
import { printResult } from '../output.ts';
import { loadPlanBytes } from '../load.ts';
import { runOnCloud } from '../run-on-cloud.ts';
import { addRunOptions, readRunFlags } from '../run-flags.ts';
import { simulate, simulatedReplan } from '../run-simulated.ts';
import {
  addSimulateOptions,
  loadSimulation,
  readSeed,
  type SimulateFlags,
  type SimulationStart,
} from '../simulate-flags.ts';

interface Flags extends SimulateFlags {
  readonly rehearse?: string;
}

/** `planner run`: carries a plan out, on a cloud or a simulated one. */
export const addRun: AddCommand = (program, context, finish) => {
  const command = program
    .command('run')
    .description('carry a plan out, step by step, with a journal')
    .argument('<plan>', 'the file of the plan');
  addSimulateOptions(addRunOptions(command))
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
  const loaded = await orProblems(() => loadPlanBytes(file), problems);
  const plan = loaded?.plan;
  const settings = readRunFlags(flags, plan, read);
  const seed = readSeed(flags, read);
  const rehearsals = read.integer('--rehearse', flags.rehearse, 1, mostRehearsals);
  if (flags.simulate !== true && flags.rehearse !== undefined)
    read.refuse('--rehearse', flags.rehearse, 'only with --simulate');
  const unsafe = flags.simulate === true && plan !== undefined ? notYetFenced(plan, settings.fenced) : [];
  for (const host of unsafe)
    read.refuse('--fenced', host, 'servers are evacuated from it', `add --fenced ${host}, as a run wants it`);
  const all = [...read.problems, ...problems];
  if (all.length > 0 || loaded === undefined || plan === undefined || seed === undefined)
    throw new InputError(all);
  const approved = await approvedBy(file, loaded.sha256, flags, context);
  if (approved === undefined) return exitCodes.no;
  if (flags.simulate !== true) {
    const work = { plan, file, flags, settings, resumes: false, approvedBy: approved };
    return runOnCloud(work, context);
  }
  const simulation = await loadSimulation(plan, flags, settings);
  if (rehearsals !== undefined)
    return rehearse({ plan, ...simulation, seed, runs: rehearsals, flags }, context);
  return simulate({ plan, file, flags, ...simulation, cloud: simulation.start(seed) }, context);
}

const mostRehearsals = 100_000;

interface Rehearsing extends SimulationStart {
  readonly plan: Plan;
  readonly seed: number;
  readonly runs: number;
  readonly flags: Flags;
}

async function rehearse(work: Rehearsing, context: CliContext): Promise<ExitCode> {
  const { seed, runs, flags } = work;
  const all: Rehearsal[] = [];
  for (let index = 0; index < runs; index += 1) all.push(await rehearseOnce(work, seed + index, context));
  const sum: Rehearsals = sumUp(all);
  printResult(context, flags.json, sum, (value) => rehearsalReport(value, context.width));
  return sum.done === sum.runs ? exitCodes.done : exitCodes.no;
}

async function rehearseOnce(
  { plan, settings, start, begun }: Rehearsing,
  seed: number,
  context: CliContext,
): Promise<Rehearsal> {
  const cloud = start(seed);
  const { clock, driver } = cloud;
  const journal = memoryJournal(() => new Date(clock.now()).toISOString());
  const replan = simulatedReplan({ first: plan, cloud, journal, begun, quiet: true }, context);
  const tools = { plan, driver, journal, clock, settings, replan };
  const { ended, steps } = await execute({ ...tools, wish: () => 'go-on' });
  const failed = [...steps].find(([, step]) => step.phase === 'failed');
  const text = failed === undefined ? (ended?.text ?? '') : `${failed[0]}: ${failed[1].text ?? ''}`;
  return { seed, outcome: ended?.outcome ?? 'stopped', seconds: cloud.elapsed(), text };
}
