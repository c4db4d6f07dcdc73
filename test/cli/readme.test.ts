import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { rules } from '../../src/constraints/registry.ts';
import { warningRules } from '../../src/replay/warnings/registry.ts';
import { wholeProgram } from '../support/cli-context.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const models = readFileSync(new URL('../../models/README.md', import.meta.url), 'utf8');

it('the README names every command and every option of planning, and no other command', () => {
  const known = wholeProgram().commands;
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
