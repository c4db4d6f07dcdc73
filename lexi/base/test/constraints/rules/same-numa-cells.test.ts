import { describe, expect, it } from 'vitest';
import { sameNumaCells } from '../../../src/constraints/rules/same-numa-cells.ts';
import type { Host } from '../../../src/model/host.ts';
import type { Server } from '../../../src/model/server.ts';
import { createState } from '../../../src/replay/state.ts';
import { aMixedCell, aNumaCloud, aTwinHost, pinnedServer } from '../../profiles/support.ts';
import { aContext, anArrival, hostId, serverId, shippedProfile } from '../../support/builders.ts';

/** Server `s` is pinned to CPUs 1001 and 1002 of NUMA cell 1 of h1. */
const ask = (
  h2: Host,
  {
    others = [],
    profile = 'rhosp-13',
    s = {},
  }: { others?: readonly Server[]; profile?: string; s?: Partial<Server> } = {},
): string => {
  const cloud = aNumaCloud({
    hosts: [aTwinHost('h1', [1001, 1002]), h2],
    servers: [pinnedServer('s', 'h1', [1001, 1002], s), ...others],
  });
  const context = aContext(cloud, { profile: shippedProfile(profile) });
  const verdict = sameNumaCells.judge(anArrival(context, 's', 'h2'), createState(context));
  return verdict.kind === 'no' ? sameNumaCells.describe(verdict) : verdict.kind;
};
const keeps = 'host h2: the server keeps its';
const [first, second] = [aMixedCell(0), aMixedCell(1)];

describe('same-numa-cells, where cells and CPUs go along', () => {
  it('is content with a twin', () => {
    expect(ask(aTwinHost('h2'))).toBe('yes');
  });

  it.each([
    ['the cell', [first], 'NUMA cells and CPUs: there is no NUMA cell 1'],
    [
      'the CPUs',
      [first, { ...second, dedicatedCpus: second.dedicatedCpus.filter((cpu) => cpu !== 1002) }],
      'NUMA cells and CPUs: NUMA cell 1 has no dedicated CPUs 1002',
    ],
    [
      'the same siblings',
      [first, { ...second, siblings: second.siblings.map((core) => (core[0] === 1001 ? [1001] : core)) }],
      'NUMA cells and CPUs: CPUs 1001 of NUMA cell 1 have other siblings',
    ],
    ['free CPUs', [first, aMixedCell(1, [1002])], 'CPUs: 1002 are taken there'],
    [
      'free memory',
      [first, { ...second, memoryUsedMiB: 30000 }],
      'NUMA cells: NUMA cell 1 has 2768 MiB free, 4096 are needed',
    ],
  ])('misses %s', (_, cells, words) => {
    expect(ask(aTwinHost('h2', [], { cells }))).toBe(`${keeps} ${words}`);
  });

  it('does not know without the CPUs that the server is bound to', () => {
    expect(ask(aTwinHost('h2'), { s: { topology: { kind: 'none' } } })).toBe('unknown');
  });

  it('counts CPUs of who has left as free, and those of who came as taken', () => {
    const cloud = aNumaCloud({
      hosts: [aTwinHost('h1', [1001]), aTwinHost('h2', [1001]), aTwinHost('h3')],
      servers: [pinnedServer('s', 'h1', [1001]), pinnedServer('t', 'h2', [1001])],
    });
    const context = aContext(cloud, { profile: shippedProfile('rhosp-13') });
    const state = createState(context);
    const kindAt = (host: string) => sameNumaCells.judge(anArrival(context, 's', host), state).kind;

    expect([kindAt('h2'), kindAt('h3')]).toEqual(['no', 'yes']);
    state.apply({ kind: 'request', arrival: anArrival(context, 't', 'h3') });
    state.apply({ kind: 'complete', server: serverId('t') });
    expect([kindAt('h2'), kindAt('h3')]).toEqual(['yes', 'no']);
  });

  it('is what replay then holds: the cell of the source, where Nova would choose the first', () => {
    const cloud = aNumaCloud({
      hosts: [aTwinHost('h1', [1001]), aTwinHost('h2')],
      servers: [pinnedServer('s', 'h1', [1001])],
    });
    const cells = (profile: string, method: 'live' | 'cold') =>
      createState(aContext(cloud, { profile: shippedProfile(profile) }))
        .predict(serverId('s'), hostId('h2'), method)
        ?.cells.map((cell) => cell.hostCellId);

    expect(cells('rhosp-13', 'live')).toEqual([1]);
    expect(cells('rhosp-13', 'cold')).toEqual([0]);
    expect(cells('zed', 'live')).toEqual([0]);
  });
});

describe('same-numa-cells, where Nova chooses', () => {
  it('refuses what would change the cells if the profile asks for that, and else nothing', () => {
    const zed = shippedProfile('zed');
    const cloud = aNumaCloud({
      hosts: [aTwinHost('h1', [1001]), aTwinHost('h2')],
      servers: [pinnedServer('s', 'h1', [1001])],
    });
    const judged = (sameNumaCellsAre: 'required' | 'off') => {
      const profile = { ...zed, switches: { ...zed.switches, sameNumaCells: sameNumaCellsAre } };
      const context = aContext(cloud, { profile });
      const verdict = sameNumaCells.judge(anArrival(context, 's', 'h2'), createState(context));
      return verdict.kind === 'no' ? sameNumaCells.describe(verdict) : verdict.kind;
    };

    expect(judged('required')).toBe('host h2: Nova would choose NUMA cells 0, the profile asks for 1');
    expect(judged('off')).toBe('yes');
  });
});
