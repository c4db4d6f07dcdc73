import { Command } from 'commander';
import { InputError } from '../shared/diagnostic.ts';
import { escapeControls } from '../shared/text.ts';
import { chosen } from './choices.ts';
import type { Finish } from './command.ts';
import { commands } from './commands/registry.ts';
import { createFlagReader } from './flag-reader.ts';
import type { CliContext } from './context.ts';
import { fitHelp, helpLayout } from './help-layout.ts';
import { colorWishes } from './paint.ts';
import { fitted, paintHead } from './tell.ts';

/** Every command with its options, ready to parse a command line. */
export function createProgram(context: CliContext, finish: Finish): Command {
  const { err } = context.paint;
  const program = new Command('planner')
    .description("plans, verifies and explains server moves in an OpenStack cloud, by Nova's own rules")
    .version(context.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        context.out(fitHelp(text, context.width));
      },
      writeErr: context.err,
      getOutHelpWidth: () => context.width,
      getErrHelpWidth: () => context.width,
      getOutHasColors: () => true, // whether there are any is settled in `paint`
      getErrHasColors: () => true,
      outputError: (text, write) => {
        const [first = '', ...more] = text.trimEnd().split('\n').map(escapeControls);
        const lines = [paintHead(first.replace(/^error: /, 'error usage.command: '), err), ...more];
        write(`${lines.flatMap((line) => fitted(line, context)).join('\n')}\n`);
      },
    })
    .configureHelp(helpLayout(context))
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
    command
      .addOption(chosen('--color <when>', 'colours: auto is on terminals only', colorWishes).default('auto'))
      .hook('preAction', () => {
        checkColor(command);
      })
      .showHelpAfterError(`  hint: planner ${command.name()} --help`);
  return program.showHelpAfterError('  hint: planner --help has the commands');
}

function checkColor(command: Command): void {
  const read = createFlagReader();
  const wish: unknown = command.getOptionValue('color');
  read.choice('--color', typeof wish === 'string' ? wish : undefined, colorWishes);
  if (read.problems.length > 0) throw new InputError(read.problems);
}
