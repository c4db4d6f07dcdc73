import { type Checked, passed, refused } from './checked.ts';
import { parseCpuSpec } from './cpu-spec.ts';
import type { FlavorFacts } from './guest.ts';
import { byCell, type ImageProperties } from './image-properties.ts';
import { lookup } from './lookup.ts';
import { pythonInt } from './python-text.ts';

/** vCPU ids and memory of one guest cell. */
export interface CellShare {
  readonly vcpus: readonly number[];
  readonly memoryMiB: number;
}

/**
 * How many guest cells flavor or image ask for; undefined when neither does.
 *
 * Errors: `ImageNUMATopologyForbidden` (both ask), `InvalidNUMANodesNumber`.
 * Source: `virt/hardware.py:_get_numa_node_count_constraint`.
 */
export function guestCellCount(flavor: FlavorFacts, image: ImageProperties): Checked<number | undefined> {
  const wanted = lookup(flavor.extraSpecs, 'hw:numa_nodes') ?? '';
  const byImage = image.numaNodes;
  if (wanted === '') {
    return byImage === undefined || byImage >= 1 ? passed(byImage) : invalidCount(String(byImage));
  }
  if (byImage !== undefined && byImage !== 0) {
    return refused('ImageNUMATopologyForbidden', 'flavor and image both name a number of NUMA nodes');
  }
  // Nova takes the number only in its plain spelling: no blanks, sign or leading zeros.
  return /^[1-9][0-9]*$/.test(wanted) ? passed(Number(wanted)) : invalidCount(wanted);
}

/**
 * Splits the flavor over `count` guest cells: as `hw:numa_cpus.N` and `hw:numa_mem.N` (or the image's) say, else
 * evenly with vCPU ids in sequence.
 *
 * Errors: `ImageNUMATopologyForbidden`, `ImageNUMATopologyIncomplete`, `ImageNUMATopologyAsymmetric`,
 * `ImageNUMATopologyCPUOutOfRange`, `…CPUDuplicates`, `…CPUsUnassigned`, `…MemoryOutOfRange`, `Invalid`, `ValueError`.
 * Source: `virt/hardware.py`: `_get_numa_cpu_constraint`, `_get_numa_mem_constraint`, `_get_numa_topology_auto`,
 * `_get_numa_topology_manual`.
 */
export function guestCellShares(
  count: number,
  flavor: FlavorFacts,
  image: ImageProperties,
): Checked<readonly CellShare[]> {
  const cpus = byCell(flavor.extraSpecs, 'hw:numa_cpus', parseCpuSpec);
  if (!cpus.ok) return refused('Invalid', `${cpus.name} is no CPU list`);
  if (cpus.value !== undefined && image.numaCpus !== undefined) return bothName('hw_numa_cpus');
  const memory = byCell(flavor.extraSpecs, 'hw:numa_mem', pythonInt);
  if (!memory.ok) return refused('ValueError', `${memory.name} is no number`);
  if (memory.value !== undefined && image.numaMemoryMiB !== undefined) return bothName('hw_numa_mem');
  const cpuLists = cpus.value ?? image.numaCpus;
  const memoryList = memory.value ?? image.numaMemoryMiB;
  if (cpuLists === undefined && memoryList === undefined) return evenShares(count, flavor);
  if (cpuLists?.length !== count || memoryList?.length !== count) {
    return refused(
      'ImageNUMATopologyIncomplete',
      `vCPUs and memory must be given for each of the ${count} NUMA nodes`,
    );
  }
  return givenShares(flavor, cpuLists, memoryList);
}

function evenShares(count: number, flavor: FlavorFacts): Checked<readonly CellShare[]> {
  if (flavor.vcpus % count !== 0 || flavor.memoryMiB % count !== 0) {
    return refused(
      'ImageNUMATopologyAsymmetric',
      `${flavor.vcpus} vCPUs and ${flavor.memoryMiB} MiB do not divide evenly over ${count} NUMA nodes`,
    );
  }
  const vcpus = flavor.vcpus / count;
  return passed(
    Array.from({ length: count }, (_, cell) => ({
      vcpus: Array.from({ length: vcpus }, (__, i) => cell * vcpus + i),
      memoryMiB: flavor.memoryMiB / count,
    })),
  );
}

function givenShares(
  flavor: FlavorFacts,
  cpuLists: readonly ReadonlySet<number>[],
  memoryList: readonly number[],
): Checked<readonly CellShare[]> {
  const assigned = new Set<number>();
  const shares: CellShare[] = [];
  for (const [cell, list] of cpuLists.entries()) {
    const vcpus = [...list].sort((a, b) => a - b);
    for (const vcpu of vcpus) {
      if (vcpu >= flavor.vcpus) {
        return refused(
          'ImageNUMATopologyCPUOutOfRange',
          `vCPU ${vcpu} of NUMA node ${cell} is none of the flavor's`,
        );
      }
      if (assigned.has(vcpu)) {
        return refused('ImageNUMATopologyCPUDuplicates', `vCPU ${vcpu} is assigned to two NUMA nodes`);
      }
      assigned.add(vcpu);
    }
    shares.push({ vcpus, memoryMiB: memoryList[cell] ?? 0 });
  }
  if (assigned.size < flavor.vcpus) {
    return refused(
      'ImageNUMATopologyCPUsUnassigned',
      `${flavor.vcpus - assigned.size} vCPUs have no NUMA node`,
    );
  }
  const totalMiB = memoryList.reduce((sum, memoryMiB) => sum + memoryMiB, 0);
  return totalMiB === flavor.memoryMiB
    ? passed(shares)
    : refused(
        'ImageNUMATopologyMemoryOutOfRange',
        `NUMA nodes have ${totalMiB} MiB, the flavor ${flavor.memoryMiB}`,
      );
}

function bothName(property: string) {
  return refused('ImageNUMATopologyForbidden', `flavor and image both name ${property}`);
}

function invalidCount(text: string) {
  return refused('InvalidNUMANodesNumber', `${text} is no number of NUMA nodes`);
}
