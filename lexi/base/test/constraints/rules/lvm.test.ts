import { describe, expect, it } from 'vitest';
import { storagePoolId } from '../../../src/model/ids.ts';
import { lvm } from '../../../src/constraints/rules/lvm.ts';
import { aCloud, aContext, aHost, aServer } from '../../support/builders.ts';
import { say } from '../../support/say.ts';
import { byMethod } from './device-support.ts';

const onLvm = { from: { config: { imagesType: { value: 'lvm', known: true } } } };

describe('lvm', () => {
  it('copies no disk from LVM, neither cold nor live', () => {
    expect(byMethod(lvm, {}, onLvm)).toEqual({
      live: 'server s1: its disk is on LVM of host h1: it cannot be copied live',
      cold: 'server s1: its disk is on LVM of host h1: Nova does not migrate it cold',
      evacuate: 'yes',
    });
  });

  it('lets a server go that boots from a volume; with a local disk besides not live', () => {
    expect(byMethod(lvm, { bootFromVolume: true, localDisks: [] }, onLvm)).toMatchObject({
      live: 'yes',
      cold: 'yes',
    });
    expect(
      byMethod(lvm, { bootFromVolume: true, localDisks: [{ kind: 'swap', sizeGiB: 1 }] }, onLvm),
    ).toMatchObject({
      live: 'server s1: its disk is on LVM of host h1: it cannot be copied live',
      cold: 'yes',
    });
  });

  it('believes the storage pool before the setting', () => {
    const pool = storagePoolId('p');
    const context = aContext(
      aCloud({
        hosts: [aHost('h1', { ...onLvm.from, storagePool: pool }), aHost('h2')],
        storagePools: new Map([[pool, { id: pool, kind: 'local', imagesType: 'qcow2' }]]),
        servers: [aServer('s1', 'h1')],
      }),
    );

    expect(say(lvm, context, 's1', 'h2')).toBe('yes');
  });
});
