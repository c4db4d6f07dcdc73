import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { CliContext } from '../../src/cli/context.ts';
import { journalOf } from '../../src/cli/journal-file.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { quietContext } from '../support/cli-context.ts';
import { shellWords } from '../support/command-lines.ts';
import { type Block, consoleBlocks, matches, type ShownCommand } from './blocks.ts';
import { type DocumentCloud, startDocumentCloud } from './document-cloud.ts';

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
interface Printed {
  readonly lines: readonly string[];
  readonly exitCode: number;
}

async function run(line: string, given: Partial<CliContext> = {}): Promise<Printed> {
  const [, command = line, file] = /^(.*) > (\S+)$/.exec(line) ?? [];
  const [program, ...words] = shellWords(command);
  if (program !== 'planner') return runOther(line);
  let text = '';
  let written = '';
  const print = (more: string): void => {
    text += more;
  };
  const ask = (question: string): Promise<string> => {
    print(`${question}y\n`);
    return Promise.resolve('y');
  };
  const exitCode = await runCli(words, {
    ...{ ...quietContext, out: print, err: print, ask, version: '1.2.3' },
    ...given,
    ...(file !== undefined && { out: (more: string) => void (written += more) }),
  });
  if (file !== undefined) writeFileSync(file, written);
  return { lines: linesOf(text), exitCode };
}

/** Commands beside the program's. */
function runOther(line: string): Printed {
  if (!/^openssl /.test(line)) throw new Error(`only planner and openssl are run: ${line}`);
  const { status, stdout } = spawnSync('/bin/sh', ['-c', line], { encoding: 'utf8' });
  return { lines: linesOf(stdout), exitCode: status ?? 1 };
}

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

const recording = join(root, 'fixtures/zed-12hosts');
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
    symlinkSync(join(root, 'fixtures/zed-12hosts-more/host-facts'), join(folder, 'host-facts'));
    writeFileSync(join(folder, 'db-password'), 'secret\n');
    await run(`planner import --from ${recording} -o ${join(folder, 'inventory.json')}`);
    for (const [, file = '', content = ''] of text.matchAll(/^```json (\S+)\n(.*?)^```$/gms))
      writeFileSync(join(folder, file), content);
    process.chdir(folder);
    return await differencesOf(consoleBlocks(text), folder);
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function differencesOf(blocks: readonly Block[], folder: string): Promise<readonly Difference[]> {
  const differences: Difference[] = [];
  const sections = [...new Set(blocks.map(({ section }) => section))];
  for (const section of sections) {
    const cloud = lazyCloud(folder);
    try {
      for (const [at, block] of blocks.entries())
        if (block.section === section)
          differences.push(...(await differencesIn(block, at, await cloud.forBlock(block))));
    } finally {
      await cloud.close();
    }
  }
  return differences;
}

/** The cloud of a section, started for the first block that needs it. */
function lazyCloud(folder: string) {
  let cloud: DocumentCloud | undefined;
  return {
    close: () => cloud?.close(),
    async forBlock({ marks }: Block): Promise<Partial<CliContext>> {
      if (!marks.includes('cloud')) return {};
      cloud ??= await startDocumentCloud(recording, folder, {
        faults: valueOf('faults', marks),
        down: valueOf('down', marks),
      });
      await cloud.sleep(3600 * Number((valueOf('after', marks) ?? '0h').replace('h', '')));
      return cloud.given;
    },
  };
}

const valueOf = (name: string, marks: readonly string[]): string | undefined =>
  marks.find((mark) => mark.startsWith(`${name}=`))?.slice(name.length + 1);

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** Commands that end in `&` go on beside the next ones of their block, and may come to a no. */
async function differencesIn(
  { commands, marks }: Block,
  at: number,
  given: Partial<CliContext>,
): Promise<readonly Difference[]> {
  if (marks.includes('openssl') && !hasOpenssl) {
    console.warn('SKIPPED: a block of commands, as there is no openssl on this machine');
    return [];
  }
  const differences: Difference[] = [];
  const beside: { readonly command: ShownCommand; readonly end: Promise<Printed> }[] = [];
  for (const command of commands) {
    if (command.line.endsWith(' &')) {
      beside.push({ command, ...(await beginBeside(command.line.slice(0, -2), given)) });
      continue;
    }
    const { exitCode, lines } = await run(command.line, given);
    if (exitCode === command.exitCode && matches(command.output, lines)) continue;
    differences.push(differenceOf(command, at, lines, exitCode));
  }
  for (const { command, end } of beside) {
    const { exitCode, lines } = await end;
    if (exitCode !== 0 && exitCode !== 1) differences.push(differenceOf(command, at, lines, exitCode));
  }
  return differences;
}

const differenceOf = (
  command: ShownCommand,
  block: number,
  lines: readonly string[],
  exitCode: number,
): Difference => ({
  block,
  command: command.line,
  shown: withCode(command.output, command.exitCode),
  printed: withCode(lines, exitCode),
});

const withCode = (lines: readonly string[], exitCode: number): readonly string[] =>
  exitCode === 0 ? lines : [...lines, `[${exitCode}]`];

/** Begins the run of a plan; there is time for other commands while its first request is on its way. */
async function beginBeside(line: string, given: Partial<CliContext>): Promise<{ end: Promise<Printed> }> {
  const journal = journalOf(shellWords(line)[2] ?? '');
  const { sleep = quietContext.sleep } = given;
  const now = { ended: false };
  const running = run(line, {
    ...given,
    async sleep(seconds) {
      await setTimeout(50);
      await sleep(seconds);
    },
  }).finally(() => {
    now.ended = true;
  });
  const requested = (): boolean => existsSync(journal) && readFileSync(journal, 'utf8').includes('"live"');
  while (!now.ended && !requested()) await setTimeout(10);
  return { end: running };
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
  const shown = found?.printed ?? withCode(output, exitCode);
  return [`$ ${line}`, ...shown];
}
