import { CommanderError } from 'commander';
import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import { escapeControls } from '../shared/text.ts';
import type { CliContext } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { askedPaints } from './paint.ts';
import { createProgram } from './program.ts';
import { paintHead, tell } from './tell.ts';

/** As many problems as anybody reads. */
const mostShown = 200;

/** Runs one command line (without `node` and the program) and returns its exit code; whatever happens is told. */
export async function runCli(words: readonly string[], given: CliContext): Promise<ExitCode> {
  const context: CliContext = { ...given, paint: askedPaints(words) ?? given.paint };
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

function tellError(error: unknown, words: readonly string[], context: CliContext): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.badInput;
  if (error instanceof InputError) {
    context.err(`${describeProblems(error.diagnostics, context)}\n`);
    return exitCodes.badInput;
  }
  context.err(describeBug(error, words, context));
  return exitCodes.bug;
}

function describeProblems(problems: readonly Diagnostic[], context: CliContext): string {
  const shown = problems.slice(0, mostShown).map((problem) => tell(problem, context));
  const more = problems.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more problems`] : [])].join('\n');
}

function describeBug(
  error: unknown,
  words: readonly string[],
  { debug, paint, version }: CliContext,
): string {
  const message = escapeControls(error instanceof Error ? error.message : String(error)).slice(0, 2000);
  const stack = error instanceof Error && error.stack !== undefined ? error.stack : message;
  const lines = [
    paintHead(`error planner.bug: ${message}`, paint.err),
    `  This is a mistake in planner ${version}, not in your input. Please report it with this message and the command:`,
    `  planner ${escapeControls(words.join(' '))}`,
    debug ? stack : '  PLANNER_DEBUG=1 shows where it happened.',
  ];
  return `${lines.join('\n')}\n`;
}
