import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/plan/plan.ts';
import { isMigration } from '../../src/plan/run-steps.ts';
import { printPlan } from '../../src/plan/print-plan.ts';
import { withPlanId } from '../../src/plan/plan-id.ts';
import { parsePlan } from '../../src/plan/plan-file.ts';
import { folder, importRecording, planner, plannerInside } from './run-planner.ts';

const write = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const rulesFile = (name: string, ...rules: readonly object[]): string =>
  write(name, JSON.stringify({ formatVersion: 1, kind: 'rules', rules }));
const planIn = (name: string): Plan => parsePlan(readFileSync(join(folder, name), 'utf8'));
const inside = (...words: readonly string[]) =>
  plannerInside([...words, '--inventory', join(folder, 'inventory.json')]);

beforeAll(importRecording);

describe('planner check --rules', () => {
  it('lists what is broken of them today, in their words', async () => {
    const file = rulesFile('apart.json', {
      kind: 'keep-apart',
      name: 'web-apart',
      servers: { name: 'web-*' },
      atMost: 2,
    });

    const { status, stdout } = await inside('check', '--rules', file);

    expect(status).toBe(1);
    expect(stdout).toContain('operator:web-apart (1)');
    expect(stdout).toContain('host kvm-a05: 4 servers of rule web-apart (keep-apart), limit 2');
  });

  it('warns of what matches nothing today, and goes on', async () => {
    const file = rulesFile('later.json', {
      kind: 'near',
      name: 'later',
      servers: { tag: 'not-yet' },
      per: 'host',
    });

    const { status, stderr } = await inside('check', '--rules', file);

    expect(status).toBe(1); // for what else is broken
    expect(stderr).toContain('warning rules.matches-nothing: no server has this tag today');
    expect(stderr).toContain('$.rules[0].servers.tag');
  });
});

describe('the rules of docs/rules.md', () => {
  it('are rules of the recorded cloud', async () => {
    const readme = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');
    const examples = [...readme.matchAll(/```json[^\n]*\n(.*?)```/gs)].map(([, text = '']) => text);
    const example = examples.find((text) => text.includes('"rules"')) ?? '';
    const file = write('readme.json', example);

    const { status, stderr, stdout } = await inside('check', '--rules', file);

    expect(stderr).toBe('');
    expect(status).toBe(1);
    expect(stdout).toContain('operator:web-apart');
    const kinds = ['fence', 'ban', 'among', 'keep-apart', 'spread', 'near', 'max-servers'];
    for (const kind of kinds) {
      expect(example).toContain(`"kind": "${kind}"`);
      expect(readme).toMatch(new RegExp(`^\\| \`${kind}\` +\\|`, 'm'));
    }
  });
});

describe('a plan with rules', () => {
  it('obeys them, holds them whole, and is verified by nothing but itself', () => {
    const moved = ['rebalance', '--goal', 'consolidate', '--allow', 'cold'];
    planner(...moved, '--out', 'free.json');
    const free = planIn('free.json').steps.filter(isMigration);
    const [first] = free;
    if (first === undefined) throw new Error('something moves');
    const file = rulesFile(
      'ban.json',
      { kind: 'ban', name: 'not-there', servers: { id: first.server }, hosts: { name: first.to } },
      { kind: 'max-servers', name: 'no-more', hosts: { name: first.to }, atMost: 100 },
    );

    const { status } = planner(...moved, '--rules', file, '--out', 'ruled.json');

    expect(status).toBe(0);
    const ruled = planIn('ruled.json');
    expect(ruled.basedOn.rules).toEqual(JSON.parse(readFileSync(file, 'utf8')));
    expect(ruled.steps.filter(isMigration).map((s) => `${s.server} ${s.to}`)).not.toContain(
      `${first.server} ${first.to}`,
    );
    expect(planner('verify', 'ruled.json').status).toBe(0);
  });

  it('is refused where its rules are broken', () => {
    const plan = planIn('free.json');
    const [first] = plan.steps.filter(isMigration);
    if (first === undefined) throw new Error('something moves');
    const rules = {
      formatVersion: 1 as const,
      kind: 'rules' as const,
      rules: [
        {
          kind: 'ban' as const,
          name: 'not-there',
          servers: { id: first.server },
          hosts: { name: first.to },
        },
      ],
    };
    write('forged.json', printPlan(withPlanId({ ...plan, basedOn: { ...plan.basedOn, rules } })));

    const { status, stdout } = planner('verify', 'forged.json');

    expect(status).toBe(1);
    expect(stdout).toContain('operator:not-there');
  });

  it('names the rule that keeps a host from being drained', () => {
    const file = rulesFile('stay.json', {
      kind: 'fence',
      name: 'stays',
      servers: { name: 'ml-prep-1' },
      hosts: { name: 'kvm-a01' },
    });

    const { status, stdout } = planner('drain', 'kvm-a01', '--allow', 'cold', '--rules', file);

    expect(status).toBe(1);
    expect(stdout).toContain('rule stays (fence)');
  });
});

describe('rules that are none', () => {
  const good = { kind: 'ban', name: 'x', servers: { name: 'web-*' }, hosts: { name: 'kvm-a01' } };
  const wrap = (rules: unknown): string => JSON.stringify({ formatVersion: 1, kind: 'rules', rules });
  const deep = `{"not":`.repeat(50_000) + `{"tag":"x"}` + '}'.repeat(50_000);

  it.each([
    ['cut short', wrap([good]).slice(0, 60), ['rules.not-json']],
    ['no rules', '{"kind": "goal"}', ['rules.not-rules', '$.kind']],
    ['of tomorrow', wrap([good]).replace('"formatVersion":1', '"formatVersion":2'), ['rules.version']],
    ['empty', wrap([]), ['rules.out-of-range', '$.rules']],
    ['of an unknown kind', wrap([{ ...good, kind: 'forbid' }]), ['$.rules[0].kind', 'one of fence, ban']],
    ['with unknown members', wrap([{ ...good, host: {} }]), ['rules.unknown-member', '$.rules[0].host']],
    [
      'about where servers run',
      wrap([{ ...good, servers: { zone: 'az-north' } }]),
      ['rules.unknown-member', '$.rules[0].servers.zone'],
    ],
    ['too deep', wrap([good]).replace('{"name":"web-*"}', deep), ['rules.unknown-member', 'servers.not.not']],
    ['saying nothing', wrap([{ ...good, servers: {} }]), ['a selector says at least one thing']],
    ['with an empty list', wrap([{ ...good, servers: { name: [] } }]), ['$.rules[0].servers.name']],
    ['with a hostile name', wrap([{ ...good, name: '\u001B[2J' }]), ['$.rules[0].name']],
    ['with half a character', wrap([{ ...good, servers: { name: '\uD800' } }]), ['half a surrogate pair']],
    ['of one name', wrap([good, good]), ['rules.name', '$.rules[1].name']],
    ['misspelt', wrap([{ ...good, hosts: { name: 'kvm-a0l' } }]), ['rules.no-match', 'did you mean kvm-a01']],
    [
      'against each other',
      wrap([good, { ...good, name: 'y', kind: 'fence' }]),
      ['rules.contradiction', 'rule x (ban) and rule y (fence) cannot hold together'],
    ],
  ])('(%s) are refused by check and rebalance', async (name, text, said) => {
    const file = write(`bad-${name.replaceAll(' ', '-')}.json`, text);

    for (const words of [['check'], ['rebalance', '--goal', 'balance']]) {
      const { status, stdout, stderr } = await inside(...words, '--rules', file);

      expect(stderr).toMatch(/^error rules\.[a-z-]+: /);
      for (const part of said) expect(stderr).toContain(part);
      expect(status).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).not.toContain('\u001B');
      expect(stderr.length).toBeLessThan(20_000);
    }
  });

  it('are told all at once, with what else is wrong', async () => {
    const file = write(
      'two.json',
      wrap([
        { ...good, kind: 'forbid' },
        { ...good, name: 'a b', hosts: {} },
      ]),
    );

    const { status, stderr } = await inside(
      'rebalance',
      '--goal',
      'balance',
      '--effort',
      '0',
      '--rules',
      file,
    );

    expect(status).toBe(2);
    for (const part of ['$.rules[0].kind', '$.rules[1].name', '$.rules[1].hosts', '--effort'])
      expect(stderr).toContain(part);
  });

  it('and a file that is not there', async () => {
    const { status, stderr } = await inside('check', '--rules', join(folder, 'nowhere.json'));

    expect(status).toBe(2);
    expect(stderr).toContain('file.unreadable');
  });

  it('in a plan are refused as the plan is', () => {
    const plan = planIn('free.json');
    const text = printPlan(plan).replace(
      '"profile":"zed"',
      `"profile":"zed","rules":${wrap([{ ...good, servers: 'x' }])}`,
    );
    write('bad-rules-plan.json', text);
    write('deep-rules-plan.json', text.replace('"servers":"x"', `"servers":${deep}`));

    for (const file of ['bad-rules-plan.json', 'deep-rules-plan.json']) {
      const { status, stderr } = planner('verify', file);

      expect(status).toBe(2);
      expect(stderr).toContain('$.basedOn.rules.rules[0].servers');
    }
  });
});

describe('planner schema rules', () => {
  it('prints what the reader of rules takes', async () => {
    const { status, stdout } = await plannerInside(['schema', 'rules']);

    expect(status).toBe(0);
    const schema: unknown = JSON.parse(stdout);
    expect(schema).toMatchObject({ title: 'planner rules', properties: { kind: { const: 'rules' } } });
    expect(stdout).toContain('"max-servers"');
  });
});
