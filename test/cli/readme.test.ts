import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { commands } from '../../src/cli/commands/registry.ts';
import type { CliContext } from '../../src/cli/context.ts';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { rules } from '../../src/constraints/registry.ts';
import { warningRules } from '../../src/replay/warnings/registry.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const models = readFileSync(new URL('../../models/README.md', import.meta.url), 'utf8');

const context: CliContext = {
  out: () => undefined,
  err: () => undefined,
  width: 80,
  watched: false,
  now: () => 0,
  wallClock: () => 0,
  surroundings: { env: {}, workingDirectory: '.', homeDirectory: '.' },
  version: '0.0.0',
  threads: 1,
  debug: false,
  pageAssets: () => Promise.resolve({ script: '', style: '' }),
  onInterrupt: () => () => undefined,
};

function program(): Command {
  const made = new Command('planner');
  for (const add of commands) add(made, context, () => Promise.resolve());
  return made;
}

it('the README names every command and every option of planning, and no other command', () => {
  const known = program().commands;
  const planning = known.find((command) => command.name() === 'rebalance')?.options ?? [];

  for (const command of known) expect(readme).toContain(`planner ${command.name()}`);
  for (const { long } of planning.filter(
    (option) => !['--json', '--quiet', '--goal'].includes(option.long ?? ''),
  ))
    expect(readme).toContain(`\`${long ?? ''}`);
  const named = [...readme.matchAll(/(?:`|^ {4,})planner ([a-z]+)/gm)].map(([, name]) => name);
  expect([...new Set(named)].sort()).toEqual(known.map((command) => command.name()).sort());
});

it('the README says what every rule, warning and exit code means', () => {
  for (const rule of [...rules, ...warningRules]) expect(readme).toContain(`| \`${rule.id}\` `);
  for (const code of Object.values(exitCodes)) expect(readme).toMatch(new RegExp(`^\\| ${code} +\\| `, 'm'));
});

it('models/README.md has the formula of every kind of term, and the name of every goal', async () => {
  const { goals } = await loadCatalog();

  for (const goal of goals.values()) {
    expect(models).toContain(`\`${goal.name}\``);
    for (const term of goal.terms) expect(models).toContain(`**\`${term.kind}\`**`);
  }
});
