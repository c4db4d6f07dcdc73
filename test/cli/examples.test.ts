import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Inventory } from '../../src/inventory/document.ts';
import { readInventory, writeInventory } from '../../src/inventory/inventory-file.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { wholeProgram } from '../support/cli-context.ts';
import { commandsIn } from '../support/command-lines.ts';
import { examplesOf } from '../support/help-examples.ts';
import { inventoryAfter } from '../support/inventory-after.ts';
import { folder, plannerInside, type Ran, recording } from './run-planner.ts';

/** Options that name something of the world outside: their examples are parsed, in the test of the help. */
const outside = ['--cloud', '--nova-db'];

/** What is said besides: as little search as there is, and the answer of whoever is asked. */
const besides: Readonly<Record<string, readonly string[]>> = {
  drain: ['--effort', '1'],
  evacuate: ['--effort', '1'],
  rebalance: ['--effort', '1'],
  approve: ['--yes'],
};

/** What stands in the folder of a command besides what every one finds there. */
const found: Readonly<Record<string, () => unknown>> = {
  abort: simulated,
  evacuate: withLostHosts,
  resume: simulated,
  rollback: simulated,
  status: simulated,
  stop: simulated,
};

/** Examples that the recorded cloud, or these files, answer with a no. */
const answeredNo: ReadonlySet<string> = new Set([
  'check',
  'check --rules rules.json',
  'check --survive-host-loss',
  'check --inventory cloud.json.gz --json',
  'explain web-01',
  'explain web-01 --to kvm-b02',
  'drain kvm-a01',
  'drain kvm-a01 kvm-a02 --allow cold --out drain.json',
  'drain kvm-a01 --window 22:00-06:00 --days mon-fri --timezone +01:00 --deadline 20h',
  'verify plan.json --inventory later.json.gz',
  'diff plan.json other-plan.json',
  'diff monday.json.gz tuesday.json.gz',
  'diff inventory.json later.json --plan plan.json',
  'diff plan.json other-plan.json --json',
  'run plan.json --simulate --faults faults.json --rehearse 100',
  'rollback plan.json --inventory now.json --out back.json',
  'stop plan.json',
  'abort plan.json',
]);

const webApart = { name: 'web-apart', kind: 'keep-apart', servers: { name: 'web-*' }, atMost: 2 };

const began = process.cwd();
const prepared = (): string => join(folder, 'prepared');
const run = (...words: readonly string[]): Promise<Ran> =>
  plannerInside(words, { surroundings: { env: {}, workingDirectory: '.', homeDirectory: '.' } });

/** Every file that examples name, made by the commands that make such files where there are any. */
beforeAll(async () => {
  mkdirSync(prepared());
  process.chdir(prepared());
  for (const name of ['recorded-cloud', 'recorded-now']) symlinkSync(recording, name);
  await run('import', '--from', 'recorded-cloud');
  const quick = ['--allow', 'cold', '--effort', '1'];
  await run('rebalance', '--goal', 'consolidate', ...quick);
  await run('rebalance', '--goal', 'balance', ...quick, '--out', 'other-plan.json');
  const now = withTags(readInventory('inventory.json'));
  for (const name of ['inventory.json', 'cloud.json.gz', 'inventory.json.gz', 'monday.json.gz'])
    writeInventory(name, now);
  const { steps } = JSON.parse(readFileSync('plan.json', 'utf8')) as Plan;
  for (const name of ['tuesday.json.gz', 'later.json', 'later.json.gz'])
    writeInventory(name, inventoryAfter(now, steps));
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync('me.key', privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  writeFileSync('rules.json', JSON.stringify({ kind: 'rules', formatVersion: 1, rules: [webApart] }));
  writeFileSync('faults.json', JSON.stringify({ formatVersion: 1, rates: { running: 0.05 } }));
}, 60_000);

afterAll(() => {
  process.chdir(began);
});

/** The recorded cloud has neither tags nor metadata. */
const withTags = (inventory: Inventory): Inventory => ({
  ...inventory,
  servers: inventory.servers.map((server) => ({
    ...server,
    tags: [server.name.replace(/-?\d+$/, ''), ...(server.name === 'fin-db-1' ? ['db', 'pinned'] : [])],
    metadata: { tier: server.name.startsWith('fin') ? 'gold' : 'iron' },
  })),
});

/** A run of the plan that has come to its end, and one that was killed on its way. */
async function simulated(): Promise<void> {
  for (const journal of ['plan.journal.jsonl', 'rehearsal.jsonl'])
    await run('run', 'plan.json', '--simulate', '--seed', '7', '--journal', journal);
  const lines = readFileSync('rehearsal.jsonl', 'utf8').split('\n');
  writeFileSync('rehearsal.jsonl', `${lines.slice(0, lines.length / 2).join('\n')}\n`);
}

function withLostHosts(): void {
  const inventory = readInventory('inventory.json');
  const hosts = inventory.hosts.map((host) =>
    host.service !== undefined && ['kvm-a01', 'kvm-a02'].includes(host.id)
      ? { ...host, service: { ...host.service, state: 'down' as const } }
      : host,
  );
  writeInventory('inventory.json', { ...inventory, hosts });
}

const names = ['', ...wholeProgram().commands.map((command) => command.name())];

it.each(names)(
  'the examples in the help of planner %s do what they say',
  async (name) => {
    const own = join(folder, `of-${name}`);
    cpSync(prepared(), own, { recursive: true, verbatimSymlinks: true });
    process.chdir(own);
    await found[name]?.();

    const wrong: string[] = [];
    for (const line of examplesOf(name))
      for (const words of commandsIn(line)) {
        if (words.some((word) => outside.includes(word))) continue;
        // A recording that is made after the run shows where servers are then.
        if (words[0] === 'rollback') copyFileSync('later.json', 'now.json');
        const { status, stdout, stderr } = await run(...words, ...(besides[words[0] ?? ''] ?? []));
        if (status !== (answeredNo.has(words.join(' ')) ? 1 : 0))
          wrong.push(`${words.join(' ')} ends with ${String(status)}: ${stderr}`);
        else wrong.push(...filterProblems(line, stdout));
      }

    expect(wrong).toEqual([]);
  },
  120_000,
);

/** What the jq of a line asks for and the JSON before it does not have. */
function filterProblems(line: string, stdout: string): readonly string[] {
  const filter = / \| jq (?:'([^']*)'|(\S+))$/.exec(line);
  if (filter === null) return [];
  let value: unknown = JSON.parse(stdout);
  for (const [path, member = '', list] of (filter[1] ?? filter[2] ?? '').matchAll(/\.([a-zA-Z]+)(\[\])?/g)) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, member) : undefined;
    if (list !== undefined) value = Array.isArray(value) ? value[0] : undefined;
    if (value === undefined) return [`${line}: there is no ${path}`];
  }
  return [];
}
