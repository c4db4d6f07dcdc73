import { describe, expect, it } from 'vitest';
import { contradictionProblems } from '../../../src/constraints/operator/contradictions.ts';
import type { OperatorRule } from '../../../src/constraints/operator/document.ts';
import { flowInto } from '../../../src/constraints/operator/flow.ts';
import { resolveRules } from '../../../src/constraints/operator/resolve.ts';
import { aCloud, aGroup, aHost, aServer } from '../../support/builders.ts';

const cloud = aCloud({
  hosts: ['h1', 'h2', 'h3', 'h4'].map((name, i) =>
    aHost(name, { zone: i < 2 ? 'north' : 'south', rack: i < 2 ? 'r1' : 'r2' }),
  ),
  servers: [
    aServer('s1', 'h1', { requestedAz: { kind: 'zone', name: 'north' } }),
    aServer('s2', 'h2'),
    aServer('s3', 'h3'),
    aServer('s4', 'h4'),
  ],
  groups: [aGroup(['s3', 's4'], { name: 'pair' })],
});

const found = (...rules: OperatorRule[]): readonly string[] =>
  contradictionProblems(
    resolveRules({ formatVersion: 1, kind: 'rules', rules }, cloud).rules,
    cloud,
    'mine.json',
  ).map(({ summary }) => summary);

const all = { name: 's*' };
const fence = (name: string, servers: string[], ...hosts: string[]): OperatorRule => ({
  kind: 'fence',
  name,
  servers: { name: servers },
  hosts: { name: hosts },
});
const ban = (name: string, servers: string[], ...hosts: string[]): OperatorRule => ({
  kind: 'ban',
  name,
  servers: { name: servers },
  hosts: { name: hosts },
});

describe('contradictions', () => {
  it.each<[string, OperatorRule[], string]>([
    [
      'a fence and a ban',
      [fence('a', ['s1', 's2'], 'h1', 'h2'), ban('b', ['s2'], 'h1', 'h2', 'h3')],
      'rule a (fence) and rule b (ban) cannot hold together: no host is left, for s2',
    ],
    [
      'three that leave nothing together',
      [fence('a', ['s2'], 'h1', 'h2'), ban('b', ['s2'], 'h1'), ban('c', ['s2'], 'h2')],
      'rule a (fence) and rule b (ban) and rule c (ban) cannot hold together: no host is left, for s2',
    ],
    [
      'servers that are to be near and apart',
      [
        { kind: 'near', name: 'n', servers: { name: ['s1', 's2'] }, per: 'host' },
        { kind: 'keep-apart', name: 'k', servers: all, atMost: 1 },
      ],
      'rule n (near) and rule k (keep-apart) cannot hold together: in none of 4 choices of hosts: 2 servers for 1 domain that takes 1, for s1, s2',
    ],
    [
      'more servers than domains',
      [{ kind: 'keep-apart', name: 'k', servers: { name: ['s1', 's2', 's3'] }, per: 'rack' }],
      'rule k (keep-apart) cannot hold: 3 servers for 2 domains that take 1 each, for s1, s2, s3',
    ],
    [
      'a fence too narrow to be apart in',
      [fence('f', ['s2', 's3', 's4'], 'h1', 'h2'), { kind: 'keep-apart', name: 'k', servers: all }],
      'rule f (fence) and rule k (keep-apart) cannot hold together: 3 servers for 2 domains that take 1 each, for s2, s3, s4',
    ],
    [
      'a spread over more than there is',
      [{ kind: 'spread', name: 'w', servers: all, per: 'zone', atLeast: 3 }],
      'rule w (spread) cannot hold: they can be in 2 domains at most, 3 are wanted, for s1, s2, s3, s4',
    ],
    [
      'a spread that a fence keeps in',
      [
        fence('f', ['s2', 's3'], 'h1', 'h2'),
        { kind: 'spread', name: 'w', servers: { name: ['s2', 's3'] }, per: 'zone', atLeast: 2 },
      ],
      'rule f (fence) and rule w (spread) cannot hold together: they can be in 1 domain at most, 2 are wanted, for s2, s3',
    ],
    [
      'a fence to hosts that take nobody',
      [fence('f', ['s2'], 'h1'), { kind: 'max-servers', name: 'm', hosts: { name: 'h1' }, atMost: 0 }],
      'rule f (fence) and rule m (max-servers) cannot hold together: 1 server for 1 domain that takes 0, for s2',
    ],
    [
      'a fence outside of the zone that was asked for',
      [fence('f', ['s1', 's2'], 'h3')],
      'rule f (fence) and availability zone north, which the servers asked for cannot hold together: no host is left, for s1',
    ],
    [
      'an anti-affinity group that is to be on one host',
      [{ kind: 'near', name: 'n', servers: { name: ['s3', 's4'] }, per: 'host' }],
      'rule n (near) and anti-affinity group pair cannot hold together: in none of 4 choices of hosts: 2 servers for 1 domain that takes 1, for s3, s4',
    ],
    [
      'groups of two rules that do not meet',
      [
        { kind: 'among', name: 'a', servers: { name: 's2' }, groups: [{ zone: 'north' }] },
        { kind: 'among', name: 'b', servers: { name: 's2' }, groups: [{ name: 'h3' }, { name: 'h4' }] },
      ],
      'rule a (among) and rule b (among) cannot hold together: in none of 2 choices of hosts: no host is left, for s2',
    ],
  ])('names %s', (_, rules, summary) => {
    expect(found(...rules)).toEqual([summary]);
  });

  it('says nothing of rules that can hold', () => {
    expect(
      found(
        fence('f', ['s2'], 'h1', 'h2'),
        ban('b', ['s2'], 'h1'),
        { kind: 'near', name: 'n', servers: { name: ['s3', 's4'] }, per: 'rack' },
        { kind: 'keep-apart', name: 'k', servers: all },
        { kind: 'spread', name: 'w', servers: all, per: 'zone', atLeast: 2 },
        { kind: 'max-servers', name: 'm', atMost: 1 },
      ),
    ).toEqual([]);
  });

  it('says where, and what to change', () => {
    const rules = [fence('a', ['s2'], 'h1'), ban('b', ['s2'], 'h1')];
    const resolved = resolveRules({ formatVersion: 1, kind: 'rules', rules }, cloud).rules;

    expect(contradictionProblems(resolved, cloud, 'mine.json')).toMatchObject([
      {
        severity: 'error',
        code: 'rules.contradiction',
        source: 'mine.json',
        path: '$.rules[0], $.rules[1]',
        hint: 'let a name more hosts, or let b name fewer hosts',
      },
    ]);
  });
});

describe('a flow', () => {
  it('moves those who can go elsewhere', () => {
    const supplies = [
      { count: 2, places: [0, 1] },
      { count: 1, places: [0] },
    ];

    expect(flowInto(supplies, [1, 2])).toEqual({ total: 3 });
    expect(flowInto(supplies, [1, 1])).toMatchObject({
      total: 2,
      short: { supplies: [0, 1], places: [0, 1] },
    });
    expect(flowInto([{ count: 3, places: [0] }], [Infinity])).toEqual({ total: 3 });
  });
});
