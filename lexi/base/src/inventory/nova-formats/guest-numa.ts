import { z } from 'zod';
import type { PlacedGuestCell, PlacedTopology } from '../../model/numa.ts';
import { present } from '../present.ts';
import { maybe } from './maybe.ts';

const cpus = z.array(z.int().min(0));

/** `InstanceNUMATopology` 1.0 to 1.3; `id` is the host's cell once placed, -1 after an aborted claim. */
export const GuestTopology = z.object({
  cells: z.array(
    z.object({
      id: z.int(),
      cpuset: cpus,
      pcpuset: maybe(cpus),
      cpuset_reserved: maybe(cpus),
      memory: z.int().min(0),
      pagesize: maybe(z.int().min(1)),
      cpu_pinning_raw: maybe(z.record(z.string().regex(/^\d+$/), z.int().min(0))),
      cpu_policy: maybe(z.string()),
    }),
  ),
});

type RawCell = z.infer<typeof GuestTopology>['cells'][number];

/** The topology as it is placed; `undefined` when it is on no host cells. */
export function toPlacedTopology(raw: z.infer<typeof GuestTopology>): PlacedTopology | undefined {
  return raw.cells.some((cell) => cell.id < 0) ? undefined : { cells: raw.cells.map(toCell) };
}

function toCell(raw: RawCell): PlacedGuestCell {
  const pins = Object.entries(raw.cpu_pinning_raw ?? {}).map(([vcpu, cpu]): readonly [number, number] => [
    Number(vcpu),
    cpu,
  ]);
  const { shared, dedicated } = splitCpus(raw);
  return present({
    hostCellId: raw.id,
    sharedVcpus: shared,
    dedicatedVcpus: dedicated,
    pinning: pins.length === 0 ? undefined : pins.sort(([a], [b]) => a - b),
    reservedCpus: raw.cpuset_reserved?.toSorted((a, b) => a - b),
    memoryMiB: raw.memory,
    pageSizeKiB: raw.pagesize,
  });
}

/** Before Victoria (22.0.0) pinned vCPUs stood in `cpuset`, and there was no `pcpuset`. */
function splitCpus(raw: RawCell): { readonly shared: number[]; readonly dedicated: number[] } {
  const shared = raw.cpuset.toSorted((a, b) => a - b);
  const dedicated = (raw.pcpuset ?? []).toSorted((a, b) => a - b);
  return raw.cpu_policy === 'dedicated' && dedicated.length === 0
    ? { shared: [], dedicated: shared }
    : { shared, dedicated };
}
