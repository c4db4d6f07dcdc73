import type { Plan } from '../../plan/plan.ts';
import { printPlan } from '../../plan/print-plan.ts';
import { planCsv } from '../../report/plan-csv.ts';
import { planMarkdown } from '../../report/plan-markdown.ts';
import { planPlaybook } from '../../report/plan-playbook.ts';
import { planScript } from '../../report/plan-script.ts';
import type { ScriptClock } from '../../report/script-calendar.ts';
import { InputError } from '../../shared/diagnostic.ts';
import type { AddCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { standardOutput, writeTextFile } from '../files.ts';
import { refuseToReplace } from '../journal-file.ts';
import { createFlagReader } from '../flag-reader.ts';
import { loadPlan } from '../load.ts';
import { scriptClock } from '../script-clock.ts';
import { chosen } from '../choices.ts';

const formats = ['json', 'sh', 'ansible', 'markdown', 'csv'] as const;
type Format = (typeof formats)[number];

const print: Readonly<Record<Format, (plan: Plan, clock?: ScriptClock) => string>> = {
  json: printPlan,
  sh: planScript,
  ansible: planPlaybook,
  markdown: planMarkdown,
  csv: planCsv,
};

interface Flags {
  readonly format?: string;
  readonly output: string;
}

/** `planner export`: a plan as a script, a playbook, a document for review, a table, or JSON. */
export const addExport: AddCommand = (program, context, finish) => {
  program
    .command('export')
    .description('write a plan as a script, a playbook, a document for review, a table, or JSON')
    .argument('<plan>', 'the file of the plan')
    .addOption(chosen('--format <format>', formats.join(', '), formats))
    .option('-o, --output <file>', 'where it goes; - for standard output', standardOutput)
    .addHelpText(
      'after',
      `
Examples:
  planner export plan.json --format sh -o plan.sh
  planner export plan.json --format ansible -o plan.yml
  planner export plan.json --format markdown -o plan.md
  planner export plan.json --format csv -o plan.csv
  planner export plan.json --format json

Script and playbook need bash, the clients of the plan's release and an administrator's credentials. They take the steps
one after the other, keep the plan's windows, freezes and deadline, and may be run again at any time.`,
    )
    .action((file: string, flags: Flags) =>
      finish(async () => {
        const format = readFormat(flags);
        const plan = await loadPlan(file);
        const text = print[format](plan, scriptClock(plan));
        if (flags.output === standardOutput) context.out(text);
        else {
          await refuseToReplace('--output', flags.output, { 'the plan itself': file });
          await writeTextFile(flags.output, text);
        }
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
