import { describe, expect, it } from 'vitest';
import type { Cloud } from '../../src/model/cloud.ts';
import { serverGroupId } from '../../src/model/ids.ts';
import { aGroup, aServer, shippedProfile } from '../support/builders.ts';
import { aNumaCloud, aTwinHost, numaServer, pinnedServer, toldUnder } from './support.ts';

const other = aServer('other', 'h2');
const alias = {
  count: 1,
  specs: [{ vendor_id: '10de', live_migratable: 'yes' }],
  source: { kind: 'alias', alias: 'gpu' },
} as const;

const clouds = {
  numaToBusyHost: aNumaCloud({
    hosts: [aTwinHost('h1'), aTwinHost('h2')],
    servers: [numaServer('s1', 'h1'), other],
  }),
  pinnedToBusyHost: aNumaCloud({
    hosts: [aTwinHost('h1', [1, 2]), aTwinHost('h2')],
    servers: [pinnedServer('s1', 'h1', [1, 2]), other],
  }),
  aliasToTwin: aNumaCloud({
    hosts: [
      aTwinHost('h1'),
      aTwinHost('h2', [], {
        pciPools: [
          {
            vendorId: '10de',
            productId: '1eb8',
            devType: 'type-PCI',
            count: 1,
            tags: { live_migratable: 'yes' },
          },
        ],
      }),
    ],
    servers: [aServer('s1', 'h1', { pciRequests: [alias] })],
  }),
} satisfies Record<string, Cloud>;

describe('the same move under neighbouring profiles', () => {
  it.each([
    {
      refused: 'rhosp-13',
      allowed: 'rhosp-13-late',
      cloud: clouds.numaToBusyHost,
      sentence:
        'twin: host h2: the profile asks for an empty host since it has a NUMA topology; there: other',
    },
    {
      refused: 'rhosp-13-late',
      allowed: 'rhosp-16',
      cloud: clouds.pinnedToBusyHost,
      sentence: 'twin: host h2: the profile asks for an empty host since its CPUs are pinned; there: other',
    },
    {
      refused: '2024.1',
      allowed: 'latest',
      cloud: clouds.aliasToTwin,
      sentence: 'pci-live: Nova refuses to migrate flavor PCI devices live: allow cold',
    },
    {
      refused: 'strict',
      allowed: 'latest',
      cloud: clouds.pinnedToBusyHost,
      sentence: 'twin: host h2: the profile asks for an empty host since its CPUs are pinned; there: other',
    },
  ])('is refused under $refused and allowed under $allowed', ({ refused, allowed, cloud, sentence }) => {
    expect(toldUnder(refused, cloud, 's1', 'h2').refusals).toEqual([sentence]);
    expect(toldUnder(allowed, cloud, 's1', 'h2').refusals).toEqual([]);
  });

  it.each([
    {
      warned: 'rhosp-16',
      silent: 'rhosp-17',
      cloud: clouds.pinnedToBusyHost,
      sentence:
        "empty-destination: the vendor's guide asks for an empty destination for s1 since its CPUs are pinned; h2 runs 1 other server",
    },
    {
      warned: 'rhosp-17',
      silent: 'rhoso-18',
      cloud: aNumaCloud({
        hosts: [aTwinHost('h1'), aTwinHost('h2')],
        servers: [aServer('s1', 'h1', { group: serverGroupId('g') }), other],
        groups: [aGroup(['s1'], { id: serverGroupId('g'), name: 'db' })],
      }),
      sentence:
        'late-group-check: this release does not check anti-affinity group db again when s1 arrives on h2: a server of the group that is created meanwhile can break it',
    },
  ])('is warned of under $warned and not under $silent', ({ warned, silent, cloud, sentence }) => {
    expect(toldUnder(warned, cloud, 's1', 'h2')).toEqual({ refusals: [], warnings: [sentence] });
    expect(toldUnder(silent, cloud, 's1', 'h2')).toEqual({ refusals: [], warnings: [] });
  });

  it.each([
    [
      'rhosp-16',
      'rhosp-17',
      [
        'acceleratorEvacuate',
        'emptyForHugePages',
        'emptyForPinned',
        'identicalHardware',
        'microversions',
        'pmemLive',
        'sameNumaCells',
      ],
    ],
    ['rhosp-17', 'rhoso-18', ['lateGroupCheck', 'vdpaPortLive']],
    ['rhoso-18', 'zed', []],
    ['zed', '2024.1', ['vgpuLive']],
    [
      '2024.1',
      'latest',
      [
        'isoConfigDriveLive',
        'liveClaimHasLimits',
        'pciAliasLive',
        'pinnedChecksFreeSmallPages',
        'sharesRefused',
        'vtpmLive',
      ],
    ],
    ['rhosp-13', 'rhosp-13-late', ['emptyForNuma']],
  ])('%s and %s differ in just these switches', (one, two, names) => {
    const [a, b] = [shippedProfile(one).switches, shippedProfile(two).switches].map(
      (switches) => new Map(Object.entries(switches)),
    );
    const differing = [...(a?.keys() ?? [])].filter(
      (name) => JSON.stringify(a?.get(name)) !== JSON.stringify(b?.get(name)),
    );

    expect(differing.toSorted()).toEqual(names);
  });
});
