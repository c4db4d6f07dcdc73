import type { Host } from '../../model/host.ts';
import type { Server } from '../../model/server.ts';
import { pairRule } from '../pair-rule.ts';
import { type Verdict, yes } from '../rule.ts';

/**
 * The destination reaches every physical network that the server's ports are on, else Neutron does not bind them. Where
 * nobody knows what a host reaches, it is taken to reach them: Nova tries the binding before anything moves.
 *
 * Source: network/neutron.py bind_ports_to_host; conductor/tasks/live_migrate.py _call_livem_checks_on_host.
 */
export const network = pairRule({
  id: 'network',
  askedBy: 'hosts',
  signatureOf: (server) => JSON.stringify(networksOf(server)),
  judge({ server, to }) {
    const wanted = networksOf(server);
    if (wanted === undefined) return to.physicalNetworks === undefined ? yes : unknownPorts;
    const reached = to.physicalNetworks ?? seenOn(to);
    const names = wanted.filter((name) => !reached.has(name));
    if (names.length === 0) return yes;
    if (to.physicalNetworks === undefined) return unknownHost;
    return { kind: 'no', measured: names.length, limit: 0, unit: 'physical networks', where: to.id, names };
  },
  describe: ({ where, names }) => `host ${where} does not reach physical network ${(names ?? []).join(', ')}`,
});

const networksOf = ({ ports }: Server): readonly string[] | undefined =>
  ports === undefined
    ? undefined
    : [...new Set(ports.flatMap((port) => port.physicalNetwork ?? []))].toSorted();

/** What NUMA cells and devices of a host tell of its networks; there may be more. */
function seenOn({ cells = [], pciPools = [] }: Host): ReadonlySet<string> {
  return new Set([
    ...cells.flatMap((cell) => cell.networks.physnets),
    ...pciPools.flatMap((pool) => pool.tags['physical_network'] ?? []),
  ]);
}

const unknownHost: Verdict = {
  kind: 'unknown',
  missing: ['hosts[].physicalNetworks'],
  safe: 'yes',
  assumption:
    'the physical networks of some hosts are not known: they are taken to have those that servers need',
};

const unknownPorts: Verdict = {
  kind: 'unknown',
  missing: ['servers[].ports'],
  safe: 'yes',
  assumption: 'the ports of some servers are not known: every host is taken to reach their networks',
};
