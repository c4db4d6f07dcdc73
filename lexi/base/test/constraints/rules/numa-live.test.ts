import { expect, it } from 'vitest';
import { identicalHardware } from '../../../src/constraints/rules/identical-hardware.ts';
import { numaLive } from '../../../src/constraints/rules/numa-live.ts';
import { createState } from '../../../src/replay/state.ts';
import { aNumaCloud, aTwinHost, numaServer } from '../../profiles/support.ts';
import { aContext, anArrival, aServer, serverId, shippedProfile } from '../../support/builders.ts';

const numa = aNumaCloud({
  hosts: [aTwinHost('h1'), aTwinHost('h2')],
  servers: [numaServer('s', 'h1'), aServer('plain', 'h1')],
});

it.each([
  [['enable_numa_live_migration'], true, 'yes'],
  [[], true, 'no'],
  [[], false, 'unknown'],
])('numa-live: with the workarounds %j, known: %s, an old release says %s', (value, known, kind) => {
  const cloud = { ...numa, config: { ...numa.config, workarounds: { value, known } } };
  const context = aContext(cloud, { profile: shippedProfile('rhosp-13') });
  const judge = (server: string, over = {}) =>
    numaLive.judge(anArrival(context, server, 'h2', over), createState(context)).kind;

  expect(judge('s')).toBe(kind);
  expect(judge('s', { method: 'cold' })).toBe('yes');
  expect(judge('plain')).toBe('yes');
  expect(numaLive.compile(context)).toEqual(
    kind === 'no' ? [{ kind: 'fixed', rule: 'numa-live', servers: [serverId('s')] }] : [],
  );
});

it('numa-live: says what to do, and nothing from Train on', () => {
  const cloud = { ...numa, config: { ...numa.config, workarounds: { value: [], known: true } } };
  const judge = (profile: string) => {
    const context = aContext(cloud, { profile: shippedProfile(profile) });
    const verdict = numaLive.judge(anArrival(context, 's', 'h2'), createState(context));
    return verdict.kind === 'no' ? numaLive.describe(verdict) : verdict.kind;
  };

  expect(judge('rhosp-13')).toBe(
    'this release migrates a server with a NUMA topology live only with [workarounds] enable_numa_live_migration: set it, or allow cold',
  );
  expect(judge('rhosp-16')).toBe('yes');
});

it('identical-hardware: names every difference, for servers that are tied to their hardware', () => {
  const cloud = {
    ...numa,
    hosts: new Map(
      [...numa.hosts].map(([id, host]) =>
        id === 'h2'
          ? [id, { ...host, hypervisorVersion: 8000000, cells: host.cells?.slice(1) ?? [] }]
          : [id, host],
      ),
    ),
  };
  const judge = (profile: string, server: string) => {
    const context = aContext(cloud, { profile: shippedProfile(profile) });
    const verdict = identicalHardware.judge(anArrival(context, server, 'h2'), createState(context));
    return verdict.kind === 'no' ? identicalHardware.describe(verdict) : verdict.kind;
  };

  expect(judge('rhosp-13', 's')).toBe(
    'host h2 is not of the same hardware, which the profile asks for: other NUMA cells, another QEMU version',
  );
  expect(judge('rhosp-13', 'plain')).toBe('yes');
  expect(judge('rhosp-16', 's')).toBe('yes');
});
