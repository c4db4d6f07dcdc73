import { describe, expect, it } from 'vitest';
import { twin } from '../../../src/constraints/rules/twin.ts';
import type { Verdict } from '../../../src/constraints/rule.ts';
import { createState } from '../../../src/replay/state.ts';
import { aNumaCloud, aTwinHost, pinnedServer } from '../../profiles/support.ts';
import { aContext, anArrival, aServer, serverId, shippedProfile } from '../../support/builders.ts';

const hosts = ['h1', 'h2', 'h3'].map((name) => aTwinHost(name));
const cloud = aNumaCloud({
  hosts,
  servers: [
    pinnedServer('p1', 'h1', [1]),
    pinnedServer('p2', 'h1', [2]),
    aServer('plain', 'h1'),
    pinnedServer('p3', 'h3', [3]),
    aServer('stranger', 'h3'),
  ],
});
const under = (profile: string) => {
  const context = aContext(cloud, { profile: shippedProfile(profile), allow: ['cold'] });
  return { context, state: createState(context) };
};
const words = (verdict: Verdict): string => (verdict.kind === 'no' ? twin.describe(verdict) : verdict.kind);

describe('twin', () => {
  it('lets a batch of one source into an empty host, and nobody else until it ends', () => {
    const { context, state } = under('rhosp-13');
    const ask = (server: string, over = {}) =>
      words(twin.judge(anArrival(context, server, 'h2', over), state));

    expect(ask('p1')).toBe('yes');
    state.apply({ kind: 'request', arrival: anArrival(context, 'p1', 'h2') });
    expect(ask('p2')).toBe('yes');
    expect(ask('plain')).toBe('yes');
    expect(ask('p3')).toBe(
      'host h2: the profile asks for an empty host since its CPUs are pinned; there: p1',
    );
    expect(ask('stranger', { method: 'cold' })).toBe(
      'host h2: it is the twin of h1 in this run, and takes only servers from there',
    );
    state.apply({ kind: 'complete', server: serverId('p1') });
    expect(ask('stranger')).toBe(
      'host h2: it is the twin of h1 in this run, and takes only servers from there',
    );
  });

  it('is no batch of one source when somebody stopped over there', () => {
    const { context, state } = under('rhosp-13');
    state.apply({ kind: 'request', arrival: anArrival(context, 'stranger', 'h1') });
    state.apply({ kind: 'complete', server: serverId('stranger') });
    state.apply({ kind: 'request', arrival: anArrival(context, 'p1', 'h2') });

    const leg = { ...anArrival(context, 'stranger', 'h2'), from: anArrival(context, 'p1', 'h2').from };

    expect(words(twin.judge(leg, state))).toContain('it is the twin of h1');
  });

  it('asks for nothing of cold migrations, and of what came cold', () => {
    const { context, state } = under('rhosp-13');
    const cold = anArrival(context, 'p1', 'h2', { method: 'cold' });

    expect(words(twin.judge({ ...cold, to: hosts[2]?.id ?? cold.to }, state))).toBe('yes');
    state.apply({ kind: 'request', arrival: cold });
    expect(words(twin.judge(anArrival(context, 'stranger', 'h2'), state))).toBe('yes');
  });

  it('excepts nobody under strict, and asks for nothing under zed', () => {
    const strict = under('strict');
    strict.state.apply({ kind: 'request', arrival: anArrival(strict.context, 'p1', 'h2') });
    expect(words(twin.judge(anArrival(strict.context, 'p2', 'h2'), strict.state))).toContain('there: p1');

    const zed = under('zed');
    expect(words(twin.judge(anArrival(zed.context, 'p1', 'h3'), zed.state))).toBe('yes');
  });

  it('binds solvers only for servers that can travel live and in no other way', () => {
    const live = aContext(cloud, { profile: shippedProfile('rhosp-13') });

    expect(twin.compile(live)).toEqual([
      { kind: 'twin', rule: 'twin', covered: ['p1', 'p2', 'p3'].map(serverId) },
    ]);
    expect(twin.compile(under('rhosp-13').context)).toEqual([]);
    expect(twin.compile(under('zed').context)).toEqual([]);
  });
});
