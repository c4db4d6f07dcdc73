import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { rules } from '../../src/constraints/registry.ts';
import { wholeProgram } from '../support/cli-context.ts';

const root = new URL('../../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');

const common = {
  id: z.number().int(),
  source: z.string().min(1),
  kind: z.enum(['constraint', 'procedure', 'state', 'error', 'information']),
  text: z.string().min(1),
};
const service = z.string().regex(/^(rule|warning|command|document):./);
const Requirement = z.discriminatedUnion('status', [
  z.strictObject({
    ...common,
    status: z.literal('served'),
    by: z.array(service).min(1),
    tests: z.array(z.string().regex(/^test\/\S+\.test\.ts > ./)).min(1),
  }),
  z.strictObject({ ...common, status: z.literal('information') }),
  z.strictObject({ ...common, status: z.literal('out-of-scope'), why: z.string().min(1) }),
  z.strictObject({
    ...common,
    status: z.literal('not-yet'),
    planned: z.string().startsWith('not yet: '),
    awaits: z.array(service).min(1),
  }),
]);

const requirements = readFileSync(new URL('requirements.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => Requirement.parse(JSON.parse(line)));

const known = new Set(rules.map((rule) => `rule:${rule.id}`));

beforeAll(async () => {
  for (const command of wholeProgram().commands) known.add(`command:${command.name()}`);
  for (const id of await warningIds()) known.add(`warning:${id}`);
});

it('has every requirement once, in order', () => {
  expect(requirements.map(({ id }) => id)).toEqual(Array.from({ length: 252 }, (_, index) => index + 1));
});

it('names only rules, warnings, commands and sections that there are', () => {
  const broken = requirements.flatMap((requirement) =>
    requirement.status === 'served'
      ? requirement.by.filter((name) => !exists(name)).map((name) => `${requirement.id}: ${name}`)
      : [],
  );

  expect(broken).toEqual([]);
});

it('names only tests that there are', () => {
  const broken = requirements.flatMap((requirement) =>
    requirement.status === 'served'
      ? requirement.tests.filter((test) => !hasTest(test)).map((test) => `${requirement.id}: ${test}`)
      : [],
  );

  expect(broken).toEqual([]);
});

it('calls nothing missing that is there: such a requirement is served, with its tests', () => {
  const there = requirements.filter(
    (requirement) => requirement.status === 'not-yet' && requirement.awaits.every(exists),
  );

  expect(there.map(({ id }) => id)).toEqual([]);
});

it('leaves out no constraint, and serves none by words alone', () => {
  for (const requirement of requirements) {
    expect(requirement.status === 'information').toBe(requirement.kind === 'information');
    if (requirement.status !== 'served' || requirement.kind !== 'constraint') continue;
    expect(requirement.by.some((name) => !name.startsWith('document:'))).toBe(true);
  }
});

it('is counted in the README', () => {
  const count = (status: string) => requirements.filter((each) => each.status === status).length;

  expect(readme.replaceAll(/\s+/g, ' ')).toContain(
    `${requirements.length} requirements: ${count('served')} served, ${count('information')} for information, ` +
      `${count('out-of-scope')} out of scope, ${count('not-yet')} not yet`,
  );
});

function exists(name: string): boolean {
  if (!name.startsWith('document:')) return known.has(name);
  const [file = '', heading = ''] = name.slice('document:'.length).split('#');
  const path = new URL(file, root);
  if (!existsSync(path)) return false;
  return readFileSync(path, 'utf8')
    .split('\n')
    .some((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
}

function hasTest(test: string): boolean {
  const [file = '', name = ''] = test.split(' > ');
  const path = new URL(file, root);
  return existsSync(path) && readFileSync(path, 'utf8').includes(`'${name}'`);
}

async function warningIds(): Promise<readonly string[]> {
  const registry = new URL('src/replay/warnings/registry.ts', root);
  if (!existsSync(registry)) return [];
  const loaded: unknown = await import(registry.href);
  const { warningRules } = z.object({ warningRules: z.array(z.object({ id: z.string() })) }).parse(loaded);
  return warningRules.map(({ id }) => id);
}
