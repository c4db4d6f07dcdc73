import type { Host } from '../model/host.ts';
import type { ServerId } from '../model/ids.ts';
import type { NumaCell, PlacedGuestCell } from '../model/numa.ts';
import type { Server } from '../model/server.ts';
import { claimFromPins } from '../nova/claim.ts';
import type { HostState } from '../nova/host-state.ts';
import type { FoundFit } from '../nova/numa-fit.ts';
import type { RuleContext } from './context.ts';
import { placedCells } from './resident-claim.ts';

/** Whether a live migration of the server takes its cells, CPUs and page pools along as they are. */
export const keepsCells = (server: ServerId, { profile, demands }: RuleContext): boolean =>
  profile.switches.cellChoice === 'same' && demands.get(server)?.guest.kind === 'topology';

/**
 * What a server holds at a destination that it reaches with its present cells and CPUs; undefined when no source
 * told them.
 *
 * Before 20.0.0 nobody at the destination chooses: the guest's XML goes unchanged.
 */
export function keptFit(id: ServerId, context: RuleContext, to: HostState): FoundFit | undefined {
  const server = context.cloud.servers.get(id);
  const cells = server === undefined ? [] : placedCells(server, context.demands.get(id));
  if (cells.length === 0) return undefined;
  const held = claimFromPins(to.layout, cells).cells;
  return {
    fits: true,
    cells: cells.map(({ hostCellId, pinning, reservedCpus, pageSizeKiB }, index) => ({
      hostCellId,
      pinnedCpuCount: pinning.length,
      reservedCpuCount: reservedCpus.length,
      pageSizeKiB,
      threads: held[index]?.threads ?? [],
    })),
    pci: [],
    collides: false,
  };
}

/** Host CPUs that a placed guest cell is bound to, emulator threads included. */
export const boundCpus = ({ pinning = [], reservedCpus = [] }: PlacedGuestCell): readonly number[] => [
  ...pinning.map(([, cpu]) => cpu),
  ...reservedCpus,
];

/** The placed cells of a server's topology; undefined when it has one that no source told, CPUs included. */
export function knownCells({ topology }: Server): readonly PlacedGuestCell[] | undefined {
  if (topology?.kind !== 'placed') return undefined;
  const { cells } = topology.topology;
  return cells.every(({ dedicatedVcpus, pinning }) => dedicatedVcpus.length === 0 || pinning !== undefined)
    ? cells
    : undefined;
}

/** What of the hardware is not there for a guest that keeps its cells and CPUs: words, or undefined. */
export function missingLayout(
  cells: readonly PlacedGuestCell[],
  from: readonly NumaCell[],
  to: readonly NumaCell[],
): string | undefined {
  for (const guest of cells) {
    const id = guest.hostCellId;
    const source = from.find((cell) => cell.id === id);
    const target = to.find((cell) => cell.id === id);
    if (target === undefined) return `there is no NUMA cell ${id}`;
    const cpus = boundCpus(guest);
    const absent = cpus.filter((cpu) => !target.dedicatedCpus.includes(cpu));
    if (absent.length > 0) return `NUMA cell ${id} has no dedicated CPUs ${absent.join()}`;
    const otherwise = cpus.filter((cpu) => coreOf(cpu, source) !== coreOf(cpu, target));
    if (otherwise.length > 0) return `CPUs ${otherwise.join()} of NUMA cell ${id} have other siblings`;
    const floating = guest.sharedVcpus.length === 0 ? [] : (source?.sharedCpus ?? []);
    const unshared = floating.filter((cpu) => !target.sharedCpus.includes(cpu));
    if (unshared.length > 0) return `NUMA cell ${id} has no shared CPUs ${unshared.join()}`;
  }
  return undefined;
}

const coreOf = (cpu: number, cell: NumaCell | undefined): string =>
  (cell?.siblings.find((core) => core.includes(cpu)) ?? []).toSorted((a, b) => a - b).join();

/** Host CPUs that nobody else may be bound to, by what the host said when it was read. */
export const pinnedToday = ({ cells = [] }: Host): ReadonlySet<number> =>
  new Set(cells.flatMap(({ pinnedCpus }) => pinnedCpus));
