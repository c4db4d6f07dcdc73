import type { Rule } from './rule.ts';
import { accelerator } from './rules/accelerator.ts';
import { affinity } from './rules/affinity.ts';
import { aggregateMetadata } from './rules/aggregate-metadata.ts';
import { antiAffinity } from './rules/anti-affinity.ts';
import { capacity } from './rules/capacity.ts';
import { computeCapabilities } from './rules/compute-capabilities.ts';
import { configDrive } from './rules/config-drive.ts';
import { cpuArch } from './rules/cpu-arch.ts';
import { cpuFeatures } from './rules/cpu-features.ts';
import { forced } from './rules/forced.ts';
import { hostState } from './rules/host-state.ts';
import { hypervisorVersion } from './rules/hypervisor-version.ts';
import { identicalHardware } from './rules/identical-hardware.ts';
import { imageIsolation } from './rules/image-isolation.ts';
import { imageProperties } from './rules/image-properties.ts';
import { ioOps } from './rules/io-ops.ts';
import { isolatedAggregates } from './rules/isolated-aggregates.ts';
import { isolatedHosts } from './rules/isolated-hosts.ts';
import { lvm } from './rules/lvm.ts';
import { machineType } from './rules/machine-type.ts';
import { network } from './rules/network.ts';
import { notSameHost } from './rules/not-same-host.ts';
import { numInstances } from './rules/num-instances.ts';
import { numaFit } from './rules/numa-fit.ts';
import { numaLive } from './rules/numa-live.ts';
import { pciDevices } from './rules/pci-devices.ts';
import { pciLive } from './rules/pci-live.ts';
import { pmem } from './rules/pmem.ts';
import { requestedAz } from './rules/requested-az.ts';
import { sameNumaCells } from './rules/same-numa-cells.ts';
import { serverState } from './rules/server-state.ts';
import { sev } from './rules/sev.ts';
import { shares } from './rules/shares.ts';
import { storagePool } from './rules/storage-pool.ts';
import { tenantIsolation } from './rules/tenant-isolation.ts';
import { traits } from './rules/traits.ts';
import { twin } from './rules/twin.ts';
import { typeAffinity } from './rules/type-affinity.ts';
import { vgpu } from './rules/vgpu.ts';
import { vtpm } from './rules/vtpm.ts';

/** Every rule of Nova that the planner knows, in report order; cheap ones first. Adding a rule = one file + one line. */
export const rules: readonly Rule[] = [
  serverState,
  notSameHost,
  hostState,
  shares,
  accelerator,
  vtpm,
  vgpu,
  sev,
  pmem,
  pciLive,
  lvm,
  configDrive,
  numaLive,
  requestedAz,
  tenantIsolation,
  isolatedHosts,
  isolatedAggregates,
  imageIsolation,
  typeAffinity,
  storagePool,
  aggregateMetadata,
  computeCapabilities,
  imageProperties,
  traits,
  network,
  cpuArch,
  hypervisorVersion,
  machineType,
  cpuFeatures,
  identicalHardware,
  affinity,
  antiAffinity,
  forced,
  numInstances,
  ioOps,
  capacity,
  pciDevices,
  numaFit,
  sameNumaCells,
  twin,
];
