import type { Misfit } from '../nova/misfit.ts';

/** Why a guest does not fit, in words with both numbers. */
export function describeMisfit(misfit: Misfit): string {
  const { measured, limit } = misfit;
  switch (misfit.kind) {
    case 'too-few-cells':
      return `needs ${measured} NUMA ${measured === 1 ? 'cell' : 'cells'}, the host has ${limit}`;
    case 'assignment':
      return `only ${limit} of ${measured} guest cells find a NUMA cell at the same time`;
    case 'page-size':
      return pages(misfit);
    case 'pcpus':
      return `needs ${measured} pinned CPUs, ${limit} ${misfit.of === 'total' ? 'in all' : 'free'}`;
    case 'vcpus':
      return misfit.of === 'total'
        ? `needs ${measured} shared CPUs, the cell has ${limit}`
        : `would put ${measured} floating vCPUs on the cell, the ratio allows ${limit}`;
    case 'memory':
      return misfit.of === 'ratio'
        ? `would use ${measured} MiB of the cell, the ratio allows ${limit}`
        : `needs ${measured} MiB, ${limit} ${misfit.of === 'total' ? 'in all' : 'free'}`;
    case 'threads':
      return `needs ${measured} CPUs on cores as the thread policy asks; ${limit} are free but lie otherwise`;
    case 'pci':
      return `needs ${measured} PCI devices near it, ${limit} found`;
    case 'network':
      return `network ${misfit.network} is not near the chosen NUMA cells`;
  }
}

function pages(misfit: Extract<Misfit, { kind: 'page-size' }>): string {
  const size =
    misfit.pageSizeKiB === undefined ? 'pages of the size asked for' : showPageSize(misfit.pageSizeKiB);
  if (misfit.unevenMemory) return `its memory is no multiple of ${size}`;
  return misfit.of === 'total'
    ? `needs ${misfit.measured} ${size}, the cell has ${misfit.limit} in all`
    : `needs ${misfit.measured} ${size}, ${misfit.limit} free on one cell`;
}

/** `1G pages`, `2M pages`, `4K pages`. */
export const showPageSize = (kiB: number): string => {
  if (kiB % 1048576 === 0) return `${kiB / 1048576}G pages`;
  return kiB % 1024 === 0 ? `${kiB / 1024}M pages` : `${kiB}K pages`;
};
