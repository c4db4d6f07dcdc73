import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { printPlan } from '../../src/plan/print-plan.ts';
import { aMigration, aPlan } from '../report/sample-plan.ts';
import { folder, importRecording, plannerInside } from './run-planner.ts';

const file = (name: string): string => join(folder, name);
const diff = (...words: readonly string[]) => plannerInside(['diff', ...words]);

beforeAll(() => {
  importRecording();
  const inventory = JSON.parse(readFileSync(file('inventory.json'), 'utf8')) as { capturedAt: string };
  writeFileSync(file('later.json'), JSON.stringify({ ...inventory, capturedAt: '2026-12-01T00:00:00Z' }));
  writeFileSync(file('one.json'), printPlan(aPlan([aMigration()])));
  writeFileSync(file('none.json'), printPlan(aPlan([])));
  writeFileSync(file('text.json'), 'nothing that anybody could read');
});

describe('planner diff', () => {
  it('ends with 0 where two plans are the same, and with 1 where they differ', async () => {
    const same = await diff(file('one.json'), file('one.json'));
    const differ = await diff(file('one.json'), file('none.json'));

    expect(same.status).toBe(0);
    expect(same.stdout).toContain('The plans are the same.');
    expect(differ.status).toBe(1);
    expect(differ.stdout).toContain('\nThe second plan leaves out 1 server');
    expect(differ.stdout).toContain('\nMoves dropped (1)\n');
  });

  it('compares inventories, whenever they were read, and says whether a plan holds on the second', async () => {
    const same = await diff(file('inventory.json'), file('later.json'), '--json');
    const stale = await diff(file('inventory.json'), file('later.json'), '--plan', file('one.json'));

    expect(same.status).toBe(0);
    expect(JSON.parse(same.stdout)).toMatchObject({
      kind: 'inventories',
      equal: true,
      violations: { added: [] },
    });
    expect(stale.status).toBe(1);
    expect(stale.stdout).toMatch(
      /The inventories tell of the same cloud\. Plan \S+ does not hold any more: \d+ finding/,
    );
  });

  it('refuses two of different kinds, and says all that is wrong with both', async () => {
    const mixed = await diff(file('one.json'), file('inventory.json'), '--plan', file('one.json'));
    const broken = await diff(file('text.json'), file('missing.json'));
    const both = await diff(file('text.json'), file('text.json'));

    expect(mixed.status).toBe(2);
    expect(mixed.stderr).toContain('error diff.mixed: ');
    expect(mixed.stderr).toContain('this is for two inventories');
    expect(broken.status).toBe(2);
    expect(broken.stderr).toContain('missing.json');
    expect(both.status).toBe(2);
    expect(both.stderr).toContain('text.json');
  });
});
