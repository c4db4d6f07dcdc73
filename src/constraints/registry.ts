import { affinity } from './rules/affinity.ts';
import { aggregateMetadata } from './rules/aggregate-metadata.ts';
import { antiAffinity } from './rules/anti-affinity.ts';
import { capacity } from './rules/capacity.ts';
import { cpuFeatures } from './rules/cpu-features.ts';
import { hostState } from './rules/host-state.ts';
import { hypervisorVersion } from './rules/hypervisor-version.ts';
import { identicalHardware } from './rules/identical-hardware.ts';
import { notSameHost } from './rules/not-same-host.ts';
import { numaFit } from './rules/numa-fit.ts';
import { numaLive } from './rules/numa-live.ts';
import { pciDevices } from './rules/pci-devices.ts';
import { pciLive } from './rules/pci-live.ts';
import { requestedAz } from './rules/requested-az.ts';
import type { Rule } from './rule.ts';
import { sameNumaCells } from './rules/same-numa-cells.ts';
import { serverState } from './rules/server-state.ts';
import { storagePool } from './rules/storage-pool.ts';
import { tenantIsolation } from './rules/tenant-isolation.ts';
import { traits } from './rules/traits.ts';
import { twin } from './rules/twin.ts';

/** Every rule of Nova that the planner knows, in report order; cheap ones first. Adding a rule = one file + one line. */
export const rules: readonly Rule[] = [
  serverState,
  notSameHost,
  hostState,
  pciLive,
  numaLive,
  requestedAz,
  tenantIsolation,
  storagePool,
  aggregateMetadata,
  traits,
  hypervisorVersion,
  cpuFeatures,
  identicalHardware,
  affinity,
  antiAffinity,
  capacity,
  pciDevices,
  numaFit,
  sameNumaCells,
  twin,
];
