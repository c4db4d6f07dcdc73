import { Command, CommanderError } from 'commander';
import { type Diagnostic, formatDiagnostic, InputError } from '../shared/diagnostic.ts';
import { escapeControls } from '../shared/text.ts';
import { commands } from './commands/registry.ts';
import type { CliContext } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** As many problems as anybody reads. */
const mostShown = 200;

/** Runs one command line (without `node` and the program) and returns its exit code; whatever happens is told. */
export async function runCli(words: readonly string[], context: CliContext): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done;
  const program = createProgram(context, async (work) => {
    exitCode = await work();
  });
  try {
    await program.parseAsync(words, { from: 'user' });
    return exitCode;
  } catch (error) {
    return tellError(error, words, context);
  }
}

function createProgram(
  context: CliContext,
  finish: (work: () => ExitCode | Promise<ExitCode>) => Promise<void>,
): Command {
  const program = new Command('planner')
    .description("plans, verifies and explains server moves in an OpenStack cloud, by Nova's own rules")
    .version(context.version)
    .exitOverride()
    .configureOutput({
      writeOut: context.out,
      writeErr: context.err,
      getOutHelpWidth: () => context.width,
      getErrHelpWidth: () => context.width,
      outputError: (text, write) => {
        write(
          `${text
            .trimEnd()
            .split('\n')
            .map(escapeControls)
            .join('\n')
            .replace(/^error: /, 'error usage.command: ')}\n`,
        );
      },
    })
    .addHelpText(
      'after',
      `
Examples:
  planner import --from recorded-cloud -o inventory.json
  planner rebalance --goal consolidate
  planner verify plan.json && planner export plan.json --format sh -o plan.sh

Exit codes: 0 done or nothing to do, 1 the answer is no, 2 bad input or usage, 70 a bug in planner`,
    );
  for (const add of commands) add(program, context, finish);
  for (const command of program.commands)
    command.showHelpAfterError(`  hint: planner ${command.name()} --help`);
  return program;
}

function tellError(error: unknown, words: readonly string[], context: CliContext): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.badInput;
  if (error instanceof InputError) {
    context.err(`${describeProblems(error.diagnostics)}\n`);
    return exitCodes.badInput;
  }
  context.err(describeBug(error, words, context));
  return exitCodes.bug;
}

function describeProblems(problems: readonly Diagnostic[]): string {
  const shown = problems.slice(0, mostShown).map(formatDiagnostic);
  const more = problems.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more problems`] : [])].join('\n');
}

function describeBug(error: unknown, words: readonly string[], { debug, version }: CliContext): string {
  const message = escapeControls(error instanceof Error ? error.message : String(error)).slice(0, 2000);
  const stack = error instanceof Error && error.stack !== undefined ? error.stack : message;
  const lines = [
    `error planner.bug: ${message}`,
    `  This is a mistake in planner ${version}, not in your input. Please report it with this message and the command:`,
    `  planner ${escapeControls(words.join(' '))}`,
    debug ? stack : '  PLANNER_DEBUG=1 shows where it happened.',
  ];
  return `${lines.join('\n')}\n`;
}
