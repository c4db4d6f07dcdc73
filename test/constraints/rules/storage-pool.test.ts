import { describe, expect, it } from 'vitest';
import { storagePool } from '../../../src/constraints/rules/storage-pool.ts';
import { storagePoolId } from '../../../src/model/ids.ts';
import { createState } from '../../../src/replay/state.ts';
import { aCloud, aContext, aHost, anArrival, aServer, someConfig } from '../../support/builders.ts';
import { say } from '../../support/say.ts';

const ceph = storagePoolId('ceph');
const nfs = storagePoolId('nfs');
const disks = storagePoolId('disks-of-h4');
const cloud = aCloud({
  hosts: [
    aHost('h1', { storagePool: ceph }),
    aHost('h2', { storagePool: ceph }),
    aHost('h3', { storagePool: nfs }),
    aHost('h4', { storagePool: disks }),
    aHost('h5'),
  ],
  servers: [aServer('s1', 'h1'), aServer('s2', 'h4')],
  storagePools: new Map([
    [ceph, { id: ceph, kind: 'shared' }],
    [nfs, { id: nfs, kind: 'shared' }],
    [disks, { id: disks, kind: 'local' }],
  ]),
});

describe('storage-pool', () => {
  it('keeps a server with the hosts that see its shared pool', () => {
    const context = aContext(cloud);
    const state = createState(context);

    const verdicts = ['h2', 'h3', 'h4'].map((to) => storagePool.judge(anArrival(context, 's1', to), state));

    expect(verdicts.map((verdict) => verdict.kind)).toEqual(['yes', 'no', 'no']);
    expect(
      verdicts.flatMap((verdict) => (verdict.kind === 'no' ? [storagePool.describe(verdict)] : [])),
    ).toEqual([
      'host h3 does not see storage pool ceph, where the disks are',
      'host h4 does not see storage pool ceph, where the disks are',
    ]);
  });

  it('does not know whether a host sees the pool whose own pool nobody tells', () => {
    const context = aContext(cloud);

    expect(storagePool.judge(anArrival(context, 's1', 'h5'), createState(context))).toMatchObject({
      kind: 'unknown',
      missing: ['hosts[].storagePool'],
      safe: 'no',
    });
  });

  it.each([
    ['nobody tells where disks are', { value: 'default', known: false }, 'unknown'],
    ['they are in Ceph and nobody tells the pool', { value: 'rbd', known: true }, 'unknown'],
    ['they are files of the host', { value: 'qcow2', known: true }, 'yes'],
  ])('says of a server whose disks are copied, where %s, %s', (_, imagesType, kind) => {
    const config = { ...someConfig, imagesType };
    const context = aContext(aCloud({ servers: [aServer('s1', 'h1')], config }));
    const verdict = storagePool.judge(anArrival(context, 's1', 'h2'), createState(context));

    expect(verdict.kind).toBe(kind);
    if (verdict.kind === 'unknown') expect(verdict.safe).toBe('yes');
  });

  it('keeps a server at home whose disks are nobody knows where, if nothing may be assumed', () => {
    const config = { ...someConfig, imagesType: { value: 'default', known: false } };
    const servers = [aServer('s1', 'h1'), aServer('s2', 'h1', { bootFromVolume: true, localDisks: [] })];

    expect(storagePool.compile(aContext(aCloud({ servers, config }), { unknown: 'refuse' }))).toEqual([
      { kind: 'fixed', rule: 'storage-pool', servers: ['s1'] },
    ]);
  });

  it('has nothing to say about disks that are copied', () => {
    const context = aContext(cloud);

    const verdict = storagePool.judge(anArrival(context, 's2', 'h1'), createState(context));

    expect(verdict.kind).toBe('yes');
  });

  it('lets a server on volumes leave the pool of its host', () => {
    const onVolumes = aServer('s1', 'h1', { bootFromVolume: true, localDisks: [] });
    const context = aContext({ ...cloud, servers: new Map([[onVolumes.id, onVolumes]]) });

    expect(say(storagePool, context, 's1', 'h3')).toBe('yes');
    expect(storagePool.compile(context)).toEqual([]);
  });

  it('compiles to the hosts of the pool', () => {
    const [mask] = storagePool.compile(aContext(cloud));

    expect(
      mask?.kind === 'pairMask' ? mask.sets.map(({ servers, hosts }) => [servers, [...hosts]]) : [],
    ).toEqual([[['s1'], ['h1', 'h2']]]);
  });
});
