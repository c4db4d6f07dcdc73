import type { NumaCell } from '../model/numa.ts';
import type { PciPool } from '../model/pci.ts';

/** All that decides whether a guest fits a host, as Nova's resource tracker reports it. */
export interface HostFacts {
  /** In Nova's order. */
  readonly cells: readonly NumaCell[];
  /** Pools whose devices are all in use are kept with count 0, so that they can come back. */
  readonly pciPools: readonly PciPoolFacts[];
}

/** A pool of free devices; kinds that later releases add are compared as text. */
export interface PciPoolFacts extends Omit<PciPool, 'devType'> {
  readonly devType: string;
}
