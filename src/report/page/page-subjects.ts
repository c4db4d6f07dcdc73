import type { Cloud } from '../../model/cloud.ts';
import type { Host, MigrationNic } from '../../model/host.ts';
import type { HostId, ServerId } from '../../model/ids.ts';
import type { Server } from '../../model/server.ts';
import type { MigrationStep, Plan } from '../../plan/plan.ts';
import { isMigration } from '../step-words.ts';
import { counted, decimal } from '../words.ts';
import type { PageHost, PageServer } from './page-data.ts';
import { nameOf } from './texts.ts';

type Fact = readonly [label: string, words: string];

/** Hosts of the cloud in its order, then those that the plan alone knows. */
export function hostIds({ steps, summary, notDone }: Plan, cloud: Cloud | undefined): readonly HostId[] {
  const named = steps.flatMap((step) =>
    isMigration(step) ? [step.from, step.to] : 'host' in step ? [step.host] : [],
  );
  const others = [...named, ...summary.hostsFreed, ...notDone.flatMap(({ host }) => host ?? [])];
  return [...new Set([...(cloud?.hosts.keys() ?? []), ...others.toSorted()])];
}

/** Servers of the cloud in its order, then those that the plan alone knows. */
export function serverIds({ steps, notDone }: Plan, cloud: Cloud | undefined): readonly ServerId[] {
  const named = [
    ...steps.flatMap((step) => ('server' in step ? [step.server] : [])),
    ...notDone.flatMap(({ server }) => server ?? []),
  ];
  return [...new Set([...(cloud?.servers.keys() ?? []), ...named.toSorted()])];
}

export function pageHosts(ids: readonly HostId[], plan: Plan, cloud: Cloud | undefined): readonly PageHost[] {
  const freed = new Set(plan.summary.hostsFreed);
  const spares = new Set(plan.summary.spareHosts);
  return ids.map((id) => {
    const host = cloud?.hosts.get(id);
    const after = spares.has(id) ? 'empty, enabled as a spare' : freed.has(id) ? 'empty' : undefined;
    return {
      name: nameOf(id),
      ...(host?.availabilityZone !== undefined && { zone: nameOf(host.availabilityZone) }),
      status: host === undefined ? '' : statusOf(host),
      facts: [
        ...(after === undefined ? [] : [['after the plan', after] as const]),
        ...(host === undefined ? [] : hostFacts(host, cloud)),
      ],
    };
  });
}

const statusOf = ({ service: { state, forcedDown, status } }: Host): string =>
  state === 'down' || forcedDown ? 'down' : status;

function hostFacts(host: Host, cloud: Cloud | undefined): readonly Fact[] {
  const { service, cpu, rack, nics, aggregates, hypervisorType, hypervisorVersion } = host;
  const names = aggregates.map((id) => nameOf(cloud?.aggregates.get(id)?.name ?? id));
  return [
    ...(service.disabledReason === undefined ? [] : [['disabled because', service.disabledReason] as const]),
    ...(rack === undefined ? [] : [['rack', nameOf(rack)] as const]),
    ...(names.length === 0 ? [] : [['aggregates', names.join(', ')] as const]),
    ...(cpu?.model === undefined ? [] : [['CPU model', nameOf(cpu.model)] as const]),
    ...(hypervisorVersion === undefined
      ? []
      : [['hypervisor', `${nameOf(hypervisorType ?? 'QEMU')} ${versionWords(hypervisorVersion)}`] as const]),
    ...(nics.length === 0 ? [] : [['migration network', nics.map(nicWords).join(', ')] as const]),
  ];
}

const nicWords = ({ name, bandwidthMbps }: MigrationNic): string =>
  `${nameOf(name)} ${bandwidthMbps >= 1000 ? `${decimal(bandwidthMbps / 1000)} Gbit/s` : `${bandwidthMbps} Mbit/s`}`;

/** 7002000 is 7.2.0. */
const versionWords = (version: number): string =>
  [Math.floor(version / 1_000_000), Math.floor(version / 1000) % 1000, version % 1000].join('.');

export function pageServers(
  ids: readonly ServerId[],
  hosts: ReadonlyMap<HostId, number>,
  plan: Plan,
  cloud: Cloud | undefined,
): readonly PageServer[] {
  const trips = tripsOf(plan);
  const names = namesIn(plan);
  return ids.map((id) => {
    const server = cloud?.servers.get(id);
    const trip = trips.get(id);
    const at = (host: HostId | undefined): number | undefined =>
      host === undefined ? undefined : hosts.get(host);
    const before = at(server === undefined ? trip?.first.from : server.host);
    const after = at(trip?.last.to) ?? before;
    const name = server?.name ?? names.get(id) ?? '';
    return {
      name: nameOf(name === '' ? id : name),
      id: nameOf(id),
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
      facts: server === undefined ? [] : serverFacts(server, cloud),
    };
  });
}

const namesIn = ({ steps, notDone }: Plan): ReadonlyMap<ServerId, string> =>
  new Map([
    ...notDone.flatMap(({ server, serverName = '' }) =>
      server === undefined ? [] : [[server, serverName] as const],
    ),
    ...steps.flatMap((step) => ('server' in step ? [[step.server, step.serverName] as const] : [])),
  ]);

interface Trip {
  readonly first: MigrationStep;
  readonly last: MigrationStep;
}

function tripsOf({ steps }: Plan): ReadonlyMap<ServerId, Trip> {
  const trips = new Map<ServerId, Trip>();
  for (const step of steps.filter(isMigration))
    trips.set(step.server, { first: trips.get(step.server)?.first ?? step, last: step });
  return trips;
}

function serverFacts(server: Server, cloud: Cloud | undefined): readonly Fact[] {
  const { flavor, status, taskState, locked, lockedReason, requestedAz, group, volumes } = server;
  const own = group === undefined ? undefined : cloud?.groups.get(group);
  const size = `${counted(flavor.vcpus, 'vCPU')}, ${decimal(flavor.memoryMiB / 1024, 2)} GiB`;
  return [
    ['flavor', `${nameOf(flavor.name)}: ${size}`],
    ['status', taskState === undefined ? status : `${status}, ${taskState}`],
    ...numaFacts(server),
    ...(own === undefined ? [] : [['server group', `${nameOf(own.name)} (${own.policy})`] as const]),
    ...(requestedAz?.kind === 'zone' ? [['zone asked for', nameOf(requestedAz.name)] as const] : []),
    ...deviceFacts(server),
    ...(volumes === undefined || volumes.length === 0 ? [] : [['volumes', String(volumes.length)] as const]),
    ...(locked === true ? [['locked', lockedReason ?? 'yes'] as const] : []),
  ];
}

function numaFacts({ topology }: Server): readonly Fact[] {
  if (topology?.kind !== 'placed') return [];
  const cells = topology.topology.cells.map(({ hostCellId, dedicatedVcpus, pageSizeKiB }) => {
    const pinned = dedicatedVcpus.length === 0 ? '' : ` (${counted(dedicatedVcpus.length, 'pinned CPU')}`;
    const pages =
      pageSizeKiB === undefined ? '' : `${pinned === '' ? ' (' : ', '}pages of ${pageSizeKiB} KiB`;
    return `${hostCellId}${pinned}${pages}${pinned + pages === '' ? '' : ')'}`;
  });
  return [['NUMA cells before', cells.join(', ')]];
}

function deviceFacts({ pciDevices = [], localDisks = [] }: Server): readonly Fact[] {
  const disk = localDisks.reduce((sum, { sizeGiB }) => sum + sizeGiB, 0);
  return [
    ...(pciDevices.length === 0 ? [] : [['PCI devices', String(pciDevices.length)] as const]),
    ...(disk === 0 ? [] : [['local disks', `${decimal(disk)} GiB`] as const]),
  ];
}
