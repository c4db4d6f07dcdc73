import type { Check } from './check.ts';
import { addresses } from './checks/addresses.ts';
import { alikeSettings } from './checks/alike-settings.ts';
import { allocations } from './checks/allocations.ts';
import { clocks } from './checks/clocks.ts';
import { computeServices } from './checks/compute-services.ts';
import { cpuSets } from './checks/cpu-sets.ts';
import { cpuTypes } from './checks/cpu-types.ts';
import { hugePages } from './checks/huge-pages.ts';
import { hypervisorVersions } from './checks/hypervisor-versions.ts';
import { importPermissions } from './checks/import-permissions.ts';
import { microversions } from './checks/microversions.ts';
import { migrations } from './checks/migrations.ts';
import { numaLive } from './checks/numa-live.ts';
import { otherServices } from './checks/other-services.ts';
import { packages } from './checks/packages.ts';
import { providers } from './checks/providers.ts';
import { reachable } from './checks/reachable.ts';
import { runPermissions } from './checks/run-permissions.ts';
import { schedulerFilters } from './checks/scheduler-filters.ts';
import { serverStates } from './checks/server-states.ts';
import { serviceToken } from './checks/service-token.ts';
import { serviceVersions } from './checks/service-versions.ts';
import { ssh } from './checks/ssh.ts';
import { statusTrait } from './checks/status-trait.ts';
import { upgradeLevels } from './checks/upgrade-levels.ts';
import { zones } from './checks/zones.ts';

/** Every check, in the order of the report: what else depends on comes first. */
export const checks: readonly Check[] = [
  reachable,
  microversions,
  importPermissions,
  runPermissions,
  computeServices,
  otherServices,
  serviceVersions,
  hypervisorVersions,
  providers,
  statusTrait,
  allocations,
  migrations,
  serverStates,
  zones,
  cpuTypes,
  schedulerFilters,
  numaLive,
  hugePages,
  alikeSettings,
  cpuSets,
  addresses,
  packages,
  upgradeLevels,
  serviceToken,
  clocks,
  ssh,
];
