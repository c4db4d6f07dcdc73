import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { importBundle } from '../../inventory/bundle.ts';
import { completenessOf } from '../../inventory/completeness.ts';
import { writeInventory } from '../../inventory/inventory-file.ts';
import { inventoryText } from '../../inventory/print.ts';
import { importReport, type ImportResult } from '../../report/import-report.ts';
import { InputError } from '../../shared/diagnostic.ts';
import type { AddCommand } from '../command.ts';
import { importCloud, type Imported } from '../import-cloud.ts';
import { importWithNovaDb, type NovaDbWish } from '../import-nova-db.ts';
import { repeated } from '../judging-flags.ts';
import type { CliContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { isSpecialFile, standardOutput, writeTextFile } from '../files.ts';
import { refuseToReplace } from '../journal-file.ts';
import { createFlagReader } from '../flag-reader.ts';
import { printResult } from '../output.ts';

interface Flags {
  readonly from?: string;
  readonly cloud?: string;
  readonly record?: string;
  readonly hostFacts?: string;
  readonly novaDb: readonly string[];
  readonly novaDbPasswordFile?: string;
  readonly prometheus?: string;
  readonly prometheusQueries?: string;
  readonly output: string;
  readonly capturedAt?: string;
  readonly json?: true;
  readonly quiet?: true;
}

/** `planner import`: a live cloud, or recorded replies and rows, to an inventory. */
export const addImport: AddCommand = (program, context, finish) => {
  program
    .command('import')
    .description('read a cloud, live or recorded, into an inventory')
    .option('--cloud <name>', 'the cloud of clouds.yaml to read; else what OS_CLOUD or OS_* variables say')
    .option('--from <folder>', 'a recording instead, any of: api/, cli/, db/, host-facts/, metrics/')
    .option('--record <folder>', 'with --cloud: keep the replies there, without secrets, for --from')
    .option('--prometheus <url>', 'with --cloud: measured usage of the last day')
    .option('--prometheus-queries <file>', 'queries of your own, a JSON object by name')
    .option('--host-facts <folder>', 'what was gathered of hosts, one folder a host')
    .addOption(repeated('--nova-db <url>', "Nova's database of a cell or of its API, read only; repeatable"))
    .option('--nova-db-password-file <file>', 'its password; else PLANNER_NOVA_DB_PASSWORD, or in the URL')
    .option(
      '-o, --output <file>',
      'where the inventory goes (.json or .json.gz); - for standard output',
      'inventory.json',
    )
    .option('--captured-at <time>', 'when it was recorded, RFC 3339; else the latest time in the records')
    .option('--json', 'what was found as JSON')
    .option('--quiet', 'no progress')
    .addHelpText(
      'after',
      `
A live cloud is asked with an administrator's credentials, read only. Files and variables are those of every OpenStack
client: clouds.yaml, secure.yaml, clouds-public.yaml, OS_*.

A recording holds what was recorded, as it was printed:
  api/<service>/...      replies of Nova, Placement, Neutron, Cinder, Glance, Keystone
  cli/<command>.json     openstack <command> --long -f json; cli/<command>/<id>.json for show
  db/<table>.jsonl       rows of Nova's tables, one JSON object a line
  host-facts/<host>/...  virsh, numactl, lscpu; nova.conf, of which only the settings that matter are kept
  metrics/<query>.json   replies of Prometheus, gzipped or not
Where sources differ, the report says how, and which one is followed.

Examples:
  planner import --cloud mycloud -o mycloud.json.gz
  planner import --cloud mycloud --record recorded-cloud --host-facts host-facts
  planner import --cloud mycloud --nova-db mysql+pymysql://reader@db.example/nova --nova-db-password-file db-password
  planner import --from recorded-cloud
  planner import --from recorded-cloud -o cloud.json.gz --captured-at 2026-02-14T22:00:00Z`,
    )
    .action((flags: Flags) => finish(() => runImport(flags, context)));
};

async function runImport(flags: Flags, context: CliContext): Promise<ExitCode> {
  checkFlags(flags);
  await refuseToReplace('--output', flags.output);
  const { inventory, report } = await read(flags, context);
  const result: ImportResult = {
    capturedAt: inventory.capturedAt,
    completeness: completenessOf(inventory),
    ...report,
  };
  if (flags.output === standardOutput) {
    context.out(inventoryText(inventory));
    context.err(importReport(result, undefined, context.width, context.paint.err));
    return exitCodes.done;
  }
  if (await isSpecialFile(flags.output)) await writeTextFile(flags.output, inventoryText(inventory));
  else writeInventory(flags.output, inventory);
  printResult(context, flags.json, result, (value) =>
    importReport(value, flags.output, context.width, context.paint.out),
  );
  return exitCodes.done;
}

/** The recording that is named, else a live cloud. */
function read(flags: Flags, context: CliContext): Imported | Promise<Imported> {
  const { capturedAt, cloud, from, hostFacts, prometheus, prometheusQueries: queries, quiet, record } = flags;
  const novaDb = novaDbOf(flags);
  if (from === undefined) {
    return importCloud(
      {
        quiet: quiet === true,
        ...(cloud !== undefined && { cloud }),
        ...(record !== undefined && { record }),
        ...(hostFacts !== undefined && { hostFacts }),
        ...(prometheus !== undefined && { prometheus }),
        ...(queries !== undefined && { queries }),
        ...(novaDb !== undefined && { novaDb }),
      },
      context,
    );
  }
  const options = {
    ...(capturedAt !== undefined && { capturedAt }),
    folders: new Map(hostFacts === undefined ? [] : [['host-facts', hostFacts]]),
  };
  return novaDb === undefined
    ? importBundle(from, options)
    : importWithNovaDb(from, novaDb, options, context, quiet === true);
}

function novaDbOf({ novaDb, novaDbPasswordFile: passwordFile }: Flags): NovaDbWish | undefined {
  const urls = [...novaDb];
  return urls.length === 0 ? undefined : { urls, ...(passwordFile !== undefined && { passwordFile }) };
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

function checkFlags(flags: Flags): void {
  const {
    capturedAt,
    cloud,
    from,
    hostFacts,
    json,
    novaDb,
    novaDbPasswordFile: passwordFile,
    output,
    prometheus,
    prometheusQueries: queries,
    record,
  } = flags;
  const read = createFlagReader();
  if (from !== undefined && cloud !== undefined)
    read.refuse('--from', from, 'there is one cloud to read', 'leave out --from or --cloud');
  if (from !== undefined && record !== undefined)
    read.refuse(
      '--record',
      record,
      'this is a recording already',
      'leave it out, or read a cloud with --cloud',
    );
  if (from !== undefined && prometheus !== undefined)
    read.refuse(
      '--prometheus',
      '',
      'a recording has metrics of its own',
      'leave it out, or read a cloud with --cloud',
    );
  if (from !== undefined && novaDb.length > 0 && existsSync(join(from, 'db')))
    read.refuse(
      '--from',
      from,
      "this recording has rows of Nova's database already",
      'leave out --nova-db, or take the folder db/ out of a copy of the recording',
    );
  if (novaDb.length === 0 && passwordFile !== undefined)
    read.refuse('--nova-db-password-file', passwordFile, 'nobody is asked', 'add --nova-db URL');
  if (prometheus === undefined && queries !== undefined)
    read.refuse('--prometheus-queries', queries, 'nobody is asked', 'add --prometheus URL');
  if (hostFacts !== undefined && !existsSync(hostFacts))
    read.refuse(
      '--host-facts',
      hostFacts,
      'there is no such folder',
      'planner facts prints how to gather them',
    );
  if (from === undefined && capturedAt !== undefined)
    read.refuse('--captured-at', capturedAt, 'a live cloud is read now', 'leave it out');
  if (json === true && output === standardOutput)
    read.refuse('--json', '-o -', 'both want standard output', 'leave one out: the inventory itself is JSON');
  if (capturedAt !== undefined && !(instant.test(capturedAt) && Number.isFinite(Date.parse(capturedAt))))
    read.refuse('--captured-at', capturedAt, 'no time', 'write it like 2026-02-14T22:00:00Z');
  if (read.problems.length > 0) throw new InputError(read.problems);
}
