import { existsSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Clock } from './meter.ts';

class BadOptions extends Error {}

/** Options of a single-case command: all are text, those without a default must be given. */
export class Options {
  readonly #values: Readonly<Record<string, string>>;

  constructor(args: readonly string[], defaults: Readonly<Record<string, string | undefined>>) {
    const names = Object.keys(defaults);
    let given: Readonly<Record<string, string | boolean | undefined>>;
    try {
      const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
      given = parseArgs({ args: [...args], options }).values;
    } catch (error) {
      throw new BadOptions(error instanceof Error ? error.message : String(error));
    }
    const missing = names.filter((name) => given[name] === undefined && defaults[name] === undefined);
    if (missing.length > 0) throw new BadOptions(`missing ${missing.map((name) => `--${name}`).join(', ')}`);
    this.#values = Object.fromEntries(names.map((name) => [name, String(given[name] ?? defaults[name])]));
  }

  text(name: string): string {
    return this.#values[name] ?? '';
  }

  /** A number that is not negative. */
  number(name: string): number {
    const value = Number(this.text(name));
    if (this.text(name) === '' || !Number.isFinite(value) || value < 0)
      throw new BadOptions(`--${name} ${this.text(name)}: a number from 0 is wanted`);
    return value;
  }

  oneOf<Choice extends string>(name: string, choices: readonly Choice[]): Choice {
    const found = choices.find((choice) => choice === this.text(name));
    if (found === undefined)
      throw new BadOptions(`--${name} ${this.text(name)}: one of ${choices.join(', ')} is wanted`);
    return found;
  }

  clock(): Clock {
    return this.oneOf('clock', ['wall', 'cpu']);
  }

  /** A file that does not exist yet: results are never written over. */
  newFile(name: string): string {
    const path = this.text(name);
    if (existsSync(path)) throw new BadOptions(`--${name} ${path} exists; name a new file`);
    return path;
  }
}

/** Runs a single-case command; its result goes to a new file, a summary to stdout. */
export async function runCommand(
  usage: string,
  run: () => Promise<{
    readonly file: string;
    readonly result: unknown;
    readonly summary: unknown;
    readonly ok: boolean;
  }>,
): Promise<void> {
  try {
    const { file, result, summary, ok } = await run();
    writeFileSync(file, `${JSON.stringify(result)}\n`, { flag: 'wx' });
    process.stdout.write(`${JSON.stringify(summary)}\n`);
    process.exitCode = ok ? 0 : 1;
  } catch (error) {
    const isUser = error instanceof BadOptions || error instanceof BadData || hasCode(error);
    if (!isUser || !(error instanceof Error)) throw error;
    process.stderr.write(
      `error: ${error.message}\n${error instanceof BadOptions ? `usage: ${usage}\n` : ''}`,
    );
    process.exitCode = 2;
  }
}

/** A data file that is not what it should be, or is not there. */
export class BadData extends Error {}

const hasCode = (error: unknown): boolean => error instanceof Error && 'code' in error;
