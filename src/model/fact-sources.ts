/** Where each fact can be read, by its path in the inventory document: what an operator records to supply it. */
export const factSources: Readonly<Record<string, string>> = {
  'servers[].imageProperties': 'the table instance_system_metadata, or the images of Glance',
  'servers[].topology':
    'GET /servers/{id}/topology (2.78), the table instance_extra, or `virsh dumpxml` of the server',
  'servers[].pciRequests': 'the table instance_extra',
  'servers[].ports': 'GET /v2.0/ports and /v2.0/networks of Neutron',
  'servers[].requestedAz': 'the table request_specs, or servers with microversion 2.96',
  'servers[].machineType': '`virsh dumpxml` of the server, or the table instance_system_metadata',
  'servers[].allocations': 'the allocations of Placement',
  'servers[].usage.cpuPercent': 'metrics/vm-cpu-percent',
  'servers[].usage.memoryUsedMiB': 'metrics/vm-memory-used-percent',
  'servers[].dirtyRateMiBps':
    'metrics/vm-dirty-rate (`virsh domdirtyrate-calc`, then `domstats --dirtyrate`)',
  'servers[].workingSetMiB': 'metrics/vm-working-set-bytes, or write it into the inventory',
  'servers[].residentMemoryMiB': 'metrics/vm-memory-rss-bytes (`virsh dommemstat`)',
  'servers[].diskWriteMiBps': 'metrics/vm-disk-write-bytes (`virsh domstats --block`)',
  'servers[].shares': 'GET /servers/{id}/shares (2.97)',
  'servers[].locked':
    'servers of the API with microversion 2.9, `openstack server show`, or the table instances',
  'servers[].configDrive': 'servers of the API, `openstack server show`, or the table instances',
  'servers[].bootFromVolume':
    'servers of the API, `openstack server show`, or the table block_device_mapping',
  'servers[].projectId': 'servers of the API, `openstack server show`, or the table instances',
  'servers[].tags': 'servers of the API with microversion 2.26, `openstack server show`, or the table tags',
  'servers[].metadata': 'servers of the API, `openstack server list --long`, or the table instance_metadata',
  'servers[].flavor': 'servers with microversion 2.47, or the table instance_extra',
  'hosts[].providers': 'the resource providers of Placement with inventories and traits',
  'hosts[].cpu': 'GET /os-hypervisors/detail up to 2.87, the table compute_nodes, or `virsh capabilities`',
  'hosts[].hypervisorType': 'GET /os-hypervisors/detail, or the table compute_nodes',
  'hosts[].hypervisorVersion': 'GET /os-hypervisors/detail, the table compute_nodes, or `virsh version`',
  'hosts[].libvirtVersion': '`virsh version` of the host',
  'hosts[].supportedInstances': 'the table compute_nodes, or `virsh capabilities`',
  'hosts[].stats': 'the table compute_nodes',
  'hosts[].layout': 'the table compute_nodes, or `virsh capabilities` with nova.conf',
  'hosts[].numaUsage': 'the table compute_nodes, or `virsh dumpxml` of every guest of the host',
  'hosts[].pciPools': 'the table compute_nodes, or `virsh nodedev-dumpxml` of the devices',
  'hosts[].machineTypes': '`virsh capabilities` of the host',
  'hosts[].physicalNetworks': 'GET /v2.0/agents of Neutron (bridge mappings)',
  'hosts[].availabilityZone': 'GET /os-services, or `openstack availability zone list`',
  'hosts[].rack': 'no source: write the racks of the hosts into the inventory',
  'hosts[].storagePool':
    '[libvirt] images_type = rbd of nova.conf, a sharing provider of Placement, or write the pools and who sees them into the inventory',
  'novaConfig.imagesType': '[libvirt] images_type of nova.conf',
  novaConfig: 'nova.conf of every host and of a controller',
  'novaConfig.workarounds': '[workarounds] of nova.conf, of a host or a controller',
  'models/cpu-models.json': 'a planner whose models/cpu-models.json knows the model',
};

/** How to supply facts that are missing, without repeats; paths may go on after what they name. */
export function suppliesOf(missing: readonly string[]): readonly string[] {
  const known = missing.flatMap((path) => {
    const [key = ''] = /^[A-Za-z/.\-[\]]+/.exec(path) ?? [];
    return factSources[key] ?? [];
  });
  return [...new Set(known)];
}
