import { describe, expect, it } from 'vitest';
import { affinity } from '../../src/constraints/rules/affinity.ts';
import { antiAffinity } from '../../src/constraints/rules/anti-affinity.ts';
import { capacity } from '../../src/constraints/rules/capacity.ts';
import { headroom } from '../../src/constraints/rules/headroom.ts';
import type { Rule, Violation } from '../../src/constraints/rule.ts';
import { hostId, serverId } from '../../src/model/ids.ts';
import { auditAll, worsened } from '../../src/plan/compare-violations.ts';
import { createState } from '../../src/replay/state.ts';
import { aCloud, aContext, aGroup, aHost, aServer } from '../support/builders.ts';

const full: Violation = {
  rule: 'capacity',
  key: 'rp-h1 VCPU',
  host: hostId('h1'),
  servers: [serverId('a'), serverId('b')],
  measured: 5,
  limit: 4,
  unit: 'VCPU',
  where: 'h1',
};

const hosts = [aHost('h1', { vcpu: 4 }), aHost('h2', { vcpu: 4 }), aHost('h3', { vcpu: 4 })];

/** What gets worse for a rule when servers are where the second record says instead of the first. */
const worse = (
  rule: Rule,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  groups: Parameters<typeof aCloud>[0] = {},
): readonly string[] => {
  const audit = (at: Readonly<Record<string, string>>) => {
    const servers = Object.entries(at).map(([name, host]) => aServer(name, host));
    return auditAll(createState(aContext(aCloud({ hosts, servers, ...groups }))), [rule]);
  };
  return worsened(audit(before), audit(after)).map((violation) => rule.describe(violation));
};

describe('a violation is worse', () => {
  it('when it is new', () => {
    expect(worsened([], [full])).toEqual([full]);
  });

  it('when it has grown', () => {
    expect(worsened([full], [{ ...full, measured: 6 }])).toEqual([{ ...full, measured: 6 }]);
  });

  it('when a server was added to it, even where another has left', () => {
    const joined = { ...full, servers: [serverId('a'), serverId('c')] };

    expect(worsened([full], [joined])).toEqual([joined]);
  });

  it('when it is one of another rule by the same key', () => {
    const other = { ...full, rule: 'headroom' };

    expect(worsened([full], [other])).toEqual([other]);
  });
});

describe('a violation is no worse', () => {
  it('when it is the same, smaller, has fewer servers, or is gone', () => {
    expect(worsened([full], [full])).toEqual([]);
    expect(worsened([full], [{ ...full, measured: 4.5 }])).toEqual([]);
    expect(worsened([full], [{ ...full, servers: [serverId('b')] }])).toEqual([]);
    expect(worsened([full], [])).toEqual([]);
  });

  it('when only its limit or its words have changed', () => {
    expect(worsened([full], [{ ...full, limit: 3, where: 'elsewhere' }])).toEqual([]);
  });
});

describe('between two states', () => {
  const pair = { groups: [aGroup(['a', 'b', 'c'], { policy: 'affinity', name: 'pair' })] };
  const apart = { groups: [aGroup(['a', 'b', 'c'], { name: 'web' })] };

  it('a split group may close up, and swap hosts, and not split further', () => {
    const split = { a: 'h1', b: 'h1', c: 'h2' };

    expect(worse(affinity, split, { a: 'h2', b: 'h2', c: 'h2' }, pair)).toEqual([]);
    expect(worse(affinity, split, { a: 'h1', b: 'h2', c: 'h2' }, pair)).toEqual([]);
    expect(worse(affinity, split, { a: 'h3', b: 'h1', c: 'h2' }, pair)).toEqual([
      'affinity group pair is split over 3 hosts: h1, h2, h3',
    ]);
  });

  it('members that are too many on one host may leave it, and not meet elsewhere', () => {
    const three = { a: 'h1', b: 'h1', c: 'h1' };

    expect(worse(antiAffinity, three, { a: 'h1', b: 'h1', c: 'h2' }, apart)).toEqual([]);
    expect(worse(antiAffinity, three, { a: 'h1', b: 'h2', c: 'h2' }, apart)).toEqual([
      'host h2: 2 servers of anti-affinity group web, limit 1',
    ]);
  });

  it('nobody may come to a host that stays overfull', () => {
    const overfull = { a: 'h1', b: 'h1', c: 'h1', d: 'h1', e: 'h2' };

    expect(worse(capacity, overfull, { ...overfull, a: 'h2' })).toEqual([]);
    expect(worse(capacity, overfull, { ...overfull, a: 'h2', e: 'h1' })).toEqual(['host h1: 8 of 4 VCPU']);
  });

  it('another server may take the place of one on a host that keeps too little free, if it uses no more', () => {
    const crowded = { a: 'h1', b: 'h1', c: 'h2' };

    expect(worse(headroom(25), crowded, { a: 'h2', b: 'h1', c: 'h1' })).toEqual([]);
    expect(worse(headroom(25), crowded, { a: 'h1', b: 'h1', c: 'h1' })).toEqual([
      'host h1 uses 6 VCPU; the headroom asked for leaves 3',
    ]);
  });
});

describe('auditAll', () => {
  it('lists what is broken in the order of the rules', () => {
    const servers = ['a', 'b', 'c'].map((name) => aServer(name, 'h1'));
    const groups = [aGroup(['a', 'b'])];
    const state = createState(aContext(aCloud({ hosts, servers, groups })));

    expect(auditAll(state, [antiAffinity, capacity]).map(({ rule }) => rule)).toEqual([
      'anti-affinity',
      'capacity',
    ]);
    expect(auditAll(state, [capacity, antiAffinity]).map(({ rule }) => rule)).toEqual([
      'capacity',
      'anti-affinity',
    ]);
  });
});
