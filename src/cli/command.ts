import type { Command } from 'commander';
import type { CliContext } from './context.ts';
import type { ExitCode } from './exit-codes.ts';

/** What a command hands back when it has run: the exit code. */
export type Finish = (work: () => ExitCode | Promise<ExitCode>) => Promise<void>;

/** Adds one command to the program. */
export type AddCommand = (program: Command, context: CliContext, finish: Finish) => void;
