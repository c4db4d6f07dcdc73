/** A table that the import reads, with the columns that its reader knows: no other is ever asked for. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  /** By what rows are put in order, so that two reads give the same. */
  readonly order: readonly string[];
  /** Whether old rows of it are left out: finished migrations. */
  readonly recent?: true;
  /** Whether the database is none of Nova's without it, or tells too little. */
  readonly needed?: true;
}

function table(name: string, columns: string, more: Partial<Table> = {}): Table {
  return { name, columns: ['id', ...columns.split(' ')], order: ['id'], ...more };
}

/** Of a cell's database (`nova`, `nova_cell1`, `nova_cell0`). */
export const cellTables: readonly Table[] = [
  table('services', 'host binary uuid disabled disabled_reason forced_down last_seen_up updated_at version'),
  table(
    'compute_nodes',
    'uuid host hypervisor_hostname host_ip hypervisor_type hypervisor_version cpu_info supported_instances stats numa_topology pci_stats cpu_allocation_ratio ram_allocation_ratio disk_available_least',
    { needed: true },
  ),
  table(
    'pci_devices',
    'compute_node_id address vendor_id product_id dev_type status numa_node parent_addr instance_uuid request_id extra_info',
    { needed: true },
  ),
  table(
    'instances',
    'uuid display_name project_id host launched_on vm_state task_state power_state image_ref config_drive locked launched_at updated_at',
    { needed: true },
  ),
  table('instance_extra', 'instance_uuid flavor numa_topology pci_requests vcpu_model migration_context', {
    needed: true,
  }),
  table('instance_system_metadata', 'instance_uuid key value'),
  table('instance_metadata', 'instance_uuid key value'),
  table(
    'block_device_mapping',
    'instance_uuid destination_type guest_format boot_index volume_id volume_size no_device',
  ),
  table(
    'migrations',
    'uuid instance_uuid status migration_type source_compute dest_compute old_instance_type_id new_instance_type_id created_at updated_at memory_total memory_processed disk_total',
    { recent: true },
  ),
  { name: 'tags', columns: ['resource_id', 'tag'], order: ['resource_id', 'tag'] },
];

/** Of the API's database (`nova_api`); a cell's has tables of the same names from before it was parted, long stale. */
export const apiTables: readonly Table[] = [
  table('host_mappings', 'host cell_id', { needed: true }),
  table('request_specs', 'instance_uuid spec', { needed: true }),
  table('aggregates', 'uuid name'),
  table('aggregate_hosts', 'aggregate_id host'),
  table('aggregate_metadata', 'aggregate_id key value'),
  table('instance_groups', 'uuid name'),
  table('instance_group_policy', 'group_id policy rules'),
  table('instance_group_member', 'group_id instance_uuid'),
  table('flavors', 'flavorid name vcpus memory_mb root_gb ephemeral_gb swap'),
  table('flavor_extra_specs', 'flavor_id key value'),
];

/** Which of the two a database is: by the table that the other never has. */
export const kindOf = (tables: ReadonlyMap<string, unknown>): 'api' | 'cell' | undefined => {
  if (tables.has('host_mappings')) return 'api';
  return tables.has('compute_nodes') ? 'cell' : undefined;
};
