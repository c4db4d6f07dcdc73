import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readPageAssets } from '../../../src/cli/page-assets.ts';
import { runCli } from '../../../src/cli/run-cli.ts';
import { quietContext } from '../../support/cli-context.ts';
import { hostileNames } from './hostile-names.ts';
import { pageFile, type RecordedName } from './page-names.ts';

const recording = fileURLToPath(new URL('../../../fixtures/zed-12hosts', import.meta.url));

interface Recipe {
  /** What is other than in the recording. */
  readonly edit?: (inventory: string) => string;
  /** The command that plans. */
  readonly plan: readonly string[];
  readonly withoutMap?: true;
}

const consolidate = ['rebalance', '--goal', 'consolidate', '--allow', 'cold', '--effort', '8'];

const recipes: Readonly<Record<RecordedName, Recipe>> = {
  recorded: { plan: consolidate },
  'without-cloud': { plan: consolidate, withoutMap: true },
  renamed: { edit: withHostileNames, plan: consolidate },
  // A window over midnight and a later one, and a host that is left alone for the first two minutes.
  calendar: {
    plan: [
      ...[...consolidate, '--at', '2026-11-20T23:55Z', '--window', '23:50-00:02', '--window', '00:20-03:00'],
      ...['--freeze', 'host:kvm-b02=2026-11-20T23:50Z/2026-11-20T23:57Z'],
    ],
  },
  evacuation: { plan: ['evacuate', 'kvm-b06', '--allow', 'cold', '--effort', '8'] },
  'one-host': { edit: firstHostAlone, plan: ['rebalance', '--goal', 'balance', '--effort', '1'] },
};

/** Writes what `planner report` writes of a plan for the recorded cloud, by the commands that a person would give. */
export async function writeRecordedPage(name: RecordedName, folder: string): Promise<void> {
  const { edit, plan: words, withoutMap } = recipes[name];
  const recorded = join(folder, 'cloud.json');
  const cloud = join(folder, `${name}-cloud.json`);
  const plan = join(folder, `${name}-plan.json`);
  if (!existsSync(recorded)) await planner(folder, 'import', '--from', recording, '-o', recorded);
  const inventory = readFileSync(recorded, 'utf8');
  writeFileSync(cloud, edit === undefined ? inventory : edit(inventory));
  await planner(folder, ...words, '--inventory', cloud, '-o', plan);
  const map = withoutMap === true ? [] : ['--inventory', cloud];
  await planner(folder, 'report', plan, ...map, '-o', pageFile(name, folder));
}

/** Runs a command as `planner` does, with the script and style of the page that were built into the folder. */
async function planner(folder: string, ...words: readonly string[]): Promise<void> {
  let said = '';
  const status = await runCli(words, {
    ...quietContext,
    err: (text) => (said += text),
    surroundings: { env: {}, workingDirectory: folder, homeDirectory: folder },
    pageAssets: () => readPageAssets(pathToFileURL(`${folder}/`)),
  });
  if (status !== 0) throw new Error(`planner ${words.join(' ')} ends with ${status}: ${said}`);
}

function withHostileNames(inventory: string): string {
  const { host, otherHost, server, otherServer } = hostileNames;
  const names = { 'kvm-a03': host, 'kvm-a04': otherHost, 'vnf-fw-2': server, 'vnf-fw-1': otherServer };
  return Object.entries(names).reduce(
    (text, [old, name]) => text.replaceAll(JSON.stringify(old), () => JSON.stringify(name)),
    inventory,
  );
}

function firstHostAlone(inventory: string): string {
  const whole = JSON.parse(inventory) as {
    readonly hosts: readonly { readonly id: string }[];
    readonly servers: readonly { readonly host?: string }[];
  };
  const [first] = whole.hosts;
  const servers = whole.servers.filter(({ host }) => host === first?.id);
  return JSON.stringify({ ...whole, hosts: [first], servers });
}
