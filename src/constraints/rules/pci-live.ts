import type { PciRequest } from '../../model/pci.ts';
import type { Server } from '../../model/server.ts';
import { isTrueText } from '../../nova/python-text.ts';
import type { Arrival } from '../arrival.ts';
import { type RuleContext, waysOf } from '../context.ts';
import { detachedPorts, portOf } from '../detached-ports.ts';
import { type Rule, type Verdict, yes } from '../rule.ts';

/**
 * A live migration carries no PCI device that belongs to the flavor, unless the release can do that (31.0.0) and every
 * device asked for is `live_migratable`. SR-IOV ports are detached for its time where the release can do that and the
 * operator allows it (`nic-detach`), vDPA ports by a switch of their own (26.0.0); macvtap and virtio-forwarder ports
 * stay attached.
 *
 * Source: conductor/tasks/live_migrate.py _check_can_migrate_pci.
 */
export const pciLive: Rule = {
  id: 'pci-live',
  scope: 'pair',
  holds: 'always',
  judge: ({ server, method }, { context }) => judgePci(method, server, context),
  audit: () => [],
  compile: (context) => {
    const servers = [...context.cloud.servers.values()]
      .filter((server) => server.host !== undefined)
      .filter((server) => {
        const ways = waysOf(server, context);
        return ways.length > 0 && ways.every((way) => judgePci(way.method, server, context).kind === 'no');
      })
      .map((server) => server.id);
    return servers.length === 0 ? [] : [{ kind: 'fixed', rule: 'pci-live', servers }];
  },
  describe: ({ names }) => (names ?? []).join(', '),
};

function judgePci(method: Arrival['method'], server: Server, { profile, allow }: RuleContext): Verdict {
  // Requests that are not known are told by `pci-devices`.
  if (method !== 'live' || server.pciRequests === undefined) return yes;
  const { pciAliasLive, sriovPortLive, vdpaPortLive } = profile.switches;
  const aliases = server.pciRequests.filter((request) => request.source.kind === 'alias');
  if (pciAliasLive === 'refused' && aliases.length > 0)
    return refuse(aliases, 'Nova refuses to migrate flavor PCI devices live: allow cold');
  const stuck = aliases.filter((request) => !isLiveMigratable(request));
  if (stuck.length > 0)
    return refuse(stuck, 'it asks for flavor PCI devices that are not live_migratable: allow cold');
  const ports = server.pciRequests.filter((request) => request.source.kind === 'port');
  const vdpa = ports.filter((request) => isVdpa(request, server));
  if (vdpaPortLive === 'refused' && vdpa.length > 0)
    return refuse(vdpa, 'this release refuses to migrate vDPA ports live: allow cold');
  const others = ports.filter((request) => !vdpa.includes(request));
  if (sriovPortLive === 'refused' && others.length > 0)
    return refuse(others, 'this release refuses to migrate SR-IOV ports live: allow cold');
  const detached = detachedPorts(server);
  if (detached.length === 0 || allow.has('nic-detach')) return yes;
  return refuse(
    detached,
    'its SR-IOV ports would be detached for the time of the migration: allow nic-detach',
  );
}

const isLiveMigratable = ({ specs }: PciRequest): boolean =>
  specs.length > 0 && specs.every((spec) => isTrueText(spec['live_migratable']));

const isVdpa = (request: PciRequest, server: Server): boolean =>
  portOf(request, server)?.vnicType === 'vdpa' || request.specs.some((spec) => spec['dev_type'] === 'vdpa');

const refuse = (requests: readonly PciRequest[], name: string): Verdict => ({
  kind: 'no',
  measured: requests.length,
  limit: 0,
  unit: 'PCI requests',
  where: 'live migration',
  names: [name],
});
