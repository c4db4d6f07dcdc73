import type { WarningRule } from '../warning-rule.ts';
import { bandwidthGuarantee } from './bandwidth-guarantee.ts';
import { baseImage } from './base-image.ts';
import { configDriveCopy } from './config-drive-copy.ts';
import { customCpu } from './custom-cpu.ts';
import { deviceNumaCell } from './device-numa-cell.ts';
import { dirtyRate } from './dirty-rate.ts';
import { downtime } from './downtime.ts';
import { emptyDestination } from './empty-destination.ts';
import { evacuateDataLoss } from './evacuate-data-loss.ts';
import { lateGroupCheck } from './late-group-check.ts';
import { machineType } from './machine-type.ts';
import { memoryOvercommit } from './memory-overcommit.ts';
import { mixedTopologies } from './mixed-topologies.ts';
import { nicOutage } from './nic-outage.ts';
import { novaMayDiffer } from './nova-may-differ.ts';
import { numaCellsChange } from './numa-cells-change.ts';
import { numaLayout } from './numa-layout.ts';
import { otherHardware } from './other-hardware.ts';
import { otherServices } from './other-services.ts';
import { publishedProcedure } from './published-procedure.ts';
import { sharedNumaCell } from './shared-numa-cell.ts';
import { softGroups } from './soft-groups.ts';

/** Every warning rule, in report order: the gravest first. Adding one = one file + one line. */
export const warningRules: readonly WarningRule[] = [
  evacuateDataLoss,
  downtime,
  nicOutage,
  bandwidthGuarantee,
  customCpu,
  dirtyRate,
  machineType,
  configDriveCopy,
  baseImage,
  memoryOvercommit,
  mixedTopologies,
  softGroups,
  deviceNumaCell,
  sharedNumaCell,
  numaLayout,
  novaMayDiffer,
  otherServices,
  emptyDestination,
  numaCellsChange,
  otherHardware,
  lateGroupCheck,
  publishedProcedure,
];
