import { describe, expect, it } from 'vitest';
import type { OperatorRule } from '../../../src/constraints/operator/document.ts';
import { operatorRules } from '../../../src/constraints/operator/operator-rules.ts';
import { breachOf, type Rule } from '../../../src/constraints/rule.ts';
import type { Cloud } from '../../../src/model/cloud.ts';
import type { Host } from '../../../src/model/host.ts';
import { createState, type State } from '../../../src/replay/state.ts';
import { aCloud, aContext, aHost, anArrival, aServer, serverId } from '../../support/builders.ts';

const inRack = (name: string, rack?: string): Host =>
  aHost(name, { zone: name === 'h4' ? 'south' : 'north', ...(rack !== undefined && { rack }) });

/** h1 and h2 in rack r1, h3 in rack r2, h4 in none that is known. */
const hosts = [inRack('h1', 'r1'), inRack('h2', 'r1'), inRack('h3', 'r2'), inRack('h4')];
const where = (homes: Readonly<Record<string, string>>): Cloud =>
  aCloud({ hosts, servers: Object.entries(homes).map(([name, host]) => aServer(name, host)) });

function ruleFor(rule: OperatorRule, cloud: Cloud): Rule {
  const [only] = operatorRules({ formatVersion: 1, kind: 'rules', rules: [rule] }, cloud).rules;
  if (only === undefined) throw new Error('one rule was asked for');
  return only;
}

const judge = (rule: Rule, state: State, server: string, to: string) =>
  rule.judge(anArrival(state.context, server, to), state);

const move = (state: State, server: string, to: string): void => {
  state.apply({ kind: 'request', arrival: anArrival(state.context, server, to) });
};

describe('fence', () => {
  const cloud = where({ s1: 'h1', s2: 'h3', other: 'h3' });
  const rule = ruleFor({ kind: 'fence', name: 'in', servers: { name: 's*' }, hosts: { rack: 'r1' } }, cloud);
  const state = createState(aContext(cloud));

  it('lets its servers go to its hosts alone, and others anywhere', () => {
    expect(judge(rule, state, 's1', 'h2')).toEqual({ kind: 'yes' });
    expect(judge(rule, state, 's1', 'h3')).toMatchObject({ kind: 'no', where: 'h3' });
    expect(judge(rule, state, 'other', 'h4')).toEqual({ kind: 'yes' });
  });

  it('tells of servers that are outside, which may leave to its hosts', () => {
    const [violation, ...more] = rule.audit(state);

    expect(more).toEqual([]);
    expect(violation).toMatchObject({ rule: 'operator:in', host: 'h3', servers: ['s2'] });
    expect(judge(rule, state, 's2', 'h1')).toEqual({ kind: 'yes' });
  });

  it('compiles to a mask and says what is wrong', () => {
    expect(rule.compile(aContext(cloud))).toEqual([
      {
        kind: 'pairMask',
        rule: 'operator:in',
        sets: [{ servers: ['s1', 's2'], hosts: new Set(['h1', 'h2']) }],
      },
    ]);
    const verdict = judge(rule, state, 's1', 'h3');
    if (verdict.kind !== 'no') throw new Error('refused above');
    expect(rule.describe(breachOf(verdict))).toBe(
      'host h3 is none of the hosts that rule in (fence) keeps the server to',
    );
  });
});

describe('ban', () => {
  const cloud = where({ s1: 'h1', s2: 'h3' });
  const rule = ruleFor({ kind: 'ban', name: 'out', servers: { name: 's*' }, hosts: { rack: 'r2' } }, cloud);
  const state = createState(aContext(cloud));

  it('keeps its servers from its hosts', () => {
    expect(judge(rule, state, 's1', 'h2')).toEqual({ kind: 'yes' });
    expect(judge(rule, state, 's1', 'h3')).toMatchObject({ kind: 'no' });
    expect(rule.audit(state)).toMatchObject([{ host: 'h3', servers: ['s2'] }]);
    expect(rule.compile(aContext(cloud))).toMatchObject([
      { sets: [{ servers: ['s1', 's2'], hosts: new Set(['h1', 'h2', 'h4']) }] },
    ]);
    expect(rule.describe({ measured: 1, limit: 0, unit: 'servers', where: 'h3' })).toContain(
      'rule out (ban)',
    );
  });
});

describe('keep-apart', () => {
  it('allows one a host where nothing else is said, and counts servers on their way at both ends', () => {
    const cloud = where({ s1: 'h1', s2: 'h2', s3: 'h3' });
    const rule = ruleFor({ kind: 'keep-apart', name: 'apart', servers: { name: 's*' } }, cloud);
    const state = createState(aContext(cloud));

    expect(judge(rule, state, 's1', 'h2')).toMatchObject({ kind: 'no', measured: 2, limit: 1 });
    move(state, 's2', 'h4');
    expect(judge(rule, state, 's1', 'h2')).toMatchObject({ kind: 'no' });
    expect(judge(rule, state, 's1', 'h4')).toMatchObject({ kind: 'no' });
    state.apply({ kind: 'complete', server: serverId('s2') });
    expect(judge(rule, state, 's1', 'h2')).toEqual({ kind: 'yes' });
    expect(rule.compile(aContext(cloud))).toEqual([
      {
        kind: 'domainCount',
        rule: 'operator:apart',
        members: ['s1', 's2', 's3'],
        per: 'host',
        atMost: 1,
      },
    ]);
  });

  it('counts by rack, lets members move within one that has too many, and knows what it does not know', () => {
    const cloud = where({ s1: 'h1', s2: 'h1', s3: 'h3', s4: 'h3' });
    const rule = ruleFor(
      { kind: 'keep-apart', name: 'apart', servers: { name: ['s1', 's2', 's3'] }, per: 'rack' },
      cloud,
    );
    const state = createState(aContext(cloud));

    expect(rule.audit(state)).toMatchObject([
      { measured: 2, limit: 1, where: 'rack r1', servers: ['s1', 's2'] },
    ]);
    expect(judge(rule, state, 's1', 'h2')).toEqual({ kind: 'yes' });
    expect(judge(rule, state, 's3', 'h2')).toMatchObject({ kind: 'no', measured: 3, where: 'rack r1' });
    expect(judge(rule, state, 's1', 'h4')).toMatchObject({ kind: 'unknown', safe: 'no' });
    expect(judge(rule, state, 's4', 'h4')).toEqual({ kind: 'yes' });
    const [violation] = rule.audit(state);
    if (violation === undefined) throw new Error('there is one');
    expect(rule.describe(violation)).toBe('rack r1: 2 servers of rule apart (keep-apart), limit 1');
  });

  it('counts many servers as it counts few', () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`s${n}`, n < 2 ? 'h1' : 'h3']));
    const cloud = where(many);
    const rule = ruleFor(
      { kind: 'keep-apart', name: 'apart', servers: { name: 's*' }, per: 'rack', atMost: 3 },
      cloud,
    );
    const state = createState(aContext(cloud));

    expect(judge(rule, state, 's9', 'h2')).toEqual({ kind: 'yes' });
    move(state, 's9', 'h2');
    expect(judge(rule, state, 's8', 'h1')).toMatchObject({ kind: 'no', measured: 4 });
  });
});

describe('spread', () => {
  const rule: OperatorRule = {
    kind: 'spread',
    name: 'wide',
    servers: { name: 's*' },
    per: 'rack',
    atLeast: 2,
  };

  it('holds at the end: it refuses no arrival but on hosts whose rack is not known', () => {
    const cloud = where({ s1: 'h1', s2: 'h3' });
    const state = createState(aContext(cloud));
    const made = ruleFor(rule, cloud);

    expect(made.holds).toBe('end');
    expect(judge(made, state, 's2', 'h2')).toEqual({ kind: 'yes' });
    expect(judge(made, state, 's2', 'h4')).toMatchObject({ kind: 'unknown', safe: 'no' });
    expect(made.audit(state)).toEqual([]);
    move(state, 's2', 'h2');
    expect(made.audit(state)).toEqual([]); // still on its way
    state.apply({ kind: 'complete', server: serverId('s2') });
    const [violation] = made.audit(state);
    expect(violation).toMatchObject({ measured: 1, limit: 0, servers: ['s1', 's2'] });
    if (violation !== undefined)
      expect(made.describe(violation)).toBe(
        'servers of rule wide (spread) are in 1 rack, at least 2 wanted: rack r1',
      );
    expect(made.compile(aContext(cloud))[0]).toEqual({
      kind: 'domainCount',
      rule: 'operator:wide',
      members: ['s1', 's2'],
      per: 'rack',
      atLeast: 2,
    });
  });
});

describe('near and among', () => {
  const near: OperatorRule = { kind: 'near', name: 'close', servers: { name: 's*' }, per: 'rack' };
  const among: OperatorRule = {
    kind: 'among',
    name: 'one',
    servers: { name: 's*' },
    groups: [{ name: ['h1', 'h3'] }, { name: ['h3', 'h4'] }],
  };

  it.each([
    ['near', near, { s1: 'h1', s2: 'h2' }, 0],
    ['near', near, { s1: 'h1', s2: 'h2', s3: 'h3', s4: 'h4' }, 2],
    ['near', near, { s1: 'h4', s2: 'h4' }, 0],
    ['among', among, { s1: 'h1', s2: 'h3' }, 0],
    ['among', among, { s1: 'h3', s2: 'h4' }, 0],
    ['among', among, { s1: 'h1', s2: 'h4', s3: 'h3' }, 1],
    ['among', among, { s1: 'h2', s2: 'h2' }, 2],
  ])('%s counts the servers outside of the group that most are in', (_, rule, homes, apart) => {
    const cloud = where(homes);
    const made = ruleFor(rule, cloud);
    const state = createState(aContext(cloud));

    expect(made.holds).toBe('end');
    expect(made.audit(state).map(({ measured }) => measured)).toEqual(apart === 0 ? [] : [apart]);
    expect(judge(made, state, 's1', 'h3' === cloud.servers.get(serverId('s1'))?.host ? 'h1' : 'h3')).toEqual({
      kind: 'yes',
    });
  });

  it('compile to their groups, and say who is apart', () => {
    const cloud = where({ s1: 'h1', s2: 'h4' });
    const made = ruleFor(near, cloud);

    expect(made.compile(aContext(cloud))).toEqual([
      {
        kind: 'together',
        rule: 'operator:close',
        members: ['s1', 's2'],
        groups: [new Set(['h1', 'h2']), new Set(['h3']), new Set(['h4'])],
      },
    ]);
    const [violation] = made.audit(createState(aContext(cloud)));
    if (violation === undefined) throw new Error('they are apart');
    expect(made.describe(violation)).toBe(
      'servers of rule close (near) are not in one rack, 1 apart from the others: h1, h4',
    );
  });
});

describe('max-servers', () => {
  it('counts all servers of its hosts, or those that it names', () => {
    const cloud = where({ s1: 'h1', s2: 'h1', other: 'h2', more: 'h3' });
    const state = createState(aContext(cloud));
    const all = ruleFor({ kind: 'max-servers', name: 'few', hosts: { rack: 'r1' }, atMost: 1 }, cloud);
    const some = ruleFor({ kind: 'max-servers', name: 'few', servers: { name: 's*' }, atMost: 2 }, cloud);

    expect(judge(all, state, 'more', 'h2')).toMatchObject({ kind: 'no', measured: 2, limit: 1 });
    expect(judge(all, state, 's1', 'h3')).toEqual({ kind: 'yes' });
    expect(judge(all, state, 's1', 'h4')).toEqual({ kind: 'yes' });
    expect(judge(some, state, 'more', 'h1')).toEqual({ kind: 'yes' });
    expect(all.audit(state)).toMatchObject([{ host: 'h1', measured: 2, limit: 1, servers: ['s1', 's2'] }]);
    expect(some.audit(state)).toEqual([]);
    expect(some.compile(aContext(cloud))).toMatchObject([
      {
        kind: 'capacity',
        resource: 'operator:few',
        bothEnds: true,
        demand: new Map([
          ['s1', 1],
          ['s2', 1],
        ]),
      },
    ]);
    expect(all.describe({ measured: 2, limit: 1, unit: 'servers', where: 'h1' })).toBe(
      'host h1: 2 servers of rule few (max-servers), limit 1',
    );
  });

  it('counts a server that leaves until it has left', () => {
    const cloud = where({ s1: 'h1', s2: 'h2' });
    const state = createState(aContext(cloud));
    const rule = ruleFor({ kind: 'max-servers', name: 'few', atMost: 1 }, cloud);

    move(state, 's2', 'h3');
    expect(judge(rule, state, 's1', 'h2')).toMatchObject({ kind: 'no', measured: 2 });
    state.apply({ kind: 'complete', server: serverId('s2') });
    expect(judge(rule, state, 's1', 'h2')).toEqual({ kind: 'yes' });
  });
});
