import { describe, expect, it } from 'vitest';
import { antiAffinity } from '../../../src/constraints/rules/anti-affinity.ts';
import type { Migration } from '../../../src/model/migration.ts';
import type { Server } from '../../../src/model/server.ts';
import { createState } from '../../../src/replay/state.ts';
import {
  aCloud,
  aContext,
  aGroup,
  aHost,
  anArrival,
  aServer,
  hostId,
  serverId,
  shippedProfile,
} from '../../support/builders.ts';
import { broken, say } from '../../support/say.ts';

const hosts = [aHost('h1'), aHost('h2'), aHost('h3')];
const apart = aGroup(['s1', 's2', 's3'], { name: 'web' });
const grouped = (servers: readonly Server[], group = apart) =>
  aContext(aCloud({ hosts, servers, groups: [group] }));

const evacuation: Migration = {
  id: 1,
  server: serverId('s2'),
  type: 'evacuation',
  status: 'done',
  source: hostId('h2'),
  destination: hostId('h3'),
};

describe('anti-affinity', () => {
  it('lets a member go where no other is', () => {
    const context = grouped([aServer('s1', 'h1'), aServer('s2', 'h2')]);

    expect(say(antiAffinity, context, 's1', 'h3')).toBe('yes');
  });

  it('refuses a host that runs as many members as the group allows', () => {
    const servers = [aServer('s1', 'h1'), aServer('s2', 'h2')];

    expect(say(antiAffinity, grouped(servers), 's1', 'h2')).toBe(
      'host h2: 2 servers of anti-affinity group web, limit 1',
    );
    expect(say(antiAffinity, grouped(servers, { ...apart, maxServersPerHost: 2 }), 's1', 'h2')).toBe('yes');
  });

  it('knows no rule of more than one server a host on a release that has none', () => {
    const cloud = aCloud({
      hosts,
      servers: [aServer('s1', 'h1'), aServer('s2', 'h2')],
      groups: [{ ...apart, maxServersPerHost: 2 }],
    });
    const context = aContext(cloud, { profile: shippedProfile('rhosp-13') });

    expect(say(antiAffinity, context, 's1', 'h2')).toBe(
      'host h2: 2 servers of anti-affinity group web, limit 1',
    );
    expect(antiAffinity.compile(context)).toMatchObject([{ kind: 'domainCount', atMost: 1 }]);
  });

  it('counts members that are on their way there, and those that have not left yet', () => {
    const context = grouped([aServer('s1', 'h1'), aServer('s2', 'h2')]);
    const state = createState(context);
    state.apply({ kind: 'request', arrival: anArrival(context, 's2', 'h3') });

    expect(say(antiAffinity, context, 's1', 'h3', {}, state)).not.toBe('yes');
    expect(say(antiAffinity, context, 's1', 'h2', {}, state)).not.toBe('yes');

    state.apply({ kind: 'complete', server: serverId('s2') });

    expect(say(antiAffinity, context, 's1', 'h2', {}, state)).toBe('yes');
  });

  it('counts a cold migration at its source until it is confirmed', () => {
    const context = grouped([aServer('s1', 'h1'), aServer('s2', 'h2')]);
    const state = createState(context);
    state.apply({ kind: 'request', arrival: anArrival(context, 's2', 'h3', { method: 'cold' }) });
    state.apply({ kind: 'complete', server: serverId('s2') });

    const before = say(antiAffinity, context, 's1', 'h2', {}, state);
    state.apply({ kind: 'confirm', server: serverId('s2') });

    expect(before).not.toBe('yes');
    expect(say(antiAffinity, context, 's1', 'h2', {}, state)).toBe('yes');
  });

  it('does not count members on the host that they were evacuated from', () => {
    const cloud = aCloud({
      hosts,
      servers: [aServer('s1', 'h1'), aServer('s2', 'h3')],
      groups: [apart],
      migrations: [evacuation],
    });
    const onTheOldHost = {
      ...cloud,
      servers: new Map([...cloud.servers, [serverId('s3'), aServer('s3', 'h2')]]),
    };

    expect(say(antiAffinity, aContext(cloud), 's1', 'h2')).toBe('yes');
    expect(broken(antiAffinity, createState(aContext(onTheOldHost)))).toEqual([]);
  });

  it('counts no servers of other groups or of none', () => {
    const context = aContext(
      aCloud({
        hosts,
        servers: [aServer('s1', 'h1'), aServer('x', 'h2')],
        groups: [apart],
      }),
    );

    expect(say(antiAffinity, context, 's1', 'h2')).toBe('yes');
    expect(say(antiAffinity, context, 'x', 'h1')).toBe('yes');
  });

  it('refuses a host that has too many already, and lets members leave it', () => {
    const context = grouped([aServer('s1', 'h1'), aServer('s2', 'h2'), aServer('s3', 'h2')]);

    expect(say(antiAffinity, context, 's1', 'h2')).toBe(
      'host h2: 3 servers of anti-affinity group web, limit 1',
    );
    expect(say(antiAffinity, context, 's2', 'h3')).toBe('yes');
  });

  it('reports each host that runs more members than the group allows', () => {
    const context = grouped([aServer('s1', 'h1'), aServer('s2', 'h2'), aServer('s3', 'h2')]);

    expect(broken(antiAffinity, createState(context))).toEqual([
      'host h2: 2 servers of anti-affinity group web, limit 1 (s2, s3)',
    ]);
  });

  it('compiles to a count a host of the members that have one', () => {
    const context = grouped([aServer('s1', 'h1'), aServer('s2', undefined)]);

    expect(antiAffinity.compile(context)).toEqual([
      { kind: 'domainCount', rule: 'anti-affinity', members: ['s1'], per: 'host', atMost: 1 },
    ]);
  });
});
