import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { quietContext, wholeProgram } from '../support/cli-context.ts';
import { commandsIn } from '../support/command-lines.ts';
import { consoleBlocks, matches } from './blocks.ts';
import { documents, readDocument } from './run-documents.ts';

it.each(documents)('%s has only commands, arguments and options that there are', (name) => {
  expect(commandLinesOf(name).flatMap(refusal)).toEqual([]);
});

/** Every command line of planner in the blocks of a document. */
function commandLinesOf(name: string): readonly string[] {
  const text = readDocument(name).replaceAll(/ \\\n\s*/g, ' ');
  const fenced = consoleBlocks(text).flatMap(({ commands }) => commands.map(({ line }) => line));
  const indented = text.split('\n').filter((line) => /^ {4}/.test(line));
  return [...fenced, ...indented.map((line) => line.trim())];
}

/** What commander says against the commands of a line; nothing is run. */
function refusal(line: string): string[] {
  return commandsIn(line).flatMap((words) => {
    let told = '';
    const context = { ...quietContext, err: (text: string) => void (told += text) };
    try {
      createProgram(context, () => Promise.resolve()).parse(words, { from: 'user' });
    } catch {
      return [`${line}: ${told}`];
    }
    return [];
  });
}

it('runs or checks every command of the program in some document', () => {
  const named = new Set(
    documents
      .flatMap(commandLinesOf)
      .flatMap(commandsIn)
      .map(([command]) => command),
  );

  expect(
    wholeProgram()
      .commands.map((command) => command.name())
      .filter((command) => !named.has(command)),
  ).toEqual([]);
});

it('runs the commands of each document that shows any', () => {
  const shown = documents.filter((name) => consoleBlocks(readDocument(name)).length > 0);
  const tests = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.test.ts'));
  const run = tests.flatMap((file) => {
    const text = readFileSync(join(import.meta.dirname, file), 'utf8');
    return [...text.matchAll(/^testDocument\('(.*)'\);$/gm)].map(([, name]) => name);
  });

  expect(run.toSorted()).toEqual(shown.toSorted());
});

it('compares output line by line, … standing for what may differ', () => {
  expect(matches(['a', '…', 'z'], ['a', 'b', 'c', 'z'])).toBe(true);
  expect(matches(['a', '…', 'z'], ['a', 'z'])).toBe(true);
  expect(matches(['plan …: done (1.5 s)'], ['plan 0123: done (1.5 s)'])).toBe(true);
  expect(matches(['plan …: done'], ['plan 0123: failed'])).toBe(false);
  expect(matches(['a'], ['a', 'b'])).toBe(false);
  expect(matches(['a', '…'], ['a'])).toBe(true);
  expect(matches(['1.5'], ['1x5'])).toBe(false);
});
