import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Inventory } from '../../src/inventory/document.ts';
import { readInventory, writeInventory } from '../../src/inventory/inventory-file.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { isMigration } from '../../src/plan/run-steps.ts';
import { inventoryAfter } from '../support/inventory-after.ts';
import { hostileNames, longNames, renamed } from '../support/named-clouds.ts';
import { unfitLines } from '../support/terminal-lines.ts';
import { folder, plannerInside, recording } from './run-planner.ts';

const began = process.cwd();
afterAll(() => {
  process.chdir(began);
});

interface Shown {
  readonly command: string;
  readonly text: string;
  /** Lines that do not fit. */
  readonly unfit: readonly string[];
}

/** What a command prints in a terminal of so many columns; its exit code is 0 or 1, or 2 where it is to be refused. */
async function show(width: number, words: readonly string[], refused = false): Promise<Shown> {
  const { status, stdout, stderr } = await plannerInside(words, {
    ...{ width, errWidth: width, errWraps: true },
    surroundings: { env: {}, workingDirectory: '.', homeDirectory: '.' },
  });
  const text = stdout + stderr;
  if (refused ? status !== 2 : status !== 0 && status !== 1)
    throw new Error(`${words.join(' ')} ends with ${String(status)}: ${text}`);
  return { command: words.join(' '), text, unfit: unfitLines(text, width) };
}

const showAll = async (width: number, commands: readonly (readonly string[])[], refused = false) => {
  const shown: Shown[] = [];
  for (const words of commands) shown.push(await show(width, words, refused));
  return shown;
};

const unfitOf = (shown: readonly Shown[]) =>
  shown.flatMap(({ command, unfit }) => (unfit.length === 0 ? [] : [{ command, unfit }]));

/** What stands below `server` in a table of steps, without blanks. */
function serversOf(text: string): string {
  const lines = text.split('\n');
  const header = lines.findIndex((line) => /^wave +step +do +server +host/.test(line));
  const [from, to] = ['server', 'host'].map((word) => lines[header]?.indexOf(word));
  return lines
    .slice(header + 1)
    .map((line) => line.slice(from, to).trim())
    .join('');
}

let recorded: Inventory;
beforeAll(async () => {
  const file = join(folder, 'recorded.json');
  await plannerInside(['import', '--from', recording, '-o', file]);
  recorded = readInventory(file);
});

describe.each([
  ['long', longNames],
  ['hostile', hostileNames],
] as const)('a terminal, of a cloud with %s names,', (kind, rename) => {
  let cloud: Inventory;
  let plan: Plan;
  const host = (name: string): string =>
    cloud.hosts[recorded.hosts.findIndex(({ id }) => id === name)]?.id ?? '';
  const server = (name: string): string => recorded.servers.find((one) => one.name === name)?.id ?? '';
  const quick = ['--allow', 'cold', '--effort', '1'];

  /** Plans once, at the least width, and leaves what the commands below read. */
  beforeAll(async () => {
    cloud = renamed(recorded, rename);
    mkdirSync(join(folder, kind));
    process.chdir(join(folder, kind));
    writeInventory('inventory.json', cloud);
    const planned = await showAll(40, [
      ['rebalance', '--goal', 'consolidate', ...quick],
      [
        'rebalance',
        '--goal',
        'balance',
        ...quick,
        '--max-moves',
        '4',
        '--out',
        'even.json',
        '--at',
        '2026-03-01T22:00+01:00',
        '--deadline',
        '8h',
        '--window',
        '22:00-06:00',
      ],
      ['rebalance', '--goal', 'repair', ...quick, '--out', 'repair.json'],
      ['evacuate', host('kvm-b06'), '--effort', '1', '--out', 'evacuate.json'],
      ['drain', host('kvm-a05'), '--effort', '1', '--out', 'none.json'],
      ['run', 'plan.json', '--simulate', '--journal', 'run.jsonl'],
    ]);
    plan = JSON.parse(readFileSync('plan.json', 'utf8')) as Plan;
    expect(unfitOf(planned)).toEqual([]);
    expect(planned[4]?.text).toContain('Ways out');
    writeFiles(plan, cloud);
  }, 120_000);

  it.each([40, 80, 200])(
    'fits what is printed into %s columns',
    async (width) => {
      const [first] = plan.steps.filter(isMigration);
      const failed = `failed-${width}.jsonl`;
      const shown = await showAll(width, [
        ['check', '--survive-host-loss'],
        ['explain', server('web-02')],
        ['explain', server('web-02'), '--to', host('kvm-b01')],
        ['explain', server('fin-app-2'), '--allow', 'cold'],
        ['explain', first?.server ?? '', '--plan', 'plan.json'],
        ['explain', server('sig-1'), '--plan', 'plan.json'],
        ['show', 'plan.json'],
        ['show', 'even.json'],
        ...['step', 'host', 'server', 'link'].map((by) => ['timeline', 'plan.json', '--by', by]),
        ['timeline', 'even.json', '--limit', '2'],
        ['verify', 'plan.json'],
        ['verify', 'plan.json', '--inventory', 'later.json'],
        ['diff', 'plan.json', 'even.json'],
        ['diff', 'inventory.json', 'later.json', '--plan', 'plan.json'],
        ['status', 'plan.json', '--journal', 'run.jsonl'],
        [
          'rollback',
          'plan.json',
          '--journal',
          'run.jsonl',
          '--inventory',
          'later.json',
          '--out',
          'back.json',
        ],
        ['run', 'plan.json', '--simulate', '--faults', 'faults.json', '--journal', failed],
        ['status', 'plan.json', '--journal', failed],
        ['resume', 'plan.json', '--simulate', '--faults', 'faults.json', '--journal', failed],
        ['run', 'plan.json', '--simulate', '--faults', 'faults.json', '--rehearse', '2'],
        ['stop', 'plan.json', '--journal', failed],
        ['abort', 'even.json'],
        ['undrain', host('kvm-a06')],
        ['report', 'plan.json', '-o', 'review.html'],
        ['doctor', '--inventory', 'inventory.json'],
      ]);

      expect(unfitOf(shown)).toEqual([]);
      if (kind === 'long') expect(shown.flatMap(cutNames)).toEqual([]);
    },
    60_000,
  );

  it.each([40, 80, 200])('fits what is wrong into %s columns', async (width) => {
    const refused = await showAll(
      width,
      [
        ['explain', 'no-such-server'],
        ['explain', 'no such\n\u001B[31m'],
        ['check', '--inventory', `/no/${'folder/'.repeat(20)}cloud.json`],
        ['check', '--inventory', 'broken.json'],
        ['check', '--inventory', 'homeless.json'],
        ['check', '--rules', 'rules.json'],
        ['show', 'edited.json'],
        [
          'rebalance',
          '--goal',
          'nope',
          '--effort',
          'x',
          '--allow',
          'melt,cold',
          '--exclude',
          'host:nowhere',
          '--max-moves',
          '-1',
          '--window',
          '25:00-1:00',
        ],
        ['drain', host('kvm-a05'), 'nowhere', '--only', `host:${host('kvm-a06')}x`],
        ['chek'],
        ['check', '--nonsense'],
        ['undrain', host('kvm-a06'), '--restore', 'none.json'],
      ],
      true,
    );

    expect(unfitOf(refused)).toEqual([]);
  });

  it.runIf(kind === 'long').each([80, 200])('shows whole names in a table of %s columns', async (width) => {
    const { text } = await show(width, ['show', 'plan.json']);

    for (const { serverName } of plan.steps.filter(isMigration))
      expect(serversOf(text)).toContain(serverName);
  });
});

/** Files that commands are to be wrong about, and the cloud after the plan. */
function writeFiles(plan: Plan, cloud: Inventory): void {
  const moves = plan.steps.filter(isMigration);
  writeInventory('later.json', inventoryAfter(cloud, plan.steps));
  const text = readFileSync('inventory.json', 'utf8');
  const faults = [{ kind: 'running', server: moves[0]?.server }];
  const rules = [{ kind: 'keep-off', servers: ['server:nobody'], hosts: ['host:nowhere'] }];
  writeFileSync('faults.json', JSON.stringify({ formatVersion: 1, faults }));
  writeFileSync('rules.json', JSON.stringify({ formatVersion: 1, rules }));
  writeFileSync('broken.json', text.replaceAll('"vcpus":', '"vcpus":-'));
  writeFileSync('homeless.json', text.replaceAll('"host":"', '"host":"missing-'));
  writeFileSync('edited.json', readFileSync('plan.json', 'utf8').replace(/"wave": ?1\b/, '"wave":7'));
}

/** Lines with the mark of what was cut, but for what says so itself. */
const cutNames = ({ command, text }: Shown): readonly string[] =>
  text
    .split('\n')
    .filter((line) => line.replace('host … runs', '').includes('…'))
    .map((line) => `${command}: ${line}`);
