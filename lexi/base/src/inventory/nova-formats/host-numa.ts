import { z } from 'zod';
import type { NumaCell } from '../../model/numa.ts';
import { present } from '../present.ts';
import { maybe } from './maybe.ts';

const cpus = z.array(z.int().min(0));
const whole = z.int().min(0);

/** `compute_nodes.numa_topology` (NUMACell 1.2 to 1.5): `pcpuset` since 20.0.0, `socket` since 24.0.0. */
export const HostTopology = z.object({
  cells: z.array(
    z.object({
      id: whole,
      socket: maybe(whole),
      cpuset: cpus,
      pcpuset: maybe(cpus),
      memory: whole,
      cpu_usage: whole,
      memory_usage: whole,
      pinned_cpus: maybe(cpus),
      siblings: maybe(z.array(cpus)),
      mempages: maybe(
        z.array(z.object({ size_kb: z.int().min(1), total: whole, used: whole, reserved: maybe(whole) })),
      ),
      network_metadata: maybe(
        z.object({ physnets: maybe(z.array(z.string())), tunneled: maybe(z.boolean()) }),
      ),
      distances: maybe(z.array(whole)),
    }),
  ),
});

/** The NUMA cells in Nova's order; usage counts servers with a NUMA topology and moves in flight. */
export const toNumaCells = (raw: z.infer<typeof HostTopology>): readonly NumaCell[] =>
  raw.cells.map((cell) =>
    present({
      id: cell.id,
      socket: cell.socket,
      sharedCpus: ascending(cell.cpuset),
      // before Train one set served both kinds, as it still does on a legacy host
      dedicatedCpus: ascending(cell.pcpuset ?? cell.cpuset),
      siblings: cell.siblings ?? [],
      memoryMiB: cell.memory,
      distances: cell.distances,
      networks: {
        physnets: cell.network_metadata?.physnets ?? [],
        tunneled: cell.network_metadata?.tunneled ?? false,
      },
      memoryUsedMiB: cell.memory_usage,
      sharedCpusUsed: cell.cpu_usage,
      pinnedCpus: ascending(cell.pinned_cpus ?? []),
      pages: (cell.mempages ?? []).map((pool) => ({
        sizeKiB: pool.size_kb,
        total: pool.total,
        used: pool.used,
        reserved: pool.reserved ?? 0,
      })),
    }),
  );

const ascending = (ids: readonly number[]): number[] => ids.toSorted((a, b) => a - b);
