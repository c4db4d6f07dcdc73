import type { Check } from '../check.ts';
import { differing } from './differing.ts';

/** QEMU and libvirt are alike on all hosts. */
export const hypervisorVersions: Check = {
  id: 'hypervisor-versions',
  looksAt: 'cloud',
  needed: 'QEMU and libvirt are of one version on all hosts',
  why: 'Nova refuses to migrate a server live to an older QEMU, so mixed versions are a one-way street (nova/conductor/tasks/live_migrate.py, _check_compatible_with_source_hypervisor)',
  fine: 'QEMU and libvirt are of one version on all hosts that tell it',
  examine: ({ hosts }) => [
    ...differing(hosts, 'QEMU', ({ hypervisorVersion }) => hypervisorVersion, {
      unknown: 'ask GET /os-hypervisors/detail, or run planner facts',
      next: 'upgrade the older ones; until then servers that were on the newer stay there, or go cold',
      state: 'warning',
      show: shown,
    }),
    ...differing(hosts, 'libvirt', ({ libvirtVersion }) => libvirtVersion, {
      unknown: 'run planner facts on the hosts, and give the folder as --host-facts',
      next: 'upgrade the older ones',
      state: 'warning',
      show: shown,
    }),
  ],
};

/** 7002000 is 7.2.0. */
const shown = (version: number): string =>
  [Math.floor(version / 1e6), Math.floor(version / 1000) % 1000, version % 1000].join('.');
