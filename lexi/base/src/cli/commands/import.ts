import { importBundle } from '../../inventory/bundle.ts';
import { completenessOf } from '../../inventory/completeness.ts';
import { writeInventory } from '../../inventory/inventory-file.ts';
import { inventoryText } from '../../inventory/print.ts';
import { importReport, type ImportResult } from '../../report/import-report.ts';
import { InputError } from '../../shared/diagnostic.ts';
import type { AddCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { isSpecialFile, standardOutput, writeTextFile } from '../files.ts';
import { createFlagReader } from '../flag-reader.ts';
import { printResult } from '../output.ts';

interface Flags {
  readonly from: string;
  readonly output: string;
  readonly capturedAt?: string;
  readonly json?: true;
}

/** `planner import`: recorded replies and rows to an inventory. */
export const addImport: AddCommand = (program, context, finish) => {
  program
    .command('import')
    .description('read a recorded cloud into an inventory')
    .requiredOption('--from <folder>', 'the recording, any of: api/, cli/, db/, host-facts/, metrics/')
    .option(
      '-o, --output <file>',
      'where the inventory goes (.json or .json.gz); - for standard output',
      'inventory.json',
    )
    .option('--captured-at <time>', 'when it was recorded, RFC 3339; else the latest time in the records')
    .option('--json', 'what was found as JSON')
    .addHelpText(
      'after',
      `
The folder holds what was recorded, as it was printed:
  api/<service>/...      replies of Nova, Placement, Glance, Keystone
  cli/<command>.json     openstack <command> --long -f json; cli/<command>/<id>.json for show
  db/<table>.jsonl       rows of Nova's tables, one JSON object a line
  host-facts/<host>/...  virsh, numactl, lscpu; nova.conf, of which only the settings that matter are kept
  metrics/<query>.json   replies of Prometheus, gzipped or not
Where sources differ, the report says how, and which one is followed.

Examples:
  planner import --from recorded-cloud
  planner import --from recorded-cloud -o cloud.json.gz --captured-at 2026-02-14T22:00:00Z`,
    )
    .action((flags: Flags) => finish(() => runImport(flags, context)));
};

async function runImport(flags: Flags, context: CliContext): Promise<ExitCode> {
  checkFlags(flags);
  const { inventory, report } = importBundle(
    flags.from,
    flags.capturedAt === undefined ? {} : { capturedAt: flags.capturedAt },
  );
  const result: ImportResult = {
    capturedAt: inventory.capturedAt,
    completeness: completenessOf(inventory),
    ...report,
  };
  if (flags.output === standardOutput) {
    context.out(inventoryText(inventory));
    context.err(importReport(result, undefined, context.width));
    return exitCodes.done;
  }
  if (await isSpecialFile(flags.output)) await writeTextFile(flags.output, inventoryText(inventory));
  else writeInventory(flags.output, inventory);
  printResult(context, flags.json, result, (value) => importReport(value, flags.output, context.width));
  return exitCodes.done;
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

function checkFlags({ capturedAt, json, output }: Flags): void {
  const read = createFlagReader();
  if (json === true && output === standardOutput)
    read.refuse('--json', '-o -', 'both want standard output', 'leave one out: the inventory itself is JSON');
  if (capturedAt !== undefined && !(instant.test(capturedAt) && Number.isFinite(Date.parse(capturedAt))))
    read.refuse('--captured-at', capturedAt, 'no time', 'write it like 2026-02-14T22:00:00Z');
  if (read.problems.length > 0) throw new InputError(read.problems);
}
