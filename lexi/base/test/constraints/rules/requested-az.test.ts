import { describe, expect, it } from 'vitest';
import { requestedAz } from '../../../src/constraints/rules/requested-az.ts';
import type { Server } from '../../../src/model/server.ts';
import { createState } from '../../../src/replay/state.ts';
import { aCloud, aContext, aHost, aServer } from '../../support/builders.ts';
import { without } from '../../support/parts.ts';
import { allowedHosts, broken, say } from '../../support/say.ts';

const withoutZone = without(aHost('h4'), 'availabilityZone');
const hosts = [
  aHost('h1', { zone: 'a' }),
  aHost('h2', { zone: 'a' }),
  aHost('h3', { zone: 'b' }),
  withoutZone,
];
const unknownWish = without(aServer('s1', 'h1'), 'requestedAz');

const asking = (wish: Server['requestedAz'], host = 'h1') =>
  aContext(
    aCloud({
      hosts,
      servers: [wish === undefined ? unknownWish : aServer('s1', host, { requestedAz: wish })],
    }),
  );

describe('requested-az', () => {
  it('keeps a server in the zone that it asked for', () => {
    const context = asking({ kind: 'zone', name: 'a' });

    expect(say(requestedAz, context, 's1', 'h2')).toBe('yes');
    expect(say(requestedAz, context, 's1', 'h3')).toBe(
      'host h3 is in availability zone b, the server asked for a',
    );
  });

  it('lets a server that asked for none cross zones, even to a host whose zone is not known', () => {
    const context = asking({ kind: 'any' });

    expect(say(requestedAz, context, 's1', 'h3')).toBe('yes');
    expect(say(requestedAz, context, 's1', 'h4')).toBe('yes');
  });

  it('assumes that a server of which no source tells wants the zone that it is in', () => {
    const context = asking(undefined);
    const words =
      'the zone asked for is not known: servers stay in their present availability zone [servers[].requestedAz]';

    expect(say(requestedAz, context, 's1', 'h2')).toBe(`unknown, safe yes: ${words}`);
    expect(say(requestedAz, context, 's1', 'h3')).toBe(`unknown, safe no: ${words}`);
  });

  it('takes two hosts of which no source told the zone not for one zone', () => {
    const another = without(aHost('h5'), 'availabilityZone');
    const server = without(aServer('s1', 'h4'), 'requestedAz');
    const context = aContext(aCloud({ hosts: [withoutZone, another], servers: [server] }));

    expect(say(requestedAz, context, 's1', 'h5')).toMatch(/^unknown, safe no: /);
  });

  it('does not know whether a host without a zone is in the one asked for', () => {
    const context = asking({ kind: 'zone', name: 'a' });

    expect(say(requestedAz, context, 's1', 'h4')).toBe(
      'unknown, safe no: the availability zones of some hosts are not known: servers that asked for a zone do not go there [hosts[].availabilityZone]',
    );
  });

  it('reports a server outside of the zone that it asked for, and none of which that is not known', () => {
    const outside = asking({ kind: 'zone', name: 'b' });
    const unknown = asking({ kind: 'zone', name: 'b' }, 'h4');

    expect(broken(requestedAz, createState(outside))).toEqual([
      'host h1 is in availability zone a, the server asked for b (s1)',
    ]);
    expect(broken(requestedAz, createState(unknown))).toEqual([]);
  });

  it('compiles to the hosts of the zone, also of the one that is assumed', () => {
    const wanting = (wish: Server['requestedAz']) => allowedHosts(requestedAz.compile(asking(wish)), 's1');

    expect(wanting({ kind: 'zone', name: 'b' })).toEqual(['h3']);
    expect(wanting({ kind: 'any' })).toBe('any');
    expect(wanting(undefined)).toEqual(['h1', 'h2']);
  });

  it('compiles to no host at all for an unknown wish when nothing may be assumed', () => {
    const context = aContext(aCloud({ hosts, servers: [unknownWish] }), { unknown: 'refuse' });

    expect(allowedHosts(requestedAz.compile(context), 's1')).toEqual([]);
  });
});
