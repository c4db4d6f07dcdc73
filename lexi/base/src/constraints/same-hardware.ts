import type { HostCpu } from '../model/cpu.ts';
import type { Host } from '../model/host.ts';
import type { NumaCell } from '../model/numa.ts';
import type { Server } from '../model/server.ts';
import type { RuleContext } from './context.ts';

/** What two hosts do not have in common; what is not known of one of them. */
export interface HardwareDifference {
  readonly names: readonly string[];
  readonly missing: readonly string[];
}

/** Servers whose guest is tied to the hardware: with a NUMA topology, or with the host's own CPU. */
export const isTied = ({ id, cpu }: Server, { demands, cloud }: RuleContext): boolean =>
  demands.get(id)?.guest.kind !== 'none' || (cpu?.mode ?? cloud.config.cpuMode.value) === 'host-passthrough';

/**
 * Compares CPUs, NUMA cells and QEMU of two hosts. Memory is not compared: hosts of one make differ in some pages of
 * it, and whether there is enough is told by `numa-fit`.
 */
export function hardwareDifference(from: Host, to: Host): HardwareDifference {
  const names: string[] = [];
  const missing: string[] = [];
  const compare = <Value>(
    field: string,
    name: string,
    of: (host: Host) => Value | undefined,
    print: (value: Value) => string,
  ): void => {
    const [a, b] = [of(from), of(to)];
    if (a === undefined || b === undefined) missing.push(`hosts[].${field}`);
    else if (print(a) !== print(b)) names.push(name);
  };
  compare('cpu', 'another CPU', ({ cpu }) => cpu, printCpu);
  compare('layout', 'other NUMA cells', ({ cells }) => cells, printCells);
  compare('hypervisorVersion', 'another QEMU version', ({ hypervisorVersion }) => hypervisorVersion, String);
  return { names, missing };
}

const printCpu = ({ arch, model, vendor, features }: HostCpu): string =>
  JSON.stringify([arch, model, vendor, [...features].toSorted()]);

const printCells = (cells: readonly NumaCell[]): string =>
  JSON.stringify(
    cells.map(({ id, socket, sharedCpus, dedicatedCpus, siblings, pages }) => [
      id,
      socket,
      sharedCpus,
      dedicatedCpus,
      siblings,
      pages.map(({ sizeKiB }) => sizeKiB),
    ]),
  );
