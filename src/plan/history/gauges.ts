import { ratiosOf } from '../../constraints/ratios.ts';
import type { StateView } from '../../constraints/state-view.ts';
import type { Host } from '../../model/host.ts';
import type { PciDevice } from '../../model/pci.ts';
import { poolOfDevice } from '../../nova/claim.ts';
import type { PciPoolLayout } from '../../nova/host-layout.ts';
import type { CellState, HostState } from '../../nova/host-state.ts';
import { capacityUnits } from '../../nova/placement-capacity.ts';
import { groupBy } from '../../shared/collections.ts';

/** One resource of a host, or of one of its NUMA cells: what there is of it, and how much is in use now. */
export interface Gauge {
  /** The NUMA cell's id; absent for the whole host. */
  readonly cell?: number;
  readonly resource: string;
  /** `MiB`; empty where the resource's name says what is counted. */
  readonly unit: string;
  /** What servers may take, overcommit ratios included. */
  readonly total: number;
  readonly used: () => number;
}

/**
 * The gauges of a host: what Placement counts, then its NUMA cells in Nova's order. Each reads the state whenever it is
 * asked. NUMA cells are absent where no source told them; they count servers with a NUMA topology alone, as Nova does.
 * What there is none of and nobody uses is left out.
 */
export function gaugesOf(host: Host, state: StateView): readonly Gauge[] {
  const numa = state.hostState(host.id);
  return [
    ...placementGauges(host, state),
    ...(numa === undefined ? [] : pciGauges(host, numa, state, undefined)),
    ...(numa?.cells ?? []).flatMap((cell) => [
      ...cellGauges(cell, host),
      ...(numa === undefined ? [] : pciGauges(host, numa, state, cell.layout.id)),
    ]),
  ].filter(({ total, used }) => total > 0 || used() !== 0);
}

const placementClasses = [
  { resource: 'VCPU', unit: '' },
  { resource: 'PCPU', unit: '' },
  { resource: 'MEMORY_MB', unit: 'MiB' },
] as const;

function placementGauges({ providers }: Host, state: StateView): readonly Gauge[] {
  return placementClasses.map(({ resource, unit }) => {
    const holders = providers.flatMap(({ id, inventories }) => {
      const inventory = inventories.get(resource);
      return inventory === undefined ? [] : [{ id, capacity: capacityUnits(inventory) }];
    });
    return {
      resource,
      unit,
      total: holders.reduce((sum, { capacity }) => sum + capacity, 0),
      used: () => holders.reduce((sum, { id }) => sum + state.used(id, resource), 0),
    };
  });
}

function cellGauges(cell: CellState, host: Host): readonly Gauge[] {
  const { id, sharedCpuCount, coreThreads, memoryMiB, pageSizesKiB, pagesTotal, pagesReserved } = cell.layout;
  const { cpu, ram } = ratiosOf(host);
  const dedicated = sum(coreThreads);
  return [
    {
      cell: id,
      resource: 'shared CPUs',
      unit: '',
      total: Math.floor(sharedCpuCount * cpu),
      used: () => cell.sharedCpusUsed,
    },
    {
      cell: id,
      resource: 'dedicated CPUs',
      unit: '',
      total: dedicated,
      used: () => dedicated - sum(cell.freeThreads),
    },
    {
      cell: id,
      resource: 'memory',
      unit: 'MiB',
      total: Math.floor(memoryMiB * ram),
      used: () => cell.memoryUsedMiB,
    },
    // Of the smallest pages memory says as much.
    ...pageSizesKiB.slice(1).map((sizeKiB, index) => ({
      cell: id,
      resource: `${pageWords(sizeKiB)} pages`,
      unit: '',
      total: (pagesTotal[index + 1] ?? 0) - (pagesReserved[index + 1] ?? 0),
      used: () => cell.pagesUsed[index + 1] ?? 0,
    })),
  ];
}

const sum = (counts: Int16Array): number => counts.reduce((all, count) => all + count, 0);

function pageWords(sizeKiB: number): string {
  if (sizeKiB % 2 ** 20 === 0) return `${sizeKiB / 2 ** 20} GiB`;
  return sizeKiB % 1024 === 0 ? `${sizeKiB / 1024} MiB` : `${sizeKiB} KiB`;
}

/** Devices of the pools of one NUMA cell, or of those that belong to none that the host has. */
function pciGauges(
  { id, pciDevices = [] }: Host,
  { layout, cells, pciFree }: HostState,
  state: StateView,
  cell: number | undefined,
): readonly Gauge[] {
  const known = new Set(cells.map((one) => one.layout.id));
  const cellOf = ({ numaNode }: PciPoolLayout): number | undefined =>
    numaNode !== undefined && known.has(numaNode) ? numaNode : undefined;
  const here = [...layout.pools.entries()].filter(([, pool]) => cellOf(pool) === cell);
  const devices = pciDevices.filter(isUsable).map((device) => poolOfDevice(layout, device));
  const held = state.claimsOn(id).flatMap(({ guest }) => guest?.pci ?? []);
  return [...groupBy(here, ([, pool]) => poolWords(pool))].map(([resource, pools]) => {
    const free = (): number => pools.reduce((all, [at]) => all + (pciFree[at] ?? 0), 0);
    const own = new Set<number | undefined>(pools.map(([at]) => at));
    const taken = held.reduce((all, [at, count]) => all + (own.has(at) ? count : 0), 0);
    const total = Math.max(free() + taken, devices.filter((at) => own.has(at)).length);
    return { ...(cell !== undefined && { cell }), resource, unit: '', total, used: () => total - free() };
  });
}

/** Servers hold it, or may come to. */
const isUsable = ({ status }: PciDevice): boolean =>
  status === 'available' || status === 'claimed' || status === 'allocated';

function poolWords({ attributes }: PciPoolLayout): string {
  const network = attributes.get('physical_network');
  const type = (attributes.get('dev_type') ?? '').replace(/^type-(pci$)?/, '').toUpperCase();
  const kind = network ?? `${attributes.get('vendor_id') ?? ''}:${attributes.get('product_id') ?? ''}`;
  return `PCI ${kind}${type === '' ? '' : ` ${type}`}`;
}
