import { factsPlaybook, factsScript } from '../../report/facts-script.ts';
import { InputError } from '../../shared/diagnostic.ts';
import type { AddCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { createFlagReader } from '../flag-reader.ts';
import { chosen } from '../choices.ts';

interface Flags {
  readonly format: string;
  readonly json?: true;
}

const texts = { sh: factsScript, ansible: factsPlaybook } as const;
const formats = ['sh', 'ansible'] as const;

/** `planner facts`: how to gather what no API tells of hosts. */
export const addFacts: AddCommand = (program, context, finish) => {
  program
    .command('facts')
    .description('print a script that gathers facts of a compute host, read only, for import --host-facts')
    .addOption(chosen('--format <name>', formats.join(', '), formats).default(formats[0]))
    .option('--json', 'the script as a JSON text')
    .addHelpText(
      'after',
      `
Examples:
  planner facts > planner-facts.sh
  ssh root@kvm-a01 sh -s < planner-facts.sh | tar -x -C host-facts
  planner facts --format ansible > planner-facts.yml
  planner import --cloud mycloud --host-facts host-facts

It copies no password: of nova.conf only the options that decide where servers may run, of guests the XML without
security information.`,
    )
    .action(({ format, json }: Flags) =>
      finish(() => {
        const read = createFlagReader();
        const known = read.choice('--format', format, formats);
        if (known === undefined) throw new InputError(read.problems);
        const text = texts[known]();
        context.out(json === true ? `${JSON.stringify(text)}\n` : text);
        return exitCodes.done;
      }),
    );
};
