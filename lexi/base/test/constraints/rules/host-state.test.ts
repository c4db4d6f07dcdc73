import { describe, expect, it } from 'vitest';
import { hostState } from '../../../src/constraints/rules/host-state.ts';
import type { Host } from '../../../src/model/host.ts';
import { createState } from '../../../src/replay/state.ts';
import { aCloud, aContext, aHost, aServer, hostId } from '../../support/builders.ts';
import { allowedHosts, say } from '../../support/say.ts';

const service = { status: 'enabled', state: 'up', forcedDown: false } as const;
const down = { ...service, state: 'down' } as const;
const disabled = { ...service, status: 'disabled' } as const;

const twoHosts = (from: Partial<Host> = {}, to: Partial<Host> = {}) =>
  aContext(aCloud({ hosts: [aHost('h1', from), aHost('h2', to)], servers: [aServer('s1', 'h1')] }));

describe('host-state', () => {
  it('lets a server go from a host that is up to one that is up and enabled', () => {
    expect(say(hostState, twoHosts(), 's1', 'h2')).toBe('yes');
  });

  it('lets servers leave a disabled host', () => {
    expect(say(hostState, twoHosts({ service: disabled }), 's1', 'h2')).toBe('yes');
  });

  it.each([
    ['disabled', { service: disabled }, 'host h2: nova-compute is disabled'],
    ['down', { service: down }, 'host h2: nova-compute is down'],
    ['forced down', { service: { ...service, forcedDown: true } }, 'host h2: nova-compute is down'],
  ])('refuses a destination that is %s', (_, to, words) => {
    expect(say(hostState, twoHosts({}, to), 's1', 'h2')).toBe(words);
  });

  it('refuses hosts that the cloud does not have', () => {
    const context = twoHosts();

    expect(say(hostState, context, 's1', 'h9')).toBe('host h9: unknown host');
    expect(say(hostState, context, 's1', 'h2', { from: hostId('h9') })).toBe('host h9: unknown host');
  });

  it('refuses to cross into another Nova cell, and does not mind when one is not known', () => {
    expect(say(hostState, twoHosts({ novaCell: 'a' }, { novaCell: 'b' }), 's1', 'h2')).toBe(
      'host h2: another Nova cell',
    );
    expect(say(hostState, twoHosts({ novaCell: 'a' }), 's1', 'h2')).toBe('yes');
  });

  it('migrates only from hosts that are up, and evacuates only from those that are down', () => {
    const healthy = twoHosts();
    const dead = twoHosts({ service: down });

    expect(say(hostState, healthy, 's1', 'h2', { method: 'evacuate' })).toBe(
      'host h1: nova-compute is up: evacuate needs it down',
    );
    expect(say(hostState, dead, 's1', 'h2', { method: 'cold' })).toBe(
      'host h1: nova-compute is down: evacuate instead',
    );
    expect(say(hostState, dead, 's1', 'h2', { method: 'evacuate' })).toBe('yes');
  });

  it('follows the service steps of the plan', () => {
    const context = twoHosts();
    const state = createState(context);

    state.apply({ kind: 'service', host: hostId('h2'), status: 'disabled' });

    expect(say(hostState, context, 's1', 'h2', {}, state)).toBe('host h2: nova-compute is disabled');
  });

  it('compiles to the hosts that can receive servers of a source', () => {
    const cloud = aCloud({
      hosts: [
        aHost('h1'),
        aHost('h2', { service: disabled }),
        aHost('h3', { service: down }),
        aHost('h4', { novaCell: 'b' }),
      ],
      servers: [aServer('s1', 'h1'), aServer('s3', 'h3')],
    });

    const primitives = hostState.compile(aContext(cloud));

    expect(allowedHosts(primitives, 's1')).toEqual(['h1', 'h4']);
    expect(allowedHosts(primitives, 's3')).toEqual([]);
  });

  it('finds nothing broken: servers may stay on a host that is down or disabled', () => {
    expect(hostState.audit(createState(twoHosts({ service: down })))).toEqual([]);
  });
});
