import { describe, expect, it } from 'vitest';
import { importBundle } from '../../src/inventory/bundle.ts';
import { toCloud } from '../../src/inventory/to-cloud.ts';
import { bundleOf } from './support/bundles.ts';

const service = (host: string) => ({
  binary: 'nova-compute',
  host,
  id: `service-${host}`,
  zone: 'nova',
  status: 'enabled',
  state: 'up',
  updated_at: '2026-01-02T03:04:05.000000',
});
const conf = (...lines: readonly string[]) => ['[libvirt]', ...lines, ''].join('\n');

const cloudWith = (files: Readonly<Record<string, string>>) => {
  const hosts = Object.keys(files);
  const facts: Readonly<Record<string, unknown>> = Object.fromEntries(
    Object.entries(files).map(([host, text]) => [`host-facts/${host}/nova.conf-excerpt.ini`, text]),
  );
  const services = { services: hosts.map(service) };
  const bundle = bundleOf({ 'api/nova/os-services.json': services, ...facts });
  return toCloud(importBundle(bundle, { capturedAt: '2026-01-01T00:00:00Z' }).inventory);
};

describe('storage pools', () => {
  it('are those of Ceph that nova.conf names, one for all hosts that use it', () => {
    const rbd = ['images_type = rbd', 'images_rbd_pool = vms'];

    const cloud = cloudWith({
      h1: conf(...rbd),
      h2: conf(...rbd, 'images_rbd_ceph_conf = /etc/ceph/ceph.conf'),
      h3: conf('images_type = rbd'),
      h4: conf('images_type = qcow2', 'images_rbd_pool = vms'),
      h5: conf(...rbd, 'images_rbd_ceph_conf = /etc/ceph/second.conf'),
      h6: conf(...rbd, 'rbd_secret_uuid = 457eb676-33da-42ec-9a8c-9293d545c337'),
    });

    expect([...cloud.hosts.values()].map(({ id, storagePool }) => [id, storagePool])).toEqual([
      ['h1', 'rbd:vms'],
      ['h2', 'rbd:vms'],
      ['h3', 'rbd:rbd'],
      ['h4', undefined],
      ['h5', 'rbd:vms:/etc/ceph/second.conf'],
      ['h6', 'rbd:vms:457eb676-33da-42ec-9a8c-9293d545c337'],
    ]);
    expect([...cloud.storagePools.values()].find(({ id }) => id === 'rbd:vms')).toEqual({
      id: 'rbd:vms',
      kind: 'shared',
      imagesType: 'rbd',
    });
  });
});
