import { readJournal } from '../../execute/journal/journal-file.ts';
import { readLock } from '../../execute/journal/lock.ts';
import type { Plan } from '../../plan/plan.ts';
import { type RunStatus, runStatusReport } from '../../report/run-status.ts';
import { InputError } from '../../shared/diagnostic.ts';
import type { AddCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { journalOf } from '../journal-file.ts';
import { loadPlan } from '../load.ts';
import { thisMachine } from '../machine.ts';
import { printResult } from '../output.ts';
import { planAtWork } from '../plan-chain.ts';
import { lockOf } from '../run-lock.ts';
import { runStatus } from '../run-status.ts';

interface Flags {
  readonly journal?: string;
  readonly watch?: true;
  readonly json?: true;
}

/** `planner status`: how a run stands, from its journal. */
export const addStatus: AddCommand = (program, context, finish) => {
  program
    .command('status')
    .description('how the run of a plan stands: what is done, on its way, and failed')
    .argument('<plan>', 'the file of the plan')
    .option('--journal <file>', 'where the journal stands; beside the plan by default')
    .option('--watch', 'again whenever something has changed, until the run ends')
    .option('--json', 'the status as JSON')
    .addHelpText(
      'after',
      `
Examples:
  planner status plan.json
  planner status plan.json --watch

The exit code is 0 when the run goes on or is done, 1 when it has stopped, failed, or was killed.`,
    )
    .action((file: string, flags: Flags) =>
      finish(async () => {
        const plan = await loadPlan(file);
        const show = async (): Promise<RunStatus> => {
          const status = await statusOf(plan, file, flags, context);
          printResult(context, flags.json, status, (value) =>
            runStatusReport(value, context.width, context.paint.out),
          );
          return status;
        };
        const status = flags.watch === true ? await watch(plan, file, flags, context, show) : await show();
        return goesOn(status) || status.state === 'done' ? exitCodes.done : exitCodes.no;
      }),
    );
};

const goesOn = ({ state }: RunStatus): boolean => state === 'running' || state === 'stopping';

async function statusOf(
  plan: Plan,
  file: string,
  { journal }: Flags,
  { wallClock }: CliContext,
): Promise<RunStatus> {
  const path = journal ?? journalOf(file);
  // The lock first: a run that ends in between has written its end.
  const holder = await readLock(lockOf(path), thisMachine());
  const { entries } = await readJournal(path);
  if (entries.length === 0) {
    const summary = 'this plan has no journal: it was not begun';
    const hint = `carry it out with \`planner run ${file}\``;
    throw new InputError([{ code: 'run.no-journal', severity: 'error', summary, source: path, hint }]);
  }
  const atWork = await planAtWork(plan, path, entries);
  return runStatus(atWork, entries, holder, wallClock(), file);
}

async function watch(
  plan: Plan,
  file: string,
  flags: Flags,
  context: CliContext,
  show: () => Promise<RunStatus>,
): Promise<RunStatus> {
  const interrupted = new AbortController();
  const forget = context.onInterrupt(() => {
    interrupted.abort();
  });
  let status = await show();
  let shown = JSON.stringify(withoutTimes(status));
  while (goesOn(status) && !interrupted.signal.aborted) {
    await context.sleep(1);
    status = await statusOf(plan, file, flags, context);
    const next = JSON.stringify(withoutTimes(status));
    if (next !== shown) status = await show();
    shown = next;
  }
  forget();
  return status;
}

/** Time passes, which is no news. */
const withoutTimes = (status: RunStatus): unknown => ({
  ...status,
  steps: status.steps.map((step) => ({ ...step, seconds: 0 })),
});
