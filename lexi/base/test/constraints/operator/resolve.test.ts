import { describe, expect, it } from 'vitest';
import type { HostSelector, ServerSelector } from '../../../src/model/selector.ts';
import { resolveRules } from '../../../src/constraints/operator/resolve.ts';
import { hostChoice, select, serverChoice } from '../../../src/model/select.ts';
import { matchesGlob } from '../../../src/shared/glob.ts';
import { aCloud, aFlavor, aggregateId, aGroup, aHost, aServer, hostId } from '../../support/builders.ts';

const cloud = aCloud({
  hosts: [aHost('h1', { zone: 'north', rack: 'r1', nodeName: 'h1.example' }), aHost('h2', { zone: 'south' })],
  servers: [
    aServer('db-1', 'h1', { tags: ['db', 'prod'], metadata: { owner: 'ann' } }),
    aServer('db-2', 'h2', { tags: ['db'], projectId: 'p2' }),
    aServer('web-1', 'h2', { vcpus: 4, memoryGiB: 8 }),
  ],
  groups: [aGroup(['web-1'], { name: 'webs' })],
  aggregates: new Map([
    [
      aggregateId('a1'),
      { id: aggregateId('a1'), name: 'fast', hosts: [hostId('h2')], metadata: { ssd: 'true' } },
    ],
    [aggregateId('a2'), { id: aggregateId('a2'), name: 'bare', hosts: [], metadata: {} }],
  ]),
  flavors: new Map([['huge', aFlavor(64, 512)]]),
});

describe('a selector of servers', () => {
  it.each<[ServerSelector, string[]]>([
    [{ name: 'db-*' }, ['db-1', 'db-2']],
    [{ name: 'db-?', tag: 'prod' }, ['db-1']],
    [{ id: ['web-1', 'db-2'] }, ['db-2', 'web-1']],
    [{ project: 'p2' }, ['db-2']],
    [{ flavor: 'f4c8g' }, ['web-1']],
    [{ group: 'webs' }, ['web-1']],
    [{ group: 'g1' }, ['web-1']],
    [{ metadata: 'owner=a*' }, ['db-1']],
    [{ not: { tag: 'db' } }, ['web-1']],
    [{ any: [{ tag: 'prod' }, { group: 'webs' }] }, ['db-1', 'web-1']],
    [{ all: [{ tag: 'db' }, { not: { tag: 'prod' } }] }, ['db-2']],
    [{ tag: 'db', any: [{ project: 'p2' }, { name: 'web-1' }] }, ['db-2']],
  ])('%j', (selector, names) => {
    expect(select(selector, serverChoice(cloud)).map(({ name }) => name)).toEqual(names);
  });
});

describe('a selector of hosts', () => {
  it.each<[HostSelector, string[]]>([
    [{ name: 'h*' }, ['h1', 'h2']],
    [{ name: 'h1.example' }, ['h1']],
    [{ zone: 'south' }, ['h2']],
    [{ rack: 'r1' }, ['h1']],
    [{ aggregate: 'fast' }, ['h2']],
    [{ aggregate: 'a1' }, ['h2']],
    [{ metadata: 'ssd=true' }, ['h2']],
    [{ not: { rack: '*' } }, ['h2']],
  ])('%j', (selector, names) => {
    expect(select(selector, hostChoice(cloud)).map(({ id }) => id)).toEqual(names);
  });
});

describe('what names nothing', () => {
  const problemsOf = (servers: ServerSelector, hosts: HostSelector = { name: 'h1' }) =>
    resolveRules(
      { formatVersion: 1, kind: 'rules', rules: [{ kind: 'fence', name: 'x', servers, hosts }] },
      cloud,
    ).problems.map(({ severity, path, value, hint }) => [severity, path, value, hint]);

  it.each<[ServerSelector, unknown[]]>([
    [{ name: 'db-l' }, ['error', '$.rules[0].servers.name', 'db-l', 'did you mean db-1 or db-2?']],
    [{ name: 'zzz-*' }, ['warning', '$.rules[0].servers.name', 'zzz-*', undefined]],
    [{ tag: ['db', 'staging'] }, ['warning', '$.rules[0].servers.tag[1]', 'staging', undefined]],
    [{ metadata: 'owner=bob' }, ['warning', '$.rules[0].servers.metadata', 'owner=bob', undefined]],
    [{ flavor: 'huge' }, ['warning', '$.rules[0].servers.flavor', 'huge', undefined]],
    [
      { any: [{ tag: 'db' }, { not: { group: 'web' } }] },
      ['error', '$.rules[0].servers.any[1].not.group', 'web', 'did you mean webs?'],
    ],
    [{ tag: 'db', group: 'webs' }, ['warning', '$.rules[0].servers', undefined, undefined]],
  ])('%j is told with its place', (servers, problem) => {
    expect(problemsOf(servers)).toEqual([problem]);
  });

  it('is an error where servers could be nowhere', () => {
    expect(problemsOf({ tag: 'db' }, { aggregate: 'bare' })).toEqual([
      ['warning', '$.rules[0].hosts.aggregate', 'bare', undefined],
      ['error', '$.rules[0].hosts', undefined, undefined],
    ]);
  });
});

describe('patterns', () => {
  it.each([
    ['a*b', 'a--b', true],
    ['a*b', 'a--c', false],
    ['*', '', true],
    ['?', '', false],
    ['?', '\u{1F600}', true],
    ['a*a*a*b', 'aaaaaaaaaaaaab', true],
    ['[a]+', 'a', false],
    ['$&\n*', '$&\nx', true],
  ])('%j on %j', (pattern, text, matches) => {
    expect(matchesGlob(pattern, text)).toBe(matches);
  });

  it('take no time on what backtracking never ends with', () => {
    expect(matchesGlob(`${'*a'.repeat(200)}b`, 'a'.repeat(5000))).toBe(false);
  });
});
