import { createProgram } from '../../src/cli/program.ts';
import { quietContext } from './cli-context.ts';

/** The help of a command as it is printed in so many columns; of the program itself where none is called so. */
export function helpOf(name: string, width = 100): string {
  let text = '';
  const context = { ...quietContext, width, out: (more: string) => void (text += more) };
  const program = createProgram(context, () => Promise.resolve());
  (program.commands.find((command) => command.name() === name) ?? program).outputHelp();
  return text;
}

const examples = /\nExamples:\n((?: {2}.+\n?)+)/;

/** The lines of the examples in a help. */
export const examplesOf = (name: string): readonly string[] =>
  (examples.exec(helpOf(name, 10_000))?.[1] ?? '').split('\n').map((line) => line.trim());

/** A help without its examples. */
export const withoutExamples = (help: string): string => help.replace(examples, '');
