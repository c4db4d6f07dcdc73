import { rulesJsonSchema } from '../../catalog/rules-file.ts';
import { journalJsonSchema } from '../../execute/journal/journal-schema.ts';
import { inventoryJsonSchema } from '../../inventory/json-schema.ts';
import { planJsonSchema } from '../../plan/plan-schema.ts';
import { InputError } from '../../shared/diagnostic.ts';
import type { AddCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { createFlagReader } from '../flag-reader.ts';
import { chosenArgument } from '../choices.ts';

const documents = ['inventory', 'plan', 'rules', 'journal'] as const;

const schemaOf: Readonly<Record<(typeof documents)[number], () => unknown>> = {
  inventory: inventoryJsonSchema,
  plan: planJsonSchema,
  rules: rulesJsonSchema,
  journal: journalJsonSchema,
};

/** `planner schema`: the JSON Schema of a document that planner reads and writes. */
export const addSchema: AddCommand = (program, context, finish) => {
  program
    .command('schema')
    .description('print the JSON Schema of a document')
    .addArgument(chosenArgument('<document>', documents.join(', '), documents))
    .option('--json', 'as always: a schema is JSON')
    .addHelpText(
      'after',
      `
Examples:
  planner schema plan > plan.schema.json
  planner schema inventory
  planner schema rules
  planner schema journal`,
    )
    .action((document: string) =>
      finish(() => {
        const read = createFlagReader();
        const known = read.choice('DOCUMENT', document, documents);
        if (known === undefined) throw new InputError(read.problems);
        context.out(`${JSON.stringify(schemaOf[known](), undefined, 2)}\n`);
        return exitCodes.done;
      }),
    );
};
