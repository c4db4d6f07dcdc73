import fc from 'fast-check';
import type { FitOptions } from '../../src/nova/fit-options.ts';
import type { GuestCell, GuestTopology } from '../../src/nova/guest.ts';
import type { NumaCell } from '../../src/model/numa.ts';
import type { HostFacts, PciPoolFacts } from '../../src/nova/host-facts.ts';

/** A NUMA cell with two cores of two dedicated threads, two shared CPUs and 8 GiB in small pages; all free. */
export function aHostCell(given: Partial<NumaCell> = {}): NumaCell {
  return {
    id: 0,
    socket: 0,
    sharedCpus: [0, 1],
    dedicatedCpus: [2, 3, 4, 5],
    siblings: [[0, 1], [2, 3], [4, 5]], // prettier-ignore
    memoryMiB: 8192,
    memoryUsedMiB: 0,
    sharedCpusUsed: 0,
    pinnedCpus: [],
    pages: [{ sizeKiB: 4, total: 2097152, used: 0, reserved: 0 }],
    networks: { physnets: [], tunneled: false },
    ...given,
  };
}

/** A cell of a legacy host: all CPUs are shared and dedicated at once. */
export function aLegacyCell(
  siblings: readonly (readonly number[])[],
  given: Partial<NumaCell> = {},
): NumaCell {
  return aHostCell({ sharedCpus: siblings.flat(), dedicatedCpus: siblings.flat(), siblings, ...given });
}

export function aHost(
  cells: readonly Partial<NumaCell>[] = [{}],
  pciPools: readonly PciPoolFacts[] = [],
): HostFacts {
  return { cells: cells.map((cell, id) => aHostCell({ id, socket: id, ...cell })), pciPools };
}

export function aPool(given: Partial<PciPoolFacts> = {}): PciPoolFacts {
  return { vendorId: '8086', productId: '154c', devType: 'type-VF', count: 1, tags: {}, ...given };
}

/** Guest cells of one pinned vCPU and 1 GiB; policies of the first cell hold for all. */
export function aGuest(
  cells: readonly Partial<GuestCell>[] = [{}],
  emulatorPolicy?: 'isolate' | 'share',
): GuestTopology {
  return {
    emulatorPolicy,
    cells: cells.map((cell, id) => ({
      id,
      sharedVcpus: [],
      dedicatedVcpus: [0],
      memoryMiB: 1024,
      pageSize: undefined,
      cpuPolicy: 'dedicated',
      threadPolicy: undefined,
      ...cell,
    })),
  };
}

/** As the scheduler of 26.2.2 asks. */
export const zed: FitOptions = {
  limits: { cpuRatio: 16, ramRatio: 1.5 },
  cellOrder: 'spread',
  pinnedChecksFreeSmallPages: false,
};

/** The ids 0 to `count` - 1. */
export const ids = (count: number): number[] => Array.from({ length: count }, (_, id) => id);

const anyCell = fc
  .record({
    cores: fc.integer({ min: 1, max: 5 }),
    threads: fc.constantFrom(1, 2, 4),
    kind: fc.constantFrom(...(['legacy', 'split', 'dedicated'] as const)),
    pinned: fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
    memoryUsedMiB: fc.integer({ min: 0, max: 9000 }),
    smallUsed: fc.integer({ min: 0, max: 2_000_000 }),
    hugeUsed: fc.integer({ min: 0, max: 1024 }),
    sharedCpusUsed: fc.integer({ min: 0, max: 40 }),
    socket: fc.option(fc.integer({ min: 0, max: 1 }), { nil: undefined }),
    physnet: fc.boolean(),
  })
  .map(({ cores, threads, kind, pinned, smallUsed, hugeUsed, socket, physnet, ...usage }) => {
    const siblings = ids(cores).map((core) => ids(threads).map((thread) => core * threads + thread));
    const all = siblings.flat();
    const dedicated = kind === 'split' ? all.slice(1) : all;
    const shared = { legacy: all, split: all.slice(0, 1), dedicated: [] }[kind];
    return {
      sharedCpus: shared,
      dedicatedCpus: dedicated,
      siblings,
      memoryMiB: 8192,
      ...usage,
      pinnedCpus: dedicated.filter((cpu) => pinned[cpu] === true),
      pages: [
        { sizeKiB: 2048, total: 1024, used: hugeUsed, reserved: 8 },
        { sizeKiB: 4, total: 1_572_864, used: smallUsed, reserved: 0 },
      ],
      networks: { physnets: physnet ? ['physnet0'] : [], tunneled: !physnet },
      ...(socket === undefined ? {} : { socket }),
    };
  });

const anyPool = fc
  .record({
    numaNode: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
    count: fc.integer({ min: 0, max: 4 }),
    devType: fc.constantFrom('type-PF', 'type-VF', 'type-PCI'),
  })
  .map(({ numaNode, ...pool }) => aPool({ ...pool, ...(numaNode === undefined ? {} : { numaNode }) }));

/** Hosts of one to four cells of any make and usage. */
export const anyHost: fc.Arbitrary<HostFacts> = fc
  .record({
    cells: fc.array(anyCell, { minLength: 1, maxLength: 4 }),
    pools: fc.array(anyPool, { maxLength: 4 }),
  })
  .map(({ cells, pools }) => ({ cells: cells.map((cell, id) => ({ ...cell, id })), pciPools: pools }));

/** Guests of one to three cells with any policies. */
export const anyGuest: fc.Arbitrary<GuestTopology> = fc
  .record({
    cells: fc.array(
      fc.record({
        shared: fc.integer({ min: 0, max: 3 }),
        dedicated: fc.integer({ min: 0, max: 6 }),
        memoryMiB: fc.integer({ min: 1, max: 1500 }).map((half) => half * 2),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    cpuPolicy: fc.constantFrom(...(['shared', 'dedicated', 'mixed', undefined] as const)),
    threadPolicy: fc.constantFrom(...(['prefer', 'require', 'isolate', undefined] as const)),
    pageSize: fc.constantFrom(...(['small', 'large', 'any', 4, 2048, undefined] as const)),
    emulatorPolicy: fc.constantFrom(...(['isolate', 'share', undefined] as const)),
  })
  .map(({ cells, cpuPolicy, threadPolicy, pageSize, emulatorPolicy }) => {
    const pinned = cpuPolicy === 'dedicated' || cpuPolicy === 'mixed';
    return aGuest(
      cells.map(({ shared, dedicated, memoryMiB }) => ({
        sharedVcpus: cpuPolicy === 'dedicated' ? [] : ids(shared + 1),
        dedicatedVcpus: pinned ? ids(dedicated).map((vcpu) => 10 + vcpu) : [],
        memoryMiB,
        pageSize,
        cpuPolicy,
        threadPolicy: pinned ? threadPolicy : undefined,
      })),
      pinned ? emulatorPolicy : undefined,
    );
  });
