import type { Host } from '../model/host.ts';
import type { ServerId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import { addClaim, type Claim, releaseClaim } from '../nova/claim.ts';
import { type CellState, copyHostState, hostState, type HostState } from '../nova/host-state.ts';
import type { RuleContext } from './context.ts';
import { hostFacts } from './host-facts.ts';
import { residentClaim } from './resident-claim.ts';

/** The NUMA cells and devices of a host as they are today, and what each server that runs there holds of them. */
export interface OccupiedHost {
  readonly host: Host;
  readonly state: HostState;
  readonly held: ReadonlyMap<ServerId, Claim>;
}

/**
 * A host with its residents; undefined when no source told its cells. Usage that no resident explains stays. Where
 * the residents hold more than the host says is in use (it was read earlier, or without usage), theirs counts: else
 * room would come free that there never was.
 */
export function occupiedHost(
  host: Host,
  residents: readonly Server[],
  { cloud, demands }: Pick<RuleContext, 'cloud' | 'demands'>,
): OccupiedHost | undefined {
  const facts = hostFacts(host, cloud);
  if (facts === undefined) return undefined;
  const state = hostState(facts);
  const held = new Map<ServerId, Claim>();
  for (const server of residents) {
    const claim = residentClaim(server, demands.get(server.id), host, facts, state.layout);
    if (claim !== undefined) held.set(server.id, claim);
  }
  addClaim(state, untold(state, held.values()));
  return { host, state, held };
}

/** The state of a host without its residents. */
export function emptied({ state, held }: OccupiedHost): HostState {
  const empty = copyHostState(state);
  for (const claim of held.values()) releaseClaim(empty, claim);
  return empty;
}

/** What residents hold of NUMA cells beyond what the cells have in use. */
function untold(state: HostState, claims: Iterable<Claim>): Claim {
  const empty = copyHostState(state);
  for (const claim of claims) releaseClaim(empty, claim);
  return { cells: empty.cells.flatMap(untoldOfCell), pci: [] };
}

function untoldOfCell(cell: CellState): Claim['cells'] {
  const { id, coreThreads, pageSizesKiB } = cell.layout;
  const nothing = { hostCellId: id, threads: [], floatingVcpus: 0, memoryMiB: 0 } as const;
  const threads = [...cell.freeThreads].flatMap((free, core) => {
    const excess = free - (coreThreads[core] ?? 0);
    return excess > 0 ? [[core, excess] as const] : [];
  });
  const pages = pageSizesKiB.flatMap((pageSizeKiB, index): Claim['cells'] => {
    const excess = -(cell.pagesUsed[index] ?? 0);
    return excess > 0 ? [{ ...nothing, pageSizeKiB, pages: excess }] : [];
  });
  const floatingVcpus = Math.max(0, -cell.sharedCpusUsed);
  const memoryMiB = Math.max(0, -cell.memoryUsedMiB);
  return [{ ...nothing, threads, floatingVcpus, memoryMiB, pageSizeKiB: undefined, pages: 0 }, ...pages];
}
