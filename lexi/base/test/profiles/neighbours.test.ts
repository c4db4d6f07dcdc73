import { describe, expect, it } from 'vitest';
import type { Cloud } from '../../src/model/cloud.ts';
import { serverGroupId } from '../../src/model/ids.ts';
import { aGroup, type aHost, aServer, shippedProfile } from '../support/builders.ts';
import { aPool, aProvider } from '../support/parts.ts';
import { aNumaCloud, aTwinHost, numaServer, pinnedServer, toldUnder } from './support.ts';

const other = aServer('other', 'h2');
const alias = {
  count: 1,
  specs: [{ vendor_id: '10de', live_migratable: 'yes' }],
  source: { kind: 'alias', alias: 'gpu' },
} as const;

/** A host with a child provider of such a resource. */
const aHostWith = (name: string, resource: string, over: Parameters<typeof aHost>[1] = {}) => {
  const host = aTwinHost(name, [], over);
  return { ...host, providers: [...host.providers, aProvider(`${name}-child`, { [resource]: 2 })] };
};
const capable = { hypervisorVersion: 8_001_000, libvirtVersion: 8_006_000 };
const vdpaPool = aPool(1, { devType: 'vdpa', tags: { physical_network: 'net1' } });

const clouds = {
  pmemToTwin: aNumaCloud({
    hosts: [aTwinHost('h1'), aHostWith('h2', 'CUSTOM_PMEM_NAMESPACE_6GB')],
    servers: [aServer('s1', 'h1', { extraSpecs: { 'hw:pmem': '6GB' } })],
  }),
  vdpaToTwin: aNumaCloud({
    hosts: [aTwinHost('h1'), aTwinHost('h2', [], { pciPools: [vdpaPool] })],
    servers: [
      aServer('s1', 'h1', {
        ports: [{ id: 'p1', vnicType: 'vdpa', hasResourceRequest: false }],
        pciRequests: [
          {
            count: 1,
            specs: [{ dev_type: 'vdpa', physical_network: 'net1' }],
            source: { kind: 'port', port: 'p1' },
          },
        ],
      }),
    ],
  }),
  vgpuToTwin: aNumaCloud({
    hosts: [aHostWith('h1', 'VGPU', capable), aHostWith('h2', 'VGPU', capable)],
    servers: [aServer('s1', 'h1', { extraSpecs: { 'resources:VGPU': '1' } })],
  }),
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
      refused: 'rhosp-16',
      allowed: 'rhosp-17',
      cloud: clouds.pmemToTwin,
      sentence: 'pmem: server s1: this release does not migrate persistent memory (hw:pmem) live',
    },
    {
      refused: 'rhosp-17',
      allowed: 'rhoso-18',
      cloud: clouds.vdpaToTwin,
      sentence: 'pci-live: this release refuses to migrate vDPA ports live: allow cold',
    },
    {
      refused: 'zed',
      allowed: '2024.1',
      cloud: clouds.vgpuToTwin,
      sentence: 'vgpu: server s1: this release does not migrate a server with a virtual GPU live: allow cold',
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
    const loud = toldUnder(warned, cloud, 's1', 'h2');
    const quiet = toldUnder(silent, cloud, 's1', 'h2');

    expect([...loud.refusals, ...quiet.refusals]).toEqual([]);
    expect(loud.warnings.filter((text) => !quiet.warnings.includes(text))).toEqual([sentence]);
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
