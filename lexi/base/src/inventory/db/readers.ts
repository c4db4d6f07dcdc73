import type { BundleReader } from '../api/readers.ts';
import { type Rows, rows } from '../table-rows.ts';
import type { Facts } from '../facts.ts';
import { readAggregates } from './aggregates.ts';
import { readBlockDeviceMapping } from './block-device-mapping.ts';
import { readComputeNodes } from './compute-nodes.ts';
import { readFlavors } from './flavors.ts';
import { readHostMappings } from './host-mappings.ts';
import { readInstanceExtra } from './instance-extra.ts';
import { readInstanceGroups } from './instance-groups.ts';
import { readInstanceMetadata } from './instance-metadata.ts';
import { readInstanceSystemMetadata } from './instance-system-metadata.ts';
import { readInstances } from './instances.ts';
import { readMigrations } from './migrations.ts';
import { readPciDevices } from './pci-devices.ts';
import { readRequestSpecs } from './request-specs.ts';
import { readServices } from './services.ts';
import { readTags } from './tags.ts';

/** The tables of `db/`; one that is made of several needs the first, and makes do without the others. */
export const dbReaders: readonly BundleReader[] = [
  table(['services'], readServices),
  table(['compute_nodes'], readComputeNodes),
  table(['host_mappings'], readHostMappings),
  table(['pci_devices', 'compute_nodes'], readPciDevices),
  table(['instances'], readInstances),
  table(['instance_extra'], readInstanceExtra),
  table(['instance_system_metadata'], readInstanceSystemMetadata),
  table(['instance_metadata'], readInstanceMetadata),
  table(['block_device_mapping'], readBlockDeviceMapping),
  table(['request_specs'], readRequestSpecs),
  table(['tags'], readTags),
  table(['migrations'], readMigrations),
  table(['aggregates', 'aggregate_hosts', 'aggregate_metadata'], readAggregates),
  table(['instance_groups', 'instance_group_policy', 'instance_group_member'], readInstanceGroups),
  table(['flavors', 'flavor_extra_specs'], readFlavors),
];

function table(
  [main, second = '', third = '']: readonly [string, string?, string?],
  read: (main: Rows, second: Rows, third: Rows) => Facts,
): BundleReader {
  return (bundle) => {
    const found = rows(bundle, main);
    return found === undefined
      ? undefined
      : read(found, rows(bundle, second) ?? [], rows(bundle, third) ?? []);
  };
}
