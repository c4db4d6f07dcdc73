import type { Check } from '../check.ts';
import { differing } from './differing.ts';

/** All nova-compute services are of one version. */
export const serviceVersions: Check = {
  id: 'service-versions',
  looksAt: 'cloud',
  needed: 'all nova-compute services report the same object version',
  why: 'Nova does only what its oldest nova-compute can: NUMA live migration, claims of PCI devices and more wait until all are upgraded (Nova, service version checks of the conductor)',
  fine: 'all are of one version',
  examine: ({ hosts }) =>
    differing(hosts, 'nova-compute', ({ service }) => service.version, {
      unknown: 'give rows of the table services (db/services.jsonl); no API tells the versions',
      next: 'finish the upgrade; until then plans go by the stricter release',
      state: 'warning',
    }),
};
