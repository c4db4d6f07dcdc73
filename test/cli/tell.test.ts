import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { hasColors, createPaint, askedPaints } from '../../src/cli/paint.ts';
import { columnsOf } from '../../src/cli/context.ts';
import { createLine } from '../../src/cli/progress.ts';
import { tell } from '../../src/cli/tell.ts';
import { nextStepFor } from '../../src/report/next-steps.ts';
import { plainPaint } from '../../src/report/paint.ts';
import { quietContext } from '../support/cli-context.ts';
import { plannerInside } from './run-planner.ts';

const source = new URL('../../src/', import.meta.url);

/** Every code of a diagnostic that stands in the source, and those of which only the first part does. */
function codesInSource(): { readonly code: string; readonly hasHint: boolean }[] {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  return files.flatMap((name) => {
    const file = ts.createSourceFile(
      name,
      readFileSync(new URL(name, source), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    );
    const found: { code: string; hasHint: boolean }[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isObjectLiteralExpression(node)) found.push(...codesOf(node));
      ts.forEachChild(node, visit);
    };
    visit(file);
    return found;
  });
}

/** `code: 'a.b'` beside `summary` is a diagnostic, or becomes one. */
function codesOf(node: ts.ObjectLiteralExpression): { code: string; hasHint: boolean }[] {
  const members = node.properties.map((property) => property.name?.getText() ?? property.getText());
  if (!members.includes('summary')) return [];
  const hasHint = members.some((member) => /\bhint\b/.test(member));
  return node.properties.flatMap((property) => {
    if (!ts.isPropertyAssignment(property) || property.name.getText() !== 'code') return [];
    const texts = [...property.initializer.getText().matchAll(/['`]([a-z-]+\.(?:[a-z-]+)?)/g)];
    return texts.map(([, code = '']) => ({ code, hasHint }));
  });
}

it('every code of a diagnostic has a next step, its own or that of its kind', () => {
  const codes = codesInSource();

  expect(codes.length).toBeGreaterThan(80);
  expect(codes.filter(({ code, hasHint }) => !hasHint && nextStepFor(code) === undefined)).toEqual([]);
});

it('every document that a schema is asked about has a next step', () => {
  const documents = [
    'plan',
    'inventory',
    'rules',
    'journal',
    'faults',
    'goal',
    'profile',
    'releases',
    'cpu-models', // prettier-ignore
  ];
  for (const document of documents) expect(nextStepFor(`${document}.malformed`)).toBeDefined();
});

it('tells the next step of a diagnostic, its own where it has one', () => {
  const diagnostic = {
    code: 'rules.malformed',
    severity: 'error',
    summary: 'expected array, found text',
  } as const;

  expect(tell(diagnostic, quietContext)).toBe(
    'error rules.malformed: expected array, found text\n  hint: `planner schema rules` has the format',
  );
  expect(tell({ ...diagnostic, hint: 'as you like' }, quietContext)).toContain('\n  hint: as you like');
  expect(
    tell(
      { ...diagnostic, severity: 'warning' },
      { ...quietContext, paint: { out: plainPaint, err: createPaint(true) } },
    ),
  ).toMatch(/^\u001B\[1m\u001B\[33mwarning rules\.malformed:\u001B\[39m\u001B\[22m expected/);
});

it('breaks messages at blanks on terminals, with commands and long words whole, and none for a log', () => {
  const diagnostic = {
    code: 'plan.stale',
    severity: 'error',
    summary: 'servers have moved since the plan was made',
    source: '/a/path/that/nobody/can/break/and/copy/plan.json',
    details: ['web-1 now runs on cmp-07 (plan expects cmp-04)'],
    hint: 'run `planner rebalance --goal balance` again',
  } as const;
  const terminal = { ...quietContext, errWidth: 40, errWraps: true };

  expect(tell(diagnostic, terminal).split('\n')).toEqual([
    'error plan.stale: servers have moved',
    '  since the plan was made (at',
    '  /a/path/that/nobody/can/break/and/copy/plan.json)',
    '  web-1 now runs on cmp-07 (plan',
    '    expects cmp-04)',
    '  hint: run',
    '    `planner rebalance --goal balance`',
    '    again',
  ]);
  expect(tell(diagnostic, quietContext).split('\n')).toHaveLength(3);
});

it('gives colours to terminals, unless somebody says otherwise', () => {
  expect(hasColors(true, {})).toBe(true);
  expect(hasColors(false, {})).toBe(false);
  expect(hasColors(true, { TERM: 'dumb' })).toBe(false);
  expect(hasColors(true, { NO_COLOR: '1' })).toBe(false);
  expect(hasColors(true, { NO_COLOR: '' })).toBe(true);
  expect(hasColors(false, { FORCE_COLOR: '1' })).toBe(true);
  expect(hasColors(true, { FORCE_COLOR: '0' })).toBe(false);
  expect(hasColors(false, { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
});

it('lets --color decide before the surroundings, also for what is wrong with the command line', async () => {
  const colored = { out: createPaint(true), err: createPaint(true) };

  const always = await plannerInside(['check', '--color', 'always', '--inventory', 'none.json']);
  const never = await plannerInside(['check', '--color=never', '--nonsense'], { paint: colored });
  const auto = await plannerInside(['check', '--nonsense'], { paint: colored });

  expect(always.stderr).toMatch(/^\u001B\[1m\u001B\[31merror /);
  expect(never.stderr).toMatch(/^error usage\.command: /);
  expect(auto.stderr).toMatch(/^\u001B\[1m\u001B\[31merror usage\.command:/);
  expect(askedPaints(['explain', '--', '--color=always'])).toBeUndefined();
});

it('refuses a word of --color that it does not know', async () => {
  const { status, stderr } = await plannerInside(['check', '--color', 'allways']);

  expect(status).toBe(2);
  expect(stderr).toContain('limit one of auto, always, never');
  expect(stderr).toContain('did you mean always?');
});

it('fits the columns that COLUMNS says, else those of the terminal, else a hundred', () => {
  expect(columnsOf(120, {})).toBe(120);
  expect(columnsOf(120, { COLUMNS: '90' })).toBe(90);
  expect(columnsOf(undefined, { COLUMNS: '200' })).toBe(200);
  expect(columnsOf(undefined, {})).toBe(100);
  expect(columnsOf(0, { COLUMNS: 'wide' })).toBe(100);
  expect(columnsOf(10, {})).toBe(40);
});

it('shows progress on one line of a terminal that is written over, and takes it away', () => {
  let told = '';
  let clock = 0;
  const context = {
    ...quietContext,
    errWidth: 20,
    watched: true,
    now: () => (clock += 1),
    err: (text: string) => void (told += text),
  };
  const line = createLine(context, false);

  line.show(() => 'solving, round 1, objective 12');
  line.clear();
  line.clear();

  expect(told).toBe('\r\u001B[Ksolving, round 1, …\r\u001B[K');
  for (const [given, quiet] of [
    [context, true],
    [{ ...context, watched: false }, false],
  ] as const) {
    told = '';
    const silent = createLine(given, quiet);
    silent.show(() => 'solving');
    silent.clear();
    expect(told).toBe('');
  }
});
