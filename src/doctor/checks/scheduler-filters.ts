import type { Cloud } from '../../model/cloud.ts';
import type { Flavor } from '../../model/flavor.ts';
import type { Server } from '../../model/server.ts';
import { type Check, type Finding, problem, unknown, warning } from '../check.ts';

interface Need {
  readonly filter: string;
  /** Who depends on it, in words; undefined where nobody does. */
  readonly who: (cloud: Cloud) => string | undefined;
  /** Whether servers land wrongly without it, or only fail later than they must. */
  readonly lack: 'problem' | 'warning';
}

/** Filters of the scheduler that this cloud's servers and flavors depend on are enabled. */
export const schedulerFilters: Check = {
  id: 'scheduler-filters',
  looksAt: 'cloud',
  needed:
    'the filters that its flavors, groups and aggregates need stand in [filter_scheduler] enabled_filters',
  why: 'without NUMATopologyFilter and PciPassthroughFilter hosts are chosen that the claim then refuses, and limits of NUMA cells are not passed on; without the group filters groups are not kept (Nova admin guide, compute schedulers)',
  fine: 'every filter that somebody depends on is enabled',
  examine(cloud) {
    const { known, value: enabled } = cloud.config.enabledFilters;
    const wanted = needs.flatMap(
      ({ filter, lack, who }): { filter: string; lack: Need['lack']; by: string }[] => {
        const by = who(cloud);
        return by === undefined ? [] : [{ filter, lack, by }];
      },
    );
    if (!known) {
      const list = wanted.map(({ by, filter }) => `${filter} (${by})`).join(', ');
      const found = `nobody told which filters are enabled${list === '' ? '' : `; needed are ${list}`}`;
      return [unknown(['nova-scheduler'], found, askController)];
    }
    return wanted
      .filter(({ filter }) => !enabled.includes(filter))
      .map(({ by, filter, lack }): Finding => {
        const next = `add ${filter} to [filter_scheduler] enabled_filters of every nova-scheduler, and restart them`;
        return (lack === 'problem' ? problem : warning)(
          ['nova-scheduler'],
          `${filter} is not enabled, and there are ${by}`,
          next,
        );
      });
  },
};

const askController =
  'add nova.conf of a controller to the host facts, in a folder host-facts/CONTROLLER/, and look again';

const flavorsOf = (cloud: Cloud): readonly Flavor[] => [
  ...new Set([...cloud.flavors.values(), ...[...cloud.servers.values()].map(({ flavor }) => flavor)]),
];

/** `3 flavors with a NUMA topology`. */
const flavorsWith =
  (pattern: RegExp, what: string) =>
  (cloud: Cloud): string | undefined => {
    const count = new Set(
      flavorsOf(cloud)
        .filter(({ extraSpecs }) => Object.keys(extraSpecs).some((key) => pattern.test(key)))
        .map(({ name }) => name),
    ).size;
    return count === 0 ? undefined : `${count} ${count === 1 ? 'flavor' : 'flavors'} with ${what}`;
  };

const numaSpecs = /^hw:(?:numa_nodes|cpu_policy|mem_page_size|pmem|cpu_dedicated_mask)$|^resources:PCPU$/;

function numa(cloud: Cloud): string | undefined {
  const placed = [...cloud.servers.values()].filter(({ topology }) => topology?.kind === 'placed').length;
  const flavors = flavorsWith(numaSpecs, 'a NUMA topology')(cloud);
  return flavors ?? (placed === 0 ? undefined : `${placed} servers with a NUMA topology`);
}

const usesPci = ({ pciRequests, ports }: Server): boolean =>
  (pciRequests?.length ?? 0) > 0 ||
  (ports?.some(({ vnicType }) => ['direct', 'macvtap', 'direct-physical', 'vdpa'].includes(vnicType)) ??
    false);

function pci(cloud: Cloud): string | undefined {
  const servers = [...cloud.servers.values()].filter(usesPci).length;
  const flavors = flavorsWith(/^pci_passthrough:alias$/, 'PCI devices')(cloud);
  return flavors ?? (servers === 0 ? undefined : `${servers} servers with PCI devices`);
}

const groups =
  (policy: string) =>
  ({ groups: all }: Cloud): string | undefined => {
    const count = [...all.values()].filter((group) => group.policy === policy).length;
    return count === 0 ? undefined : `${count} ${policy} ${count === 1 ? 'group' : 'groups'}`;
  };

const tenantAggregates = ({ aggregates }: Cloud): string | undefined =>
  [...aggregates.values()].some(({ metadata }) =>
    Object.keys(metadata).some((key) => key.startsWith('filter_tenant_id')),
  )
    ? 'aggregates with filter_tenant_id'
    : undefined;

const needs: readonly Need[] = [
  { filter: 'NUMATopologyFilter', who: numa, lack: 'problem' },
  { filter: 'PciPassthroughFilter', who: pci, lack: 'problem' },
  { filter: 'ServerGroupAntiAffinityFilter', who: groups('anti-affinity'), lack: 'problem' },
  { filter: 'ServerGroupAffinityFilter', who: groups('affinity'), lack: 'problem' },
  {
    filter: 'AggregateInstanceExtraSpecsFilter',
    who: flavorsWith(/^aggregate_instance_extra_specs:/, 'aggregate_instance_extra_specs'),
    lack: 'problem',
  },
  {
    filter: 'ComputeCapabilitiesFilter',
    who: flavorsWith(/^capabilities:/, 'capabilities: extra specs'),
    lack: 'warning',
  },
  { filter: 'AggregateMultiTenancyIsolation', who: tenantAggregates, lack: 'warning' },
];
