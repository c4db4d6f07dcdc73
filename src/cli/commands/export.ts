import type { Plan } from '../../plan/plan.ts';
import { printPlan } from '../../plan/print-plan.ts';
import { planMarkdown } from '../../report/plan-markdown.ts';
import { planScript } from '../../report/plan-script.ts';
import { clockLines, clockWarning } from '../../report/script-calendar.ts';
import { InputError } from '../../shared/diagnostic.ts';
import type { AddCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { samePath, standardOutput, writeTextFile } from '../files.ts';
import { createFlagReader } from '../flag-reader.ts';
import { loadPlan } from '../load.ts';

const formats = ['json', 'sh', 'markdown'] as const;
type Format = (typeof formats)[number];

const print: Readonly<Record<Format, (plan: Plan) => string>> = {
  json: printPlan,
  sh: planScript,
  markdown: planMarkdown,
};

interface Flags {
  readonly format?: string;
  readonly output: string;
}

/** `planner export`: a plan as a script, as a document for review, or as JSON. */
export const addExport: AddCommand = (program, context, finish) => {
  program
    .command('export')
    .description('write a plan as a script, as a document for review, or as JSON')
    .argument('<plan>', 'the file of the plan')
    .option('--format <format>', formats.join(', '))
    .option('-o, --output <file>', 'where it goes; - for standard output', standardOutput)
    .addHelpText(
      'after',
      `
Examples:
  planner export plan.json --format sh -o plan.sh
  planner export plan.json --format markdown -o plan.md
  planner export plan.json --format json

The script needs bash, the openstack client and an administrator's credentials. It may be run again at any time.`,
    )
    .action((file: string, flags: Flags) =>
      finish(async () => {
        const format = readFormat(flags);
        const plan = await loadPlan(file);
        if (flags.output === standardOutput) context.out(print[format](plan));
        else {
          await refuseSameFile(file, flags.output);
          await writeTextFile(flags.output, print[format](plan));
        }
        if (format === 'sh' && clockLines(plan).length > 0) context.err(`warning: ${clockWarning}\n`);
        return exitCodes.done;
      }),
    );
};

function readFormat({ format }: Flags): Format {
  const read = createFlagReader();
  const known = read.choice('--format', format ?? '', formats);
  if (known === undefined) throw new InputError(read.problems);
  return known;
}

/** Nobody means to put a script in the place of the plan that it is made from. */
async function refuseSameFile(plan: string, output: string): Promise<void> {
  if (!(await samePath(plan, output))) return;
  const summary = 'this is the plan itself';
  const hint = 'name another file with -o';
  throw new InputError([
    { code: 'usage.option', severity: 'error', summary, source: '--output', value: output, hint },
  ]);
}
