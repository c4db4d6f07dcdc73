import type { Arrival } from '../constraints/arrival.ts';
import { amountsOn } from '../constraints/demand.ts';
import { coverageOf } from '../constraints/empty-destination.ts';
import { groupLimit } from '../constraints/group-view.ts';
import { compareText, groupBy } from '../shared/collections.ts';
import type { State } from '../replay/state.ts';

/** What a way back takes, read where it is open: room, pins, pages, devices, the host's service, CPU and group. */
export function undoNeeds(arrival: Arrival, state: State): readonly string[] {
  return [
    ...amountNeeds(arrival, state),
    ...cellNeeds(arrival, state),
    ...deviceNeeds(arrival, state),
    ...serviceNeeds(arrival, state),
    ...cpuNeeds(arrival),
    ...groupNeeds(arrival, state),
    ...emptinessNeeds(arrival, state),
    ...(arrival.method === 'cold' && state.vmState(arrival.server.id) === 'active'
      ? ['time in which it is shut down']
      : []),
  ];
}

const unitOf: Readonly<Record<string, string>> = { MEMORY_MB: 'MiB of memory', DISK_GB: 'GiB of disk' };

function amountNeeds({ server, to }: Arrival, { context }: State): readonly string[] {
  const demand = context.demands.get(server.id);
  const host = context.cloud.hosts.get(to);
  if (demand === undefined || host === undefined) return [];
  return Object.entries(amountsOn(demand, host))
    .filter(([, amount]) => amount > 0)
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([resource, amount]) => `${amount} ${unitOf[resource] ?? resource} on ${to}`);
}

/** Pinned CPUs and pages, as Nova would choose its cells there now. */
function cellNeeds({ server, to, method }: Arrival, state: State): readonly string[] {
  const cells = state.predict(server.id, to, method)?.cells ?? [];
  const guest = state.context.demands.get(server.id)?.guest;
  const wanted = guest?.kind === 'topology' ? guest.topology.cells : [];
  const pinned = cells.reduce((sum, cell) => sum + cell.pinnedCpuCount + cell.reservedCpuCount, 0);
  const paged = cells.flatMap(({ pageSizeKiB }, index) =>
    pageSizeKiB === undefined ? [] : [{ pageSizeKiB, memoryMiB: wanted[index]?.memoryMiB ?? 0 }],
  );
  return [
    ...(pinned === 0 ? [] : [`${pinned} CPUs to pin on ${to}`]),
    ...[...groupBy(paged, ({ pageSizeKiB }) => pageSizeKiB)].map(
      ([size, pages]) =>
        `${pages.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0)} MiB in pages of ${size} KiB on ${to}`,
    ),
  ];
}

function deviceNeeds({ server, to }: Arrival, { context }: State): readonly string[] {
  const pci = context.demands.get(server.id)?.pci;
  const devices = pci?.kind === 'known' ? pci.requests.reduce((sum, { count }) => sum + count, 0) : 0;
  return devices === 0 ? [] : [`${devices} PCI ${devices === 1 ? 'device' : 'devices'} of its kind on ${to}`];
}

const serviceNeeds = ({ to }: Arrival, state: State): readonly string[] =>
  state.serviceStatus(to) === 'enabled' ? [] : [`nova-compute on ${to} enabled`];

function cpuNeeds({ server, from, to, method }: Arrival): readonly string[] {
  if (method !== 'live') return [];
  const features = server.cpu?.model === undefined ? from : `its CPU model ${server.cpu.model}`;
  return [`the CPU features of ${features} on ${to}`];
}

function groupNeeds({ server, to }: Arrival, { context }: State): readonly string[] {
  const group = server.group === undefined ? undefined : context.cloud.groups.get(server.group);
  if (group?.policy === 'affinity') return [`the other members of its affinity group ${group.name} on ${to}`];
  if (group?.policy !== 'anti-affinity') return [];
  return [`at most ${groupLimit(group, context) - 1} other members of its group ${group.name} on ${to}`];
}

function emptinessNeeds({ server, to, method }: Arrival, { context }: State): readonly string[] {
  const coverage = method === 'live' ? coverageOf(server, context) : undefined;
  return coverage?.insistence === 'required'
    ? [`${to} empty, as the profile asks since ${coverage.because}`]
    : [];
}
