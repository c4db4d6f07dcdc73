import type { Cloud } from '../model/cloud.ts';
import type { Flavor } from '../model/flavor.ts';
import type { PlacedTopology } from '../model/numa.ts';
import type { ResourceAmounts } from '../model/placement.ts';
import type { Server } from '../model/server.ts';
import type { GuestTopology } from '../nova/guest.ts';
import { guestDemand } from '../nova/guest-demand.ts';
import { guestTopology } from '../nova/guest-topology.ts';
import { placementRequest } from '../nova/placement-request.ts';
import { invariant } from '../shared/invariant.ts';
import { lazyMap } from '../shared/lazy-map.ts';
import type { Demand, Demands } from './demand.ts';

/**
 * What every server of a cloud asks of a host that it arrives on, found when it is asked for. Servers of equal wishes
 * share one demand.
 * With `[workarounds] disable_fallback_pcpu_query` hosts without a PCPU inventory are asked like the others.
 */
export function deriveDemands(cloud: Cloud): Demands {
  const bySignature = new Map<string, Demand>();
  const fallsBack = !cloud.config.workarounds.value.includes('disable_fallback_pcpu_query');
  return lazyMap(cloud.servers, (id) => {
    const server = cloud.servers.get(id);
    invariant(server !== undefined, `server ${id} is of the cloud`);
    const signature = signatureOf(server);
    let demand = bySignature.get(signature);
    if (demand === undefined) bySignature.set(signature, (demand = demandOf(server, fallsBack)));
    return demand;
  });
}

/** Everything that `demandOf` reads. */
const signatureOf = ({
  flavor,
  imageProperties,
  topology,
  pciRequests,
  ports,
  bootFromVolume,
}: Server): string =>
  JSON.stringify([
    { ...flavor, name: '' },
    imageProperties,
    imageProperties === undefined ? topology : topology?.kind,
    pciRequests?.map(({ count, specs, numaPolicy, source }) => [count, specs, numaPolicy, source.kind]),
    ports?.map((port) => [port.physicalNetwork, port.tunneled, port.vnicType !== 'normal']),
    bootFromVolume,
  ]);

function demandOf(server: Server, fallsBack: boolean): Demand {
  const guest = guestOf(server);
  const topology = guest.kind === 'topology' ? guest.topology : undefined;
  const pci = pciOf(server);
  const request = placementRequest({
    flavor: server.flavor,
    imageProperties: server.imageProperties ?? {},
    topology,
    bootFromVolume: server.bootFromVolume ?? false, // then it has the root disk that it may have
  });
  const { amounts, requiredTraits, forbiddenTraits } = request;
  const legacy = fallsBack
    ? {}
    : {
        legacyAmounts: amounts,
        legacyRequiredTraits: requiredTraits,
        legacyForbiddenTraits: forbiddenTraits,
      };
  const demand: Demand = { ...request, ...legacy, guest, pci };
  if (guest.kind === 'unknown' || pci.kind === 'unknown') return demand;
  return {
    ...demand,
    fit: guestDemand(topology, pci.kind === 'known' ? pci.requests : [], networksOf(server, topology)),
  };
}

/** What a server of this flavor asks of Placement when it comes from an image that asks for nothing itself. */
export function amountsOfFlavor(flavor: Flavor): ResourceAmounts {
  const derived = guestTopology(flavor, {});
  const topology = derived.kind === 'topology' ? derived.topology : undefined;
  return placementRequest({ flavor, imageProperties: {}, topology, bootFromVolume: false }).amounts;
}

/**
 * The topology wanted, by flavor and image as Nova recomputes it for every move. Without image properties a flavor
 * that asks for a topology is still enough, and so is a placed topology; a server that has none has none.
 */
function guestOf(server: Server): Demand['guest'] {
  const derived = guestTopology(server.flavor, server.imageProperties ?? {});
  if (server.imageProperties !== undefined || derived.kind === 'topology') {
    if (derived.kind === 'topology') return { kind: 'topology', topology: derived.topology };
    if (derived.kind === 'none') return { kind: 'none' };
    return {
      kind: 'unknown',
      missing: [`servers[].flavor and image that Nova accepts (${derived.errorClass})`],
    };
  }
  if (server.topology === undefined)
    return { kind: 'unknown', missing: ['servers[].imageProperties', 'servers[].topology'] };
  if (server.topology.kind === 'none') return { kind: 'none' };
  return { kind: 'topology', topology: asWanted(server.topology.topology) };
}

/** A placed topology as if it were asked for: what pinning and pages it has, it is assumed to want again. */
function asWanted({ cells }: PlacedTopology): GuestTopology {
  const dedicated = cells.some((cell) => cell.dedicatedVcpus.length > 0);
  const shared = cells.some((cell) => cell.sharedVcpus.length > 0);
  const mixed = shared ? 'mixed' : 'dedicated';
  const policy = dedicated ? mixed : undefined;
  const emulator = cells.some((cell) => (cell.reservedCpus?.length ?? 0) > 0);
  return {
    emulatorPolicy: emulator ? 'isolate' : undefined,
    cells: cells.map((cell, id) => ({
      id,
      sharedVcpus: cell.sharedVcpus,
      dedicatedVcpus: cell.dedicatedVcpus,
      memoryMiB: cell.memoryMiB,
      pageSize: cell.pageSizeKiB,
      cpuPolicy: policy,
      threadPolicy: undefined,
    })),
  };
}

/**
 * The PCI requests of a server. Where no source told them, a flavor alias is an unknown device, and a server without
 * one has none when its ports are known to be ordinary, and is assumed to have none when nothing is known of ports.
 */
function pciOf({ pciRequests, ports, flavor }: Server): Demand['pci'] {
  if (pciRequests !== undefined) return { kind: 'known', requests: pciRequests };
  const special = (ports ?? []).some((port) => port.vnicType !== 'normal');
  if (special || flavor.extraSpecs['pci_passthrough:alias'] !== undefined)
    return { kind: 'unknown', missing: ['servers[].pciRequests'] };
  if (ports === undefined)
    return { kind: 'assumed-none', missing: ['servers[].pciRequests', 'servers[].ports'] };
  return { kind: 'known', requests: [] };
}

function networksOf({ ports }: Server, topology: GuestTopology | undefined) {
  if (topology === undefined || ports === undefined) return undefined;
  const physnets = [...new Set(ports.flatMap((port) => port.physicalNetwork ?? []))].toSorted();
  return { physnets, tunneled: ports.some((port) => port.tunneled === true) };
}
