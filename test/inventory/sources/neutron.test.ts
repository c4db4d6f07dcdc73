import { describe, expect, it } from 'vitest';
import { importBundle } from '../../../src/inventory/bundle.ts';
import {
  bundleOf,
  cloudOf,
  hostNamed,
  oneHost,
  partOf,
  serverNamed,
  zedInventory,
} from '../support/bundles.ts';

const server = zedInventory().servers.find(({ name }) => name === 'sig-1')?.id ?? '';
const port = (id: string, over: object = {}) => ({
  id,
  device_id: server,
  device_owner: 'compute:az-north',
  network_id: 'net-1',
  'binding:vnic_type': 'direct',
  resource_request: { required: ['CUSTOM_PHYSNET_A'], resources: { NET_BW_EGR_KILOBIT_PER_SEC: 1000 } },
  ...over,
});
const network = {
  id: 'net-1',
  'provider:network_type': 'vlan',
  'provider:physical_network': 'physnet-a',
};
const tunnel = { id: 'net-2', 'provider:network_type': 'geneve', 'provider:physical_network': null };

const withNeutron = (files: Readonly<Record<string, unknown>>) =>
  partOf(
    ['api/nova'],
    Object.fromEntries(Object.entries(files).map(([name, value]) => [`api/neutron/${name}`, value])),
  );

describe('replies of Neutron', () => {
  it('tell the ports of servers with their networks and guarantees', () => {
    const ports = [
      port('p1'),
      port('p2', { network_id: 'net-2', 'binding:vnic_type': 'normal', resource_request: null }),
      port('router', { device_owner: 'network:router_interface' }),
    ];

    const cloud = cloudOf(
      withNeutron({ 'ports.json': { ports }, 'networks.json': { networks: [network, tunnel] } }),
    );

    expect(serverNamed(cloud, 'sig-1').ports).toEqual([
      {
        id: 'p1',
        vnicType: 'direct',
        physicalNetwork: 'physnet-a',
        tunneled: false,
        hasResourceRequest: true,
      },
      { id: 'p2', vnicType: 'normal', tunneled: true, hasResourceRequest: false },
    ]);
    expect(serverNamed(cloud, 'web-04').ports).toBeUndefined();
  });

  it('leave the ports of a server unknown where a network of it is missing, and say so', () => {
    const folder = withNeutron({ 'ports.json': { ports: [port('p1')] } });
    const { inventory, report } = importBundle(folder);

    expect(inventory.servers.find(({ id }) => id === server)?.ports).toBeUndefined();
    expect(report.gaps.map(({ code }) => code)).toContain('neutron.networks');
  });

  it('tell which physical networks the agents of a host reach', () => {
    const agents = [
      { host: 'h1', configurations: { bridge_mappings: { 'physnet-a': 'br-a' } } },
      { host: 'h1', configurations: { device_mappings: { 'physnet-b': ['ens1f0'] } } },
      { host: 'h1', configurations: { nova_metadata_port: 8775 } },
      { host: 'net1', configurations: { 'bridge-mappings': 'physnet-c:br-c' } },
    ];

    const { inventory, report } = importBundle(
      bundleOf({ ...oneHost, 'api/neutron/agents.json': { agents } }),
      {
        capturedAt: '2026-01-01T00:00:00Z',
      },
    );

    expect(inventory.hosts.map(({ id, physicalNetworks }) => [id, physicalNetworks])).toEqual([
      ['h1', ['physnet-a', 'physnet-b']],
    ]);
    expect(report.gaps).toEqual([]);
  });
});

describe('shares of a server', () => {
  it('are told by Nova, and none is none', () => {
    const other = zedInventory().servers.find(({ name }) => name === 'web-04')?.id ?? '';
    const cloud = cloudOf(
      partOf(['api/nova'], {
        [`api/nova/servers-shares/${server}.json`]: {
          shares: [{ share_id: 's1', status: 'active', tag: 't' }],
        },
        [`api/nova/servers-shares/${other}.json`]: { shares: [] },
      }),
    );

    expect(serverNamed(cloud, 'sig-1').shares).toEqual(['s1']);
    expect(serverNamed(cloud, 'web-04').shares).toEqual([]);
    expect(hostNamed(cloud, 'kvm-a01').physicalNetworks).toBeUndefined();
  });
});
