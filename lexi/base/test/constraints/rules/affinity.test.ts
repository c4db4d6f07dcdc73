import { describe, expect, it } from 'vitest';
import { affinity } from '../../../src/constraints/rules/affinity.ts';
import type { Server } from '../../../src/model/server.ts';
import { createState } from '../../../src/replay/state.ts';
import {
  aCloud,
  aContext,
  aGroup,
  aHost,
  anArrival,
  aServer,
  serverId,
  someConfig,
  zedProfile,
} from '../../support/builders.ts';
import { released } from './device-support.ts';
import { allowedHosts, broken, say } from '../../support/say.ts';

const hosts = [aHost('h1'), aHost('h2'), aHost('h3')];
const together = aGroup(['s1', 's2', 's3'], { policy: 'affinity', name: 'pair' });
const grouped = (servers: readonly Server[], group = together) =>
  aContext(aCloud({ hosts, servers, groups: [group] }));

const keeps = (host: string): string =>
  `affinity group pair keeps the server: host ${host} runs no other member, and Nova's scheduler moves members only to such hosts`;

describe('affinity', () => {
  it('keeps a group that is together where it is', () => {
    const context = grouped([aServer('s1', 'h1'), aServer('s2', 'h1')]);

    expect(say(affinity, context, 's1', 'h2')).toBe(keeps('h2'));
    expect(allowedHosts(affinity.compile(context), 's1')).toEqual(['h1']);
  });

  it('keeps a lone member too: the scheduler counts the host that it would leave', () => {
    const context = grouped([aServer('s1', 'h1')]);

    expect(say(affinity, context, 's1', 'h2')).toBe(`${keeps('h2')}: allow forced`);
    expect(allowedHosts(affinity.compile(context), 's1')).toEqual(['h1']);
  });

  it('keeps a member whose companions have no host', () => {
    const context = grouped([
      aServer('s1', 'h1'),
      aServer('s2', undefined, { vmState: 'shelved_offloaded' }),
    ]);

    expect(say(affinity, context, 's1', 'h2')).toBe(`${keeps('h2')}: allow forced`);
    expect(allowedHosts(affinity.compile(context), 's1')).toEqual(['h1']);
    expect(broken(affinity, createState(context))).toEqual([]);
  });

  it('lets a split group close up, and spread no further', () => {
    const context = grouped([aServer('s1', 'h1'), aServer('s2', 'h2')]);

    expect(say(affinity, context, 's1', 'h2')).toBe('yes');
    expect(say(affinity, context, 's1', 'h3')).toBe(keeps('h3'));
    expect(allowedHosts(affinity.compile(context), 's1')).toEqual(['h1', 'h2']);
  });

  it('does not count a host that a member is only on its way to', () => {
    const context = grouped([aServer('s1', 'h1'), aServer('s2', 'h2'), aServer('s3', 'h1')]);
    const state = createState(context);

    state.apply({ kind: 'request', arrival: anArrival(context, 's2', 'h3') });
    const onItsWay = say(affinity, context, 's1', 'h3', {}, state);
    state.apply({ kind: 'complete', server: serverId('s2') });

    expect(onItsWay).toBe(keeps('h3'));
    expect(say(affinity, context, 's1', 'h3', {}, state)).toBe('yes');
  });

  it('leaves servers without such a group alone', () => {
    const soft = grouped([aServer('s1', 'h1'), aServer('s2', 'h1')], {
      ...together,
      policy: 'soft-affinity',
    });
    const none = aContext(aCloud({ hosts, servers: [aServer('s1', 'h1')] }));

    expect(say(affinity, soft, 's1', 'h2')).toBe('yes');
    expect(say(affinity, none, 's1', 'h2')).toBe('yes');
    expect(affinity.compile(none)).toEqual([]);
  });

  it('reports a group that is split, by the same key however many hosts it is on', () => {
    const two = createState(grouped([aServer('s1', 'h1'), aServer('s2', 'h3'), aServer('s3', 'h1')]));
    const three = createState(grouped([aServer('s1', 'h1'), aServer('s2', 'h3'), aServer('s3', 'h2')]));

    expect(broken(affinity, two)).toEqual(['affinity group pair is split over 2 hosts: h1, h3 (s1, s2, s3)']);
    expect(broken(affinity, three)).toEqual([
      'affinity group pair is split over 3 hosts: h1, h2, h3 (s1, s2, s3)',
    ]);
    expect([...affinity.audit(two), ...affinity.audit(three)].map(({ key }) => key)).toEqual(['g1', 'g1']);
  });

  it('lets a lone member be forced, and others only where nobody checks late', () => {
    const early = released({ lateGroupCheck: false });
    const ask = (servers: readonly Server[], profile = zedProfile) => {
      const cloud = aCloud({ hosts, servers, groups: [together] });
      const context = aContext(cloud, { allow: ['forced'], profile });
      return [
        say(affinity, context, 's1', 'h2', { forced: true }),
        allowedHosts(affinity.compile(context), 's1'),
      ];
    };

    expect(ask([aServer('s1', 'h1')])).toEqual(['yes', 'any']);
    expect(ask([aServer('s1', 'h1'), aServer('s2', 'h1')])).toEqual([keeps('h2'), ['h1']]);
    expect(ask([aServer('s1', 'h1'), aServer('s2', 'h1')], early)).toEqual(['yes', 'any']);
  });

  it('knows of a destination that was told not to check', () => {
    const context = aContext(
      aCloud({
        hosts,
        servers: [aServer('s1', 'h1'), aServer('s2', 'h1')],
        groups: [together],
        config: { ...someConfig, workarounds: { value: ['disable_group_policy_check_upcall'], known: true } },
      }),
      { allow: ['forced'] },
    );

    expect(say(affinity, context, 's1', 'h2', { forced: true })).toBe('yes');
    expect(say(affinity, context, 's1', 'h2')).toBe(keeps('h2'));
  });
});
