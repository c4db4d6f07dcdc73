import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { textWidth } from '../../src/report/text-width.ts';
import { quietContext, wholeProgram } from '../support/cli-context.ts';
import { commandsIn } from '../support/command-lines.ts';
import { createProgram } from '../../src/cli/program.ts';

const names = wholeProgram().commands.map((command) => command.name());

function helpOf(name: string, width = 100): string {
  let text = '';
  const context = { ...quietContext, width, out: (more: string) => void (text += more) };
  const program = createProgram(context, () => Promise.resolve());
  program.commands.find((command) => command.name() === name)?.outputHelp();
  return text;
}

const commandOf = (name: string): Command | undefined =>
  wholeProgram().commands.find((command) => command.name() === name);

const examplesOf = (name: string): readonly string[] =>
  (/\nExamples:\n((?: {2}.+\n?)+)/.exec(helpOf(name))?.[1] ?? '').split('\n').map((line) => line.trim());

describe.each(names)('the help of %s', (name) => {
  it('has examples of it', () => {
    expect(
      examplesOf(name)
        .flatMap(commandsIn)
        .map(([command]) => command),
    ).toContain(name);
  });

  it('has only examples with commands and options that there are', () => {
    const wrong = examplesOf(name)
      .flatMap(commandsIn)
      .flatMap(([command = '', ...words]) => {
        const options = commandOf(command)?.options ?? [];
        const known = new Set(options.flatMap(({ long, short }) => [long, short]));
        const flags = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.replace(/=.*/, ''));
        return commandOf(command) === undefined
          ? [`no command ${command}`]
          : flags.filter((flag) => !known.has(flag)).map((flag) => `${command} has no ${flag}`);
      });

    expect(wrong).toEqual([]);
  });

  it.each([40, 80, 200])('fits %s columns, but for examples', (width) => {
    const words = helpOf(name, width).replace(/\nExamples:\n(?: {2}.+\n?)+/, '');

    for (const line of words.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width);
  });
});

it('says the next command where one is misspelt, and where an option is', () => {
  const told = (words: readonly string[]): string => {
    let text = '';
    const context = { ...quietContext, err: (more: string) => void (text += more) };
    expect(() => createProgram(context, () => Promise.resolve()).parse(words, { from: 'user' })).toThrow();
    return text;
  };

  expect(told(['chek'])).toBe(
    "error usage.command: unknown command 'chek'\n(Did you mean check?)\n  hint: planner --help has the commands\n",
  );
  expect(told(['check', '--rule', 'r'])).toBe(
    "error usage.command: unknown option '--rule'\n(Did you mean --rules?)\n  hint: planner check --help\n",
  );
});
