import { describe, expect, it } from 'vitest';
import { storagePool } from '../../../src/constraints/rules/storage-pool.ts';
import { storagePoolId } from '../../../src/model/ids.ts';
import { createState } from '../../../src/replay/state.ts';
import { aCloud, aContext, aHost, anArrival, aServer } from '../../support/builders.ts';
import { say } from '../../support/say.ts';

const ceph = storagePoolId('ceph');
const nfs = storagePoolId('nfs');
const cloud = aCloud({
  hosts: [
    aHost('h1', { storagePool: ceph }),
    aHost('h2', { storagePool: ceph }),
    aHost('h3', { storagePool: nfs }),
    aHost('h4'),
  ],
  servers: [aServer('s1', 'h1'), aServer('s2', 'h4')],
  storagePools: new Map([
    [ceph, { id: ceph, kind: 'shared' }],
    [nfs, { id: nfs, kind: 'shared' }],
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
