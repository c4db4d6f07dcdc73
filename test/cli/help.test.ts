import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { textWidth } from '../../src/report/text-width.ts';
import { quietContext, wholeProgram } from '../support/cli-context.ts';
import { commandsIn } from '../support/command-lines.ts';
import { examplesOf, helpOf, withoutExamples } from '../support/help-examples.ts';
import { createProgram } from '../../src/cli/program.ts';

const names = wholeProgram().commands.map((command) => command.name());

const commandOf = (name: string): Command | undefined =>
  wholeProgram().commands.find((command) => command.name() === name);

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
    const words = withoutExamples(helpOf(name, width));

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
