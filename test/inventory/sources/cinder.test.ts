import { describe, expect, it } from 'vitest';
import { importBundle } from '../../../src/inventory/bundle.ts';
import { cloudOf, partOf, serverNamed, zedInventory } from '../support/bundles.ts';

const attached = zedInventory().servers.find(({ volumes = [] }) => volumes.length === 1);
const server = attached?.id ?? '';
const name = attached?.name ?? '';
const id = attached?.volumes?.[0]?.id ?? '';

const volume = (over: object = {}) => ({
  id,
  size: 40,
  availability_zone: 'az-north',
  'os-vol-host-attr:host': 'ctl-01@ceph#rbd',
  volume_type: 'ssd',
  multiattach: true,
  encrypted: false,
  attachments: [{ server_id: server, attachment_id: 'a1', host_name: 'kvm-a01' }],
  ...over,
});

const withCinder = (...volumes: readonly object[]) =>
  partOf(['api'], { 'api/cinder/volumes-detail.json': { volumes } });

describe('replies of Cinder', () => {
  it('tell of each volume its zone, who serves it, its type, and whether others may have it too', () => {
    const cloud = cloudOf(withCinder(volume()));

    expect(serverNamed(cloud, name).volumes).toEqual([
      {
        id,
        sizeGiB: 40,
        multiattach: true,
        availabilityZone: 'az-north',
        backend: 'ctl-01@ceph#rbd',
        volumeType: 'ssd',
        encrypted: false,
      },
    ]);
  });

  it('leave unknown what they do not tell, as to users who are no administrators', () => {
    const cloud = cloudOf(
      withCinder(
        volume({
          availability_zone: null,
          volume_type: null,
          'os-vol-host-attr:host': undefined,
          attachments: [],
        }),
      ),
    );

    expect(serverNamed(cloud, name).volumes).toEqual([
      { id, sizeGiB: 40, multiattach: true, encrypted: false },
    ]);
  });

  it('are compared with what Nova says is attached, and Nova is followed', () => {
    const { inventory, report } = importBundle(withCinder(volume({ id: 'another' })));

    expect(inventory.servers.find((each) => each.id === server)?.volumes).toEqual([{ id }]);
    expect(report.contradictions.map(({ field, subject, taken }) => [subject, field, taken])).toContainEqual([
      `server ${server}`,
      'volumes',
      'api:nova-volumes',
    ]);
  });
});
