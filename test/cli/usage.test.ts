import { describe, expect, it } from 'vitest';
import { planner, plannerInside } from './run-planner.ts';

const commands = ['import', 'check', 'explain', 'rebalance', 'drain', 'verify', 'show', 'export', 'schema'];

describe('help', () => {
  it('lists every command, with examples and exit codes', () => {
    const { status, stdout, stderr } = planner('--help');

    expect(status).toBe(0);
    expect(stderr).toBe('');
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    expect(stdout).toContain('Examples:\n  planner import');
    expect(stdout).toContain('Exit codes: 0 done');
  });

  it.each(commands)('of %s has examples', async (command) => {
    const { status, stdout } = await plannerInside([command, '--help']);

    expect(status).toBe(0);
    expect(stdout).toContain(`Examples:\n  planner ${command}`);
  });

  it('says the version of the package', () => {
    expect(planner('--version')).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
      stderr: '',
    });
  });
});

describe('a command line that makes no sense ends with 2, says why, and leaves stdout empty', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['no command', [], /Usage: planner/],
    [
      'an unknown command',
      ['rebalence'],
      /error usage\.command: unknown command 'rebalence'\n\(Did you mean rebalance\?\)/,
    ],
    [
      'an unknown option',
      ['check', '--inventry', 'x'],
      /unknown option '--inventry'[\s\S]*hint: planner check --help/,
    ],
    ['a missing argument', ['show'], /missing required argument 'plan'/],
    ['nothing to read', ['import'], /error cloud\.none: [\s\S]*--cloud or OS_CLOUD[\s\S]*--from FOLDER/],
    ['too many arguments', ['show', 'a', 'b'], /too many arguments/],
    ['an option without its value', ['check', '--inventory'], /argument missing/],
    ['terminal escapes', ['check', '--\u001B[31m'], /unknown option '--\\u\{1b\}\[31m'/],
    [
      'an unknown document',
      ['schema', 'plam'],
      /error usage\.option: not a value of this option[\s\S]*hint: did you mean plan\?/,
    ],
    [
      'an unknown format',
      ['export', 'p.json', '--format', 'yaml'],
      /limit one of json, sh, ansible, markdown, csv/,
    ],
    ['no format', ['export', 'p.json'], /limit one of json, sh, ansible, markdown, csv/],
    [
      'a time that is none',
      ['import', '--from', 'x', '--captured-at', 'yesterday'],
      /--captured-at, value yesterday/,
    ],
  ])('%s', async (_, words, expected) => {
    const { status, stdout, stderr } = await plannerInside(words);

    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(expected);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  it('names everything that is wrong with the options of planning at once', () => {
    const { status, stderr } = planner(
      'rebalance',
      ...[
        '--goal',
        'consolidat',
        '--solver',
        'cplex',
        '--release',
        'zeb',
        '--unknown',
        'maybe',
        '--allow',
        'cold,cald',
      ],
      ...[
        '--max-moves',
        '-1',
        '--max-gib',
        'all',
        '--min-gain',
        '1e3',
        '--spare-hosts',
        '1.5',
        '--headroom',
        '100',
      ],
      ...['--max-parallel', '0', '--time-limit', '0', '--effort', '', '--seed', '9007199254740993'],
      ...['--exclude', 'vm:web', '--only', 'server:', '--inventory', 'nowhere.json', '--out', '-', '--json'],
    );

    expect(status).toBe(2);
    const told = [...stderr.matchAll(/^error (\S+): .*\(at ([^,)]+)/gm)].map(
      ([, code, place]) => `${code ?? ''} ${place ?? ''}`,
    );
    expect(told).toEqual([
      'usage.option --json',
      'usage.option --solver',
      'usage.option --release',
      'usage.option --unknown',
      'usage.option --allow',
      'usage.option --effort',
      'usage.option --seed',
      'usage.option --min-gain',
      'usage.option --max-moves',
      'usage.option --max-gib',
      'usage.option --spare-hosts',
      'usage.option --headroom',
      'usage.option --max-parallel',
      'usage.option --time-limit',
      'usage.option --exclude',
      'usage.option --only',
      'usage.option --goal',
      'inventory.unreadable nowhere.json',
    ]);
    expect(stderr).toContain('hint: did you mean consolidate?');
    expect(stderr).toContain('hint: did you mean zed?');
    expect(stderr).toContain('hint: did you mean cold?');
  });
});

describe('a bug in planner', () => {
  const broken = {
    out: () => {
      throw new Error('it \u001B[31mbroke');
    },
  };

  it('ends with 70, asks for a report, and shows no stack', async () => {
    const { status, stderr } = await plannerInside(['schema', 'plan'], broken);

    expect(status).toBe(70);
    expect(stderr).toBe(`error planner.bug: it \\u{1b}[31mbroke
  This is a mistake in planner 1.2.3, not in your input. Please report it with this message and the command:
  planner schema plan
  PLANNER_DEBUG=1 shows where it happened.
`);
  });

  it('shows where it happened when asked to', async () => {
    const { stderr } = await plannerInside(['schema', 'plan'], { ...broken, debug: true });

    expect(stderr).toMatch(/^ {4}at .*usage\.test\.ts/m);
  });
});

describe('planner schema', () => {
  it.each(['inventory', 'plan'])('prints the JSON Schema of the %s', async (document) => {
    const { status, stdout } = await plannerInside(['schema', document]);

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      additionalProperties: false,
    });
  });
});
