import { describe, expect, it } from 'vitest';
import { type Disruption, storageOf, waysOf } from '../../src/constraints/context.ts';
import { storagePoolId } from '../../src/model/ids.ts';
import type { Server } from '../../src/model/server.ts';
import { aCloud, aContext, aFlavor, aHost, aServer, zedProfile } from '../support/builders.ts';
import { without } from '../support/parts.ts';

const methods = (over: Partial<Server>, allow: readonly Disruption[] = []): readonly string[] => {
  const server = aServer('s1', 'h1', over);
  return waysOf(server, aContext(aCloud({ servers: [server] }), { allow })).map(({ method }) => method);
};

describe('waysOf', () => {
  it.each<[string, Partial<Server>, readonly string[], readonly string[]]>([
    ['active', {}, ['live'], ['live', 'cold']],
    ['active but crashed', { powerState: 'crashed' }, [], ['cold']],
    ['active of unknown power state', { powerState: 'none' }, ['live'], ['live', 'cold']],
    ['paused', { vmState: 'paused', powerState: 'paused' }, ['live'], ['live']],
    ['stopped', { vmState: 'stopped', powerState: 'shutdown' }, ['cold'], ['cold']],
    ['in error', { vmState: 'error' }, [], []],
    ['resized', { vmState: 'resized' }, [], []],
    ['suspended', { vmState: 'suspended', powerState: 'shutdown' }, [], []],
  ])('of a server that is %s', (_, over, usual, allowedCold) => {
    expect(methods(over)).toEqual(usual);
    expect(methods(over, ['cold'])).toEqual(allowedCold);
  });

  it('past the scheduler comes last, where the operator and the release allow it', () => {
    const ways = (over: Partial<Server>, forcedLive = true) => {
      const server = aServer('s1', 'h1', over);
      const profile = { ...zedProfile, switches: { ...zedProfile.switches, forcedLive } };
      const context = aContext(aCloud({ servers: [server] }), { allow: ['cold', 'forced'], profile });
      return waysOf(server, context).map(
        ({ method, forced }) => `${method}${forced === true ? ' forced' : ''}`,
      );
    };

    expect(ways({})).toEqual(['live', 'cold', 'live forced']);
    expect(ways({ vmState: 'stopped', powerState: 'shutdown' })).toEqual(['cold']);
    expect(ways({}, false)).toEqual(['live', 'cold']);
  });

  it('all copy the same disks', () => {
    const server = aServer('s1', 'h1');
    const context = aContext(aCloud({ servers: [server] }), { allow: ['cold'] });

    expect(waysOf(server, context)).toEqual([
      { method: 'live', storage: 'block' },
      { method: 'cold', storage: 'block' },
    ]);
  });
});

describe('storageOf', () => {
  const pool = (kind: 'local' | 'shared') => ({ id: storagePoolId('p'), kind });
  const on = (server: Server, kind?: 'local' | 'shared') => {
    const host = aHost('h1', kind === undefined ? {} : { storagePool: storagePoolId('p') });
    const storagePools = new Map(kind === undefined ? [] : [[storagePoolId('p'), pool(kind)] as const]);
    return storageOf(server, aContext(aCloud({ hosts: [host], servers: [server], storagePools })));
  };
  const volumeBacked = { bootFromVolume: true, localDisks: [] } as const;

  it('is shared for local disks on a shared pool', () => {
    expect(on(aServer('s1', 'h1'), 'shared')).toBe('shared');
  });

  it('is block for local disks, and when the pool is not known', () => {
    expect(on(aServer('s1', 'h1'), 'local')).toBe('block');
    expect(on(aServer('s1', 'h1'))).toBe('block');
  });

  it('is volume for a server that boots from a volume and has no local disk at all', () => {
    expect(on(aServer('s1', 'h1', volumeBacked))).toBe('volume');
    expect(on(aServer('s1', 'h1', volumeBacked), 'shared')).toBe('volume');
    expect(on(aServer('s1', 'h1', { ...volumeBacked, localDisks: [{ kind: 'swap', sizeGiB: 1 }] }))).toBe(
      'block',
    );
    expect(on(aServer('s1', 'h1', { ...volumeBacked, configDrive: true }))).toBe('block');
  });

  it('goes by the flavor when no source told the disks', () => {
    const unknown = (over: Partial<Server>) =>
      on(without(aServer('s1', 'h1', { bootFromVolume: true, ...over }), 'localDisks'));

    expect(unknown({})).toBe('volume');
    expect(unknown({ flavor: { ...aFlavor(1, 1), ephemeralGiB: 5 } })).toBe('block');
    expect(unknown({ flavor: { ...aFlavor(1, 1), swapMiB: 512 } })).toBe('block');
  });
});
