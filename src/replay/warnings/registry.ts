import type { WarningRule } from '../../constraints/warning-rule.ts';
import { bandwidthGuarantee } from '../../constraints/warnings/bandwidth-guarantee.ts';
import { baseImage } from '../../constraints/warnings/base-image.ts';
import { configDriveCopy } from '../../constraints/warnings/config-drive-copy.ts';
import { customCpu } from '../../constraints/warnings/custom-cpu.ts';
import { deviceNumaCell } from '../../constraints/warnings/device-numa-cell.ts';
import { dirtyRate } from './dirty-rate.ts';
import { downtime } from '../../constraints/warnings/downtime.ts';
import { emptyDestination } from '../../constraints/warnings/empty-destination.ts';
import { evacuateDataLoss } from '../../constraints/warnings/evacuate-data-loss.ts';
import { lateGroupCheck } from '../../constraints/warnings/late-group-check.ts';
import { machineType } from '../../constraints/warnings/machine-type.ts';
import { memoryOvercommit } from '../../constraints/warnings/memory-overcommit.ts';
import { mixedTopologies } from '../../constraints/warnings/mixed-topologies.ts';
import { nicOutage } from '../../constraints/warnings/nic-outage.ts';
import { novaMayDiffer } from '../../constraints/warnings/nova-may-differ.ts';
import { numaCellsChange } from '../../constraints/warnings/numa-cells-change.ts';
import { numaLayout } from '../../constraints/warnings/numa-layout.ts';
import { otherHardware } from '../../constraints/warnings/other-hardware.ts';
import { otherServices } from '../../constraints/warnings/other-services.ts';
import { publishedProcedure } from '../../constraints/warnings/published-procedure.ts';
import { sharedNumaCell } from '../../constraints/warnings/shared-numa-cell.ts';
import { softGroups } from '../../constraints/warnings/soft-groups.ts';
import { volumeZone } from '../../constraints/warnings/volume-zone.ts';

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
  volumeZone,
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
