import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { completedCommands } from '../../src/cli/completion/tree.ts';
import { wholeProgram } from '../support/cli-context.ts';
import { folder, plannerInside } from './run-planner.ts';

/** Types at a terminal, which is where zsh completes. */
const driver = readFileSync(new URL('complete.zsh', import.meta.url), 'utf8');

const commands = completedCommands(wholeProgram());

/** Runs a script of a shell in the folder; undefined where there is no such shell. */
function inShell(shell: string, words: readonly string[]): string | undefined {
  const { error, stdout, stderr, status } = spawnSync(shell, words, { cwd: folder, encoding: 'utf8' });
  if (error !== undefined) return undefined;
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
}

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).error === undefined;

beforeAll(async () => {
  for (const shell of ['bash', 'zsh', 'fish'])
    writeFileSync(join(folder, shell), (await plannerInside(['completion', shell])).stdout);
  mkdirSync(join(folder, 'plans of today'));
  writeFileSync(join(folder, 'plan.json'), '{}');
  writeFileSync(join(folder, 'names'), 'web-1\nweb-2\n$(touch broken)\n');
});

it('offers every command, and every option with the words that it takes', () => {
  expect(commands.map(({ name }) => name)).toEqual(wholeProgram().commands.map((command) => command.name()));
  const rebalance = commands.find(({ name }) => name === 'rebalance')?.options ?? [];
  expect(rebalance.find(({ flags }) => flags.includes('--goal'))?.takes).toEqual({
    kind: 'words',
    words: ['consolidate', 'balance', 'spread', 'defragment', 'repair'],
    isList: false,
  });
  expect(rebalance.find(({ flags }) => flags.includes('--out'))).toMatchObject({
    flags: ['-o', '--out'],
    takes: { kind: 'files' },
  });
});

it('knows what to offer for every value but free text', () => {
  const free = commands.flatMap(({ name, options }) =>
    options.flatMap(({ flags, takes }) =>
      takes?.kind === 'anything' ? [`${name} ${flags.at(-1) ?? ''}`] : [],
    ),
  );
  const flags = new Set(free.map((text) => text.replace(/^\S+ /, '')));

  for (const known of ['--goal', '--format', '--inventory', '--rules', '--host-facts', '--to', '--allow'])
    expect([...flags]).not.toContain(known);
});

/** What bash would offer for each line; the cursor stands at its end. */
function offers(lines: readonly string[]): string[][] {
  const script = [
    'planner() { cat names; }',
    'source ./bash',
    ...lines.map((line) => {
      // As readline splits a line: blanks end words, and = is a word.
      const words = line.split(/ |(=)/).filter((word): word is string => word !== undefined);
      const typed = words.filter((word, index) => word !== '' || index === words.length - 1);
      return `COMP_WORDS=(${typed.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${typed.length - 1}; _planner; printf '%s|' "\${COMPREPLY[@]}"; echo`;
    }),
  ].join('\n');
  const out = inShell('bash', ['-c', script]) ?? '';
  return out
    .trimEnd()
    .split('\n')
    .map((line) => line.split('|').filter((word) => word !== ''));
}

describe('bash', () => {
  it('completes commands, options, words, lists and files', () => {
    const [first, option, word, joined, list, files, folders, of] = offers([
      'planner reb',
      'planner rebalance --max-',
      'planner rebalance --goal b',
      'planner rebalance --goal=',
      'planner drain h1 --allow cold,po',
      'planner show pl',
      'planner import --from pl',
      'planner schema r',
    ]);

    expect(first).toEqual(['rebalance']);
    expect(option).toEqual(['--max-moves', '--max-gib', '--max-parallel', '--max-inbound']);
    expect(word).toEqual(['balance']);
    expect(joined).toEqual(['consolidate', 'balance', 'spread', 'defragment', 'repair']);
    expect(list).toEqual(['cold,post-copy']);
    expect(files?.toSorted()).toEqual(['plan.json', 'plans of today']);
    expect(folders).toEqual(['plans of today']);
    expect(of).toEqual(['rules']);
  });

  it('completes names of the inventory, and never runs what they say', () => {
    const [servers, hosts] = offers(['planner explain we', 'planner drain --allow cold $']);

    expect(servers).toEqual(['web-1', 'web-2']);
    expect(hosts).toEqual(['$(touch broken)']);
    expect(inShell('bash', ['-c', 'ls'])).not.toContain('broken');
  });

  it('has nothing that shellcheck finds fault with', ({ skip }) => {
    if (!has('shellcheck')) skip('shellcheck is not installed');

    expect(inShell('shellcheck', ['--shell=bash', 'bash'])).toBe('');
  });
});

describe('zsh', () => {
  it('completes commands, options, words, lists and files', ({ skip }) => {
    if (!has('zsh')) skip('zsh is not installed');
    const lines = [
      'planner reb',
      'planner rebalance --unk',
      'planner rebalance --goal b',
      'planner drain h1 --allow cold,po',
      'planner show plan.',
      'planner schema r',
    ];
    const typed = `lines_to_complete=(${lines.map((line) => `'${line}'`).join(' ')})`;
    const out = inShell('zsh', ['-f', '-c', `${typed}\n${driver}`]) ?? '';

    expect(out.trimEnd().split('\n')).toEqual([
      '<planner rebalance >',
      '<planner rebalance --unknown >',
      '<planner rebalance --goal balance >',
      '<planner drain h1 --allow cold,post-copy,>',
      '<planner show plan.json >',
      '<planner schema rules >',
    ]);
  });
});

describe('fish', () => {
  it('completes commands, options and words', ({ skip }) => {
    if (!has('fish')) skip('fish is not installed');
    const ask = (line: string): string[] =>
      (inShell('fish', ['--no-config', '-c', `source ./fish; complete -C '${line}'`]) ?? '')
        .trimEnd()
        .split('\n')
        .map((offered) => offered.split('\t')[0] ?? '');

    expect(ask('planner reb')).toEqual(['rebalance']);
    expect(ask('planner rebalance --goal b')).toEqual(['balance']);
    expect(ask('planner rebalance --max-')).toEqual(
      expect.arrayContaining(['--max-moves', '--max-gib', '--max-parallel', '--max-inbound']),
    );
    expect(ask('planner show plan.')).toEqual(['plan.json']);
  });
});

describe('planner completion names', () => {
  it('prints names that need no quotes, and nothing where there is no inventory', async () => {
    writeFileSync(
      join(folder, 'inventory.json'),
      JSON.stringify({
        hosts: [{ name: 'kvm-1' }],
        servers: [{ name: 'b' }, { name: 'a' }, { name: '$(x)' }],
      }),
    );
    const before = process.cwd();
    process.chdir(folder);
    try {
      expect((await plannerInside(['completion', 'names', '--of', 'servers'])).stdout).toBe('a\nb\n');
      expect((await plannerInside(['completion', 'names'])).stdout).toBe('kvm-1\n');
      writeFileSync(join(folder, 'inventory.json'), '{');
      expect(await plannerInside(['completion', 'names'])).toEqual({ status: 0, stdout: '', stderr: '' });
    } finally {
      process.chdir(before);
    }
  });

  it('refuses a shell that it does not know', async () => {
    const { status, stderr } = await plannerInside(['completion', 'bsh']);

    expect(status).toBe(2);
    expect(stderr).toContain('did you mean bash or zsh?');
  });
});
