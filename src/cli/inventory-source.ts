import type { Command } from 'commander';
import { dirname, join } from 'node:path';
import { writeInventory } from '../inventory/inventory-file.ts';
import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import type { CliContext } from './context.ts';
import { standardOutput } from './files.ts';
import { importCloud } from './import-cloud.ts';
import { type LoadedCloud, loadCloud } from './load.ts';
import { say } from './tell.ts';

/** Where a command's cloud comes from, as commander gives it. */
export interface SourceFlags {
  readonly inventory?: string;
  readonly cloud?: string;
  readonly hostFacts?: string;
  readonly quiet?: true;
}

/** The inventory that is read where nobody names one. */
export const usualFile = 'inventory.json';

/** Adds the options that name a cloud. */
export function addSourceOptions(command: Command, inventory: string): Command {
  return command
    .option('--inventory <file>', `${inventory} (inventory.json)`)
    .option('--cloud <name>', 'import this cloud of clouds.yaml first; else the one of OS_CLOUD')
    .option('--host-facts <folder>', 'with --cloud: what was gathered of hosts (planner facts)');
}

/** Whether the cloud is read live: it takes its time, so nobody should find a typing error afterwards. */
export const isLive = (flags: SourceFlags, context: CliContext): boolean =>
  liveName(flags, context) !== undefined;

function liveName({ cloud, inventory }: SourceFlags, { surroundings }: CliContext): string | undefined {
  if (inventory !== undefined) return undefined;
  const { OS_CLOUD: usual } = surroundings.env;
  return cloud ?? (usual === '' ? undefined : usual);
}

/**
 * The cloud of `--inventory`, else of `--cloud` or `OS_CLOUD`, freshly imported and kept as an inventory beside
 * `besides` (in the working directory where that is no file), else of `inventory.json`.
 *
 * @throws InputError with every problem.
 */
export async function loadSource(
  flags: SourceFlags,
  context: CliContext,
  besides: string = standardOutput,
): Promise<LoadedCloud> {
  const name = liveName(flags, context);
  const { hostFacts, inventory: named = usualFile, quiet = false } = flags;
  if (name === undefined && hostFacts !== undefined) throw new InputError([factsAlone(hostFacts, named)]);
  if (name === undefined) return loadCloud(named);
  const more = hostFacts === undefined ? {} : { hostFacts };
  const { inventory, report } = await importCloud({ cloud: name, quiet, ...more }, context);
  const file = join(
    besides === standardOutput ? context.surroundings.workingDirectory : dirname(besides),
    fileFor(name),
  );
  writeInventory(file, inventory);
  const { gaps } = report;
  const missing =
    gaps.length === 0 ? '' : `, incomplete (${gaps.length} gaps: planner import --cloud shows them)`;
  say(`imported cloud ${name}${missing}; its inventory is ${file}`, context);
  return loadCloud(file);
}

const factsAlone = (value: string, inventory: string): Diagnostic => ({
  code: 'usage.option',
  severity: 'error',
  summary: `facts of hosts are read with a live cloud; ${inventory} has those that it was imported with`,
  source: '--host-facts',
  value,
  hint: 'add --cloud, or import again with --host-facts',
});

/** A cloud may be called anything. */
const fileFor = (name: string): string => `${name.replace(/[^\w.-]+/g, '-')}.inventory.json`;
