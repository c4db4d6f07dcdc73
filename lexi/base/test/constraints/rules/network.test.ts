import { describe, expect, it } from 'vitest';
import { network } from '../../../src/constraints/rules/network.ts';
import { aCloud, aContext, aHost, aServer } from '../../support/builders.ts';
import { aPool, without } from '../../support/parts.ts';
import { say } from '../../support/say.ts';
import { byMethod } from './device-support.ts';

const ports = [
  { id: 'p1', vnicType: 'normal', physicalNetwork: 'physnet1', hasResourceRequest: false },
  { id: 'p2', vnicType: 'normal', tunneled: true, hasResourceRequest: false },
];

describe('network', () => {
  it('wants every physical network of the ports at the destination', () => {
    const no = 'host h2 does not reach physical network physnet1';

    expect(byMethod(network, { ports }, { to: { physicalNetworks: new Set(['physnet1']) } }).live).toBe(
      'yes',
    );
    expect(byMethod(network, { ports }, { to: { physicalNetworks: new Set(['physnet2']) } })).toEqual({
      live: no,
      cold: no,
      evacuate: no,
    });
    expect(byMethod(network, { ports: ports.slice(1) }, { to: { physicalNetworks: new Set() } }).live).toBe(
      'yes',
    );
  });

  it('sees networks by their devices too, and else takes a host to reach them', () => {
    const pools = [aPool(1, { tags: { physical_network: 'physnet1' } })];

    expect(byMethod(network, { ports }, { to: { pciPools: pools } }).live).toBe('yes');
    expect(byMethod(network, { ports }).live).toMatch(/^unknown, safe yes: .*physicalNetworks\]$/);
  });

  it('says so where the ports of a server are not known, and the networks of the host are', () => {
    const server = without(aServer('s1', 'h1'), 'ports');
    const ask = (over: Parameters<typeof aHost>[1]) =>
      say(
        network,
        aContext(aCloud({ hosts: [aHost('h1'), aHost('h2', over)], servers: [server] })),
        's1',
        'h2',
      );

    expect(ask({ physicalNetworks: new Set(['physnet1']) })).toContain('unknown, safe yes');
    expect(ask({})).toBe('yes');
  });
});
