import { affinity } from './affinity.ts';
import { aggregateMetadata } from './aggregate-metadata.ts';
import { antiAffinity } from './anti-affinity.ts';
import { capacity } from './capacity.ts';
import { cpuFeatures } from './cpu-features.ts';
import { hostState } from './host-state.ts';
import { hypervisorVersion } from './hypervisor-version.ts';
import { notSameHost } from './not-same-host.ts';
import { numaFit } from './numa-fit.ts';
import { pciDevices } from './pci-devices.ts';
import { pciLive } from './pci-live.ts';
import { requestedAz } from './requested-az.ts';
import type { Rule } from './rule.ts';
import { serverState } from './server-state.ts';
import { storagePool } from './storage-pool.ts';
import { tenantIsolation } from './tenant-isolation.ts';
import { traits } from './traits.ts';

/** Every rule of Nova that the planner knows, in report order; cheap ones first. Adding a rule = one file + one line. */
export const rules: readonly Rule[] = [
  serverState,
  notSameHost,
  hostState,
  pciLive,
  requestedAz,
  tenantIsolation,
  storagePool,
  aggregateMetadata,
  traits,
  hypervisorVersion,
  cpuFeatures,
  affinity,
  antiAffinity,
  capacity,
  pciDevices,
  numaFit,
];
