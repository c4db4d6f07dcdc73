import { shellWord } from '../../report/words.ts';
import { readLock } from '../../execute/journal/lock.ts';
import type { Wish } from '../../execute/runner/tools.ts';
import type { AddCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { exists } from '../files.ts';
import { journalOf } from '../journal-file.ts';
import { loadPlan } from '../load.ts';
import { thisMachine } from '../machine.ts';
import { lockOf } from '../run-lock.ts';
import { leaveWish } from '../run-wish.ts';
import { answer, say } from '../tell.ts';

interface Flags {
  readonly journal?: string;
}

/** `planner stop`: the run of a plan requests nothing more, and waits for what is on its way. */
export const addStop: AddCommand = (program, context, finish) => {
  program
    .command('stop')
    .description(
      'end the run of a plan politely: nothing more is requested, what is on its way is waited for',
    )
    .argument('<plan>', 'the file of the plan')
    .option('--journal <file>', 'where the journal stands; beside the plan by default')
    .addHelpText(
      'after',
      `
Examples:
  planner stop plan.json && planner status plan.json --watch

\`planner resume\` goes on with it. The exit code is 1 when no run goes on.`,
    )
    .action((file: string, flags: Flags) => finish(() => wish('stop', file, flags, context)));
};

/** `planner abort`: as `stop`, and live migrations that are on their way are aborted. */
export const addAbort: AddCommand = (program, context, finish) => {
  program
    .command('abort')
    .description('end the run of a plan now: live migrations that are on their way are aborted')
    .argument('<plan>', 'the file of the plan')
    .option('--journal <file>', 'where the journal stands; beside the plan by default')
    .addHelpText(
      'after',
      `
Examples:
  planner abort plan.json

Servers stay where they were; cold migrations cannot be aborted and are waited for. \`planner resume\` goes on with the
plan. The exit code is 1 when no run goes on.`,
    )
    .action((file: string, flags: Flags) => finish(() => wish('abort', file, flags, context)));
};

async function wish(
  what: Exclude<Wish, 'go-on'>,
  file: string,
  { journal }: Flags,
  context: CliContext,
): Promise<ExitCode> {
  const plan = await loadPlan(file);
  const path = journal ?? journalOf(file);
  const holder = await readLock(lockOf(path), thisMachine());
  if (holder === undefined || holder.alive === 'no') {
    say(
      (await exists(path))
        ? `no run of plan ${plan.id} goes on; \`planner status ${shellWord(file)}\` says how it stands`
        : `plan ${plan.id} was not begun, there is no journal ${path}: nothing to ${what}; \`planner run ${shellWord(file)}\` begins it`,
      context,
    );
    return exitCodes.no;
  }
  await leaveWish(path, what);
  answer(`process ${holder.pid} on ${holder.host} was told to ${what}`, context);
  return exitCodes.done;
}
