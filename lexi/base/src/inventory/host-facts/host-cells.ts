import type { NumaCell } from '../../model/numa.ts';
import { present } from '../present.ts';
import type { HardwareCell } from './capabilities.ts';
import type { NovaConf } from './nova-conf.ts';

/**
 * The NUMA cells as Nova reports them, nothing in use yet: hardware, less what nova.conf keeps Nova from. Without a
 * dedicated set the shared CPUs may be pinned too, unless the shared set was named by its new option.
 * Source: virt/libvirt/driver.py _get_host_numa_topology.
 */
export function toNovaCells(cells: readonly HardwareCell[], conf: NovaConf): readonly NumaCell[] {
  const { dedicatedCpus, pinSet, sharedCpus } = conf;
  const old = pinSet !== undefined && dedicatedCpus === undefined;
  const shared = old ? pinSet : (sharedCpus ?? (dedicatedCpus === undefined ? undefined : []));
  const legacy = dedicatedCpus === undefined && (pinSet !== undefined || sharedCpus === undefined);
  return cells.map((cell): NumaCell => {
    const cpus = cell.cpus.toSorted((a, b) => a - b);
    const sharedHere = shared === undefined ? cpus : cpus.filter((cpu) => shared.includes(cpu));
    const dedicatedHere = legacy ? sharedHere : cpus.filter((cpu) => dedicatedCpus?.includes(cpu) === true);
    const configured = new Set([...sharedHere, ...dedicatedHere]);
    return present({
      id: cell.id,
      socket: cell.socket,
      sharedCpus: sharedHere,
      dedicatedCpus: dedicatedHere,
      siblings: cell.siblings
        .map((core) => core.filter((cpu) => configured.has(cpu)))
        .filter((core) => core.length > 0),
      memoryMiB: Math.floor(cell.memoryKiB / 1024),
      distances: cell.distances,
      networks: {
        physnets: conf.networks
          .filter(({ cells: near }) => near.includes(cell.id))
          .flatMap(({ physnet }) => physnet ?? [])
          .sort(),
        tunneled: conf.networks.some(
          ({ cells: near, physnet }) => physnet === undefined && near.includes(cell.id),
        ),
      },
      memoryUsedMiB: 0,
      sharedCpusUsed: 0,
      pinnedCpus: [],
      pages: cell.pages.map(({ sizeKiB, total }) => ({
        sizeKiB,
        total,
        used: 0,
        reserved:
          conf.reservedPages.find((each) => each.cell === cell.id && each.sizeKiB === sizeKiB)?.count ?? 0,
      })),
    });
  });
}
