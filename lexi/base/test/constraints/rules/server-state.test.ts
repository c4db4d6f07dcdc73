import { describe, expect, it } from 'vitest';
import { serverState } from '../../../src/constraints/rules/server-state.ts';
import type { Migration } from '../../../src/model/migration.ts';
import type { Server } from '../../../src/model/server.ts';
import { createState } from '../../../src/replay/state.ts';
import { aCloud, aContext, anArrival, aServer, hostId, serverId } from '../../support/builders.ts';
import { fixedServers, say } from '../../support/say.ts';

const inFlight: Migration = {
  id: 7,
  server: serverId('s1'),
  type: 'live-migration',
  status: 'running',
  source: hostId('h1'),
  destination: hostId('h2'),
};

const oneServer = (over: Partial<Server> = {}) => aCloud({ servers: [aServer('s1', 'h1', over)] });

const off: Partial<Server> = { status: 'SHUTOFF', vmState: 'stopped', powerState: 'shutdown' };

describe('server-state', () => {
  it('lets an active server go live', () => {
    const context = aContext(oneServer());

    expect(say(serverState, context, 's1', 'h2')).toBe('yes');
  });

  it('lets an active server go cold only when the operator allows it', () => {
    const cloud = oneServer();

    expect(say(serverState, aContext(cloud), 's1', 'h2', { method: 'cold' })).toBe(
      'server s1: a cold migration would shut it down: allow cold',
    );
    expect(say(serverState, aContext(cloud, { allow: ['cold'] }), 's1', 'h2', { method: 'cold' })).toBe(
      'yes',
    );
  });

  it('lets a stopped server go cold without asking, and never live', () => {
    const context = aContext(oneServer(off));

    expect(say(serverState, context, 's1', 'h2', { method: 'cold' })).toBe('yes');
    expect(say(serverState, context, 's1', 'h2', { method: 'live' })).toBe(
      'server s1: power state shutdown does not allow a live migration',
    );
  });

  it('lets a paused server go live and not cold', () => {
    const context = aContext(oneServer({ vmState: 'paused', powerState: 'paused' }), { allow: ['cold'] });

    expect(say(serverState, context, 's1', 'h2', { method: 'live' })).toBe('yes');
    expect(say(serverState, context, 's1', 'h2', { method: 'cold' })).toBe(
      'server s1: vm state paused does not allow a cold migration',
    );
  });

  it('refuses to move a server live whose guest is off though Nova calls it active', () => {
    const context = aContext(oneServer({ powerState: 'crashed' }), { allow: ['cold'] });

    expect(say(serverState, context, 's1', 'h2')).toBe(
      'server s1: power state crashed does not allow a live migration',
    );
    expect(say(serverState, context, 's1', 'h2', { method: 'cold' })).toBe('yes');
  });

  it.each([
    [{ taskState: 'rebooting' }, 'busy: task rebooting'],
    [{ vmState: 'resized' }, 'a resize or cold migration waits for its confirm'],
    [{ vmState: 'suspended' }, 'vm state suspended cannot be migrated'],
    [{ vmState: 'error' }, 'vm state error: only evacuate takes it'],
    [{ locked: true }, 'locked'],
    [{ locked: true, lockedReason: 'audit' }, 'locked: audit'],
  ])('refuses a server with %o', (over, words) => {
    const context = aContext(oneServer(over));

    expect(say(serverState, context, 's1', 'h2')).toBe(`server s1: ${words}`);
  });

  it('refuses a server of which another migration is in flight', () => {
    const context = aContext({ ...oneServer(), migrations: [inFlight] });

    expect(say(serverState, context, 's1', 'h2')).toBe('server s1: busy: a migration of it is in flight');
  });

  it.each([
    { status: 'completed' },
    { type: 'evacuation', status: 'done', source: hostId('h2'), destination: hostId('h1') },
  ] as const)('takes no notice of a migration that is over: %o', (over) => {
    const context = aContext({ ...oneServer(), migrations: [{ ...inFlight, ...over }] });

    expect(say(serverState, context, 's1', 'h2')).toBe('yes');
  });

  it('refuses a second migration before the first one of the plan has arrived', () => {
    const context = aContext(oneServer());
    const state = createState(context);

    state.apply({ kind: 'request', arrival: anArrival(context, 's1', 'h2') });

    expect(say(serverState, context, 's1', 'h1', {}, state)).toBe(
      'server s1: busy: a migration of it is in flight',
    );
  });

  it('refuses a second migration before the cold one of the plan is confirmed', () => {
    const context = aContext(oneServer(off));
    const state = createState(context);
    const onward = { from: hostId('h2'), method: 'cold' } as const;
    state.apply({ kind: 'request', arrival: anArrival(context, 's1', 'h2', { method: 'cold' }) });
    state.apply({ kind: 'complete', server: serverId('s1') });

    const before = say(serverState, context, 's1', 'h1', onward, state);
    state.apply({ kind: 'confirm', server: serverId('s1') });
    const after = say(serverState, context, 's1', 'h1', onward, state);

    expect(before).toBe('server s1: a resize or cold migration waits for its confirm');
    expect(after).toBe('yes');
  });

  it('follows the power steps of the plan', () => {
    const context = aContext(oneServer());
    const state = createState(context);
    const ask = (method: 'live' | 'cold') => say(serverState, context, 's1', 'h2', { method }, state);

    state.apply({ kind: 'power', server: serverId('s1'), vmState: 'stopped' });
    const stopped = [ask('live'), ask('cold')];
    state.apply({ kind: 'power', server: serverId('s1'), vmState: 'active' });
    const started = [ask('live'), ask('cold')];

    expect(stopped).toEqual(['server s1: vm state stopped does not allow a live migration', 'yes']);
    expect(started).toEqual(['yes', 'server s1: a cold migration would shut it down: allow cold']);
  });

  it('evacuates servers in error and those with a task, which nobody will end, but not paused ones', () => {
    const ask = (over: Partial<Server>) =>
      say(serverState, aContext(oneServer(over)), 's1', 'h2', { method: 'evacuate' });

    expect(ask({ vmState: 'error' })).toBe('yes');
    expect(ask({ taskState: 'migrating' })).toBe('yes');
    expect(ask({ vmState: 'paused' })).toBe('server s1: vm state paused does not allow to evacuate it');
    expect(ask({ locked: true })).toBe('yes');
  });

  it('finds nothing broken: a server may be in any state where it is', () => {
    const context = aContext(oneServer({ vmState: 'error' }));

    expect(serverState.audit(createState(context))).toEqual([]);
  });

  it('fixes servers that no way of travelling moves', () => {
    const cloud = aCloud({
      servers: [
        aServer('s1', 'h1'),
        aServer('s2', 'h1', { locked: true }),
        aServer('s3', 'h1', { vmState: 'error' }),
        aServer('s4', 'h1', { powerState: 'shutdown' }),
        aServer('s5', 'h1', off),
        aServer('s6', undefined, { vmState: 'shelved_offloaded' }),
      ],
    });

    expect(fixedServers(serverState.compile(aContext(cloud)))).toEqual(['s2', 's3', 's4']);
    expect(fixedServers(serverState.compile(aContext(cloud, { allow: ['cold'] })))).toEqual(['s2', 's3']);
  });
});
