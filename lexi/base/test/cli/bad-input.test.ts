import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { printPlan } from '../../src/plan/print-plan.ts';
import { aMigration, aPlan } from '../report/sample-plan.ts';
import { folder, importRecording, plannerBeside, recording } from './run-planner.ts';

const deep = '['.repeat(500_000) + ']'.repeat(500_000);
const kept = 'what was there before';

beforeAll(() => {
  importRecording();
  const inventory = readFileSync(join(folder, 'inventory.json'), 'utf8');
  const plan = printPlan(aPlan([aMigration()]));
  const inputs: Record<string, string | Buffer> = {
    'kept.json': kept,
    'good-plan.json': plan,
    'empty.json': '',
    'cut-inventory.json': inventory.slice(0, inventory.length / 2),
    'cut-plan.json': plan.slice(0, plan.length / 2),
    'garbage.json': Buffer.alloc(50 * 2 ** 20, '\u001B[2Jgarbage\u0000\u00FF', 'latin1'),
    'deep.json': deep,
    'deep-inventory.json': inventory.replace('"capturedAt":', `"capturedAt":${deep},"x-c":`),
    'deep-plan.json': plan.replace('"steps":', `"steps":${deep},"x-s":`),
    'new-inventory.json': inventory.replace('"formatVersion":1', '"formatVersion":2'),
    'new-plan.json': plan.replace('"formatVersion":1', '"formatVersion":2'),
  };
  for (const [name, content] of Object.entries(inputs)) writeFileSync(join(folder, name), content);
});

const inventories = [
  'empty',
  'cut-inventory',
  'garbage',
  'deep',
  'deep-inventory',
  'new-inventory',
  'good-plan',
  'no-such-file',
  '.',
];
const plans = [
  'empty',
  'cut-plan',
  'garbage',
  'deep',
  'deep-plan',
  'new-plan',
  'inventory',
  'no-such-file',
  '.',
];
const file = (name: string): string => (name === '.' ? '.' : `${name}.json`);

/** Exit code 2, the reason in words, nothing else, and nothing overwritten. */
async function expectRefusal(words: readonly string[]): Promise<void> {
  const { status, stdout, stderr } = await plannerBeside(...words);

  expect(stderr).toMatch(/^error [a-z]+\.[a-z-]+: /);
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(stderr).not.toContain('\u001B');
  expect(stderr.length).toBeLessThan(20_000);
  expect(readFileSync(join(folder, 'kept.json'), 'utf8')).toBe(kept);
}

describe.concurrent.each(inventories)('an inventory that is none (%s) is refused', (name) => {
  it.each([
    ['check', ['check']],
    ['rebalance', ['rebalance', '--goal', 'consolidate', '--out', 'kept.json']],
    ['drain', ['drain', 'kvm-a01', '--out', 'kept.json']],
    ['verify', ['verify', 'good-plan.json']],
  ])('by %s', async (_, words) => {
    await expectRefusal([...words, '--inventory', file(name)]);
  });
});

describe.concurrent.each(plans)('a plan that is none (%s) is refused', (name) => {
  it.each([
    ['show', []],
    ['export', ['--format', 'sh', '-o', 'kept.json']],
    ['verify', []],
  ])('by %s', async (command, options) => {
    await expectRefusal([command, file(name), ...options]);
  });
});

describe.concurrent('a recording with a file that is none is refused by import', () => {
  it.each([
    ['cut short', '{"hypervisors": [{"id": 1'],
    ['garbage', '\u001B[2Jgarbage'],
    ['deep', deep],
    ['something else', '"hello"'],
  ])('%s', async (name, content) => {
    const recorded = join(folder, `recording-${name.replaceAll(' ', '-')}`);
    cpSync(recording, recorded, { recursive: true });
    writeFileSync(join(recorded, 'db', 'compute_nodes.jsonl'), `${content}\n`);

    await expectRefusal(['import', '--from', recorded, '-o', 'kept.json']);
  });
});
