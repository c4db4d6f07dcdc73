import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCli } from '../../src/cli/run-cli.ts';
import { quietContext } from '../support/cli-context.ts';
import { shellWords } from '../support/command-lines.ts';
import { type Block, consoleBlocks, matches, type ShownCommand } from './blocks.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Documents whose commands are run. */
export const documents = [
  'README.md',
  'docs/operators.md',
  'docs/planning.md',
  'docs/reviewing.md',
  'docs/running.md',
  'docs/reading.md',
  'docs/rules.md',
  'models/README.md',
];

export const readDocument = (name: string): string => readFileSync(join(root, name), 'utf8');

/** What a command printed, both streams as a terminal shows them, and its exit code. */
async function run(line: string): Promise<{ lines: readonly string[]; exitCode: number }> {
  const [program, ...words] = shellWords(line);
  if (program !== 'planner') throw new Error(`only planner is run: ${line}`);
  let text = '';
  const print = (more: string): void => {
    text += more;
  };
  const exitCode = await runCli(words, { ...quietContext, out: print, err: print, version: '1.2.3' });
  return { lines: text === '' ? [] : text.replace(/\n$/, '').split('\n'), exitCode };
}

let imported = '';

/** The recorded cloud of the project as an inventory, read once. */
async function recordedInventory(): Promise<string> {
  if (imported === '') {
    imported = join(mkdtempSync(join(tmpdir(), 'planner-docs-import-')), 'inventory.json');
    await run(`planner import --from ${join(root, 'fixtures/zed-12hosts')} -o ${imported}`);
  }
  return imported;
}

export interface Difference {
  /** Which console block of the document. */
  readonly block: number;
  readonly command: string;
  readonly shown: readonly string[];
  readonly printed: readonly string[];
}

/**
 * Runs the commands of a document one after the other, in a folder with `fixtures`, the inventory of the recorded cloud,
 * and the JSON files that the document shows under their names. Returns where they print something else than the
 * document shows.
 */
export async function runDocument(name: string): Promise<readonly Difference[]> {
  const text = readDocument(name);
  const folder = mkdtempSync(join(tmpdir(), 'planner-docs-'));
  const before = process.cwd();
  try {
    symlinkSync(join(root, 'fixtures'), join(folder, 'fixtures'));
    copyFileSync(await recordedInventory(), join(folder, 'inventory.json'));
    for (const [, file = '', content = ''] of text.matchAll(/^```json (\S+)\n(.*?)^```$/gms))
      writeFileSync(join(folder, file), content);
    process.chdir(folder);
    return await differencesOf(consoleBlocks(text));
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function differencesOf(blocks: readonly Block[]): Promise<readonly Difference[]> {
  const differences: Difference[] = [];
  for (const [at, { commands, marks }] of blocks.entries()) {
    if (marks.includes('lab')) continue;
    for (const command of commands) {
      const { exitCode, lines } = await run(command.line);
      const printed = exitCode === 0 ? lines : [...lines, `[${exitCode}]`];
      const shown = command.exitCode === 0 ? command.output : [...command.output, `[${command.exitCode}]`];
      if (!matches(shown, printed)) differences.push({ block: at, command: command.line, shown, printed });
    }
  }
  return differences;
}

/** Writes what commands print now into a document: for those who change what is printed, and read it afterwards. */
export function rewrite(name: string, differences: readonly Difference[]): void {
  const text = readDocument(name);
  const lines = text.split('\n');
  for (const [at, { commands, end, first }] of [...consoleBlocks(text).entries()].toReversed()) {
    const found = differences.filter(({ block }) => block === at);
    if (found.length > 0)
      lines.splice(first, end - first, ...commands.flatMap((command) => commandLines(command, found)));
  }
  writeFileSync(join(root, name), lines.join('\n'));
}

function commandLines(
  { line, output, exitCode }: ShownCommand,
  differences: readonly Difference[],
): string[] {
  const found = differences.find(({ command }) => command === line);
  const shown = found?.printed ?? [...output, ...(exitCode === 0 ? [] : [`[${exitCode}]`])];
  return [`$ ${line}`, ...shown];
}
