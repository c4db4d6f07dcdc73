import type { Row } from './row.ts';

/**
 * What is told after the request was accepted, in the action's events or the server's fault: by the source, the
 * destination, conductor and scheduler. The first row that fits any of the texts counts, so that what says most stands
 * first: a destination's refusal is always followed by the scheduler's.
 */
export const later: readonly Row[] = [
  {
    code: 'group-race',
    said: /(?<policy>Anti-affinity|Affinity) instance group policy was violated/,
    means:
      'the destination has found that {server} would break its group there ({policy}); a forced migration leaves the server in ERROR for it',
    next: 'see which members of the group are on {to}; where {server} is in ERROR and runs, `openstack server set --state active`; then plan again',
    read: 'destination',
  },
  {
    code: 'cpu-not-compatible',
    said: /Unacceptable CPU info|CPU doesn't have compatibility/,
    means: 'the CPU of {to} lacks features that {server} has been given on {from}',
    next: 'move it to a host of the same or a newer CPU, or cold; a common cpu_models setting on all hosts avoids it',
    read: 'destination',
  },
  {
    code: 'memory-forced',
    said: /Lack of memory\(host:(?<free>\S+) <= instance:(?<needed>\d+)\)/,
    means: '{to} has {free} MiB of memory left, and {server} needs more than {needed} MiB',
    next: 'free memory on {to}, or plan again',
    read: 'destination',
    passes: 'after-release',
  },
  {
    code: 'capacity-forced',
    said: /There is not enough capacity on the host for the instance/,
    means: 'Placement has no room left on {to} for {server}',
    next: 'see what is there (`openstack resource provider usage show`), then plan again',
    read: 'scheduler',
    passes: 'after-release',
  },
  {
    code: 'disk-too-large',
    said: /Disk of instance is too large/,
    means: '{to} has not enough disk for the disks of {server}',
    next: 'free disk on {to}, or move it elsewhere',
    read: 'destination',
  },
  {
    code: 'page-size',
    said: /Requested page size is different from current page size/,
    means: '{to} would give {server} pages of another size, which a running guest cannot take',
    next: 'move it to a host with free pages of its size, or cold',
    read: 'destination',
  },
  {
    code: 'devices-do-not-fit',
    said: /together with requested PCI devices cannot fit/,
    means: 'no NUMA cell of {to} has both the CPUs, memory and pages of {server} and a free PCI device',
    next: 'see what is free on {to}, then plan again',
    read: 'destination',
    passes: 'after-release',
  },
  {
    code: 'cells-do-not-fit',
    said: /NUMA topology cannot fit the given host NUMA topology/,
    means: 'no NUMA cells of {to} have the pinned CPUs, memory or pages that {server} needs',
    next: 'see what is free in the cells of {to}, then plan again',
    read: 'destination',
    passes: 'after-release',
  },
  {
    code: 'no-resources',
    said: /Insufficient compute resources/,
    means: '{to} has not enough of what {server} needs',
    next: 'see what is free on {to}, then plan again',
    read: 'destination',
    passes: 'after-release',
  },
  {
    code: 'no-numa-live-migration',
    said: /not currently recalculated on live migration|enable_numa_live_migration/,
    means:
      'this release does not migrate servers with a NUMA topology live, or a nova-compute of the cell is too old for it',
    next: 'plan again with the right profile, or move it cold',
    read: 'scheduler',
  },
  {
    code: 'device-not-live',
    said: /non-VIF related PCI requests|PCI requests/,
    means: '{server} has a PCI device, and servers with such devices are not migrated live',
    next: 'move it cold',
    read: 'scheduler',
  },
  {
    code: 'older-hypervisor',
    said: /requires a newer hypervisor version|supplied hypervisor type of is invalid/,
    means: 'the hypervisor of {to} is older than that of {from}, or of another type',
    next: 'bring {to} to the same version, or move the server elsewhere',
    read: 'scheduler',
  },
  {
    code: 'not-shared-storage',
    said: /not on shared storage|requires either shared storage/,
    means: '{from} and {to} share no storage for the disks of {server}',
    next: 'plan again: block migration is needed',
    read: 'destination',
  },
  {
    code: 'shared-storage',
    said: /not on local storage|can not be used with shared storage/,
    means: 'the disks of {server} are shared, and were to be copied all the same',
    next: 'plan again: block migration is not needed',
    read: 'destination',
  },
  {
    code: 'disk-exists',
    said: /supplied disk path \(.*\) already exists/,
    means:
      'there is a directory of {server} on {to} already, of an earlier migration that was not cleaned up',
    next: 'make sure that no guest of it runs on {to}, remove the directory there, then resume',
    read: 'destination',
  },
  {
    code: 'port-not-bound',
    said: /Binding failed for port|PortBinding/,
    means:
      'Neutron cannot bind a port of {server} on {to}: its agent is down there, or the network does not reach it',
    next: 'see `openstack network agent list --host {to}`, then resume',
    read: 'destination',
  },
  {
    code: 'network-not-ready',
    said: /Virtual Interface creation failed|vif.plugg/i,
    means: 'Neutron did not say in time that the network of {server} is ready on {to}',
    next: 'look at the network agent on {to}, then resume',
    read: 'destination',
  },
  {
    code: 'cannot-force-nested',
    said: /complex allocations on the source host so move cannot be forced/,
    means:
      'what {server} holds in Placement is spread over several providers, and such servers cannot be forced to a host',
    next: 'plan again without forcing',
    read: 'scheduler',
  },
  {
    code: 'same-host',
    said: /Unable to migrate instance \(.*\) to current host/,
    means: '{server} is on {to} already',
    next: 'plan again: the cloud is not as the plan expects it',
    read: 'scheduler',
  },
  {
    code: 'compute-down',
    said: /Compute service of (?<host>\S+) is unavailable at this time/,
    means: 'nova-compute on {host} is down, or was forced down',
    next: 'start nova-compute on {host}; where the host is dead, evacuate it',
    read: 'scheduler',
  },
  {
    code: 'no-reply',
    said: /Timed out waiting for a reply|MessagingTimeout|MessageDeliveryFailure/,
    means:
      'a service of Nova did not answer another in time: nova-compute hangs or is gone, or the message queue is overloaded',
    next: 'see that nova-compute on {from} and {to} works, and look where {server} is before you resume',
    read: 'scheduler',
  },
  {
    code: 'no-ssh',
    said: /not able to execute ssh command|Host key verification failed|Permission denied \(publickey/,
    means: '{from} cannot reach {to} by ssh as the nova user, over which disks are copied',
    next: 'exchange the SSH keys of the nova user between the hosts, then resume',
    read: 'source',
  },
  {
    code: 'no-libvirt-connection',
    said: /Failed to connect to remote libvirt|unable to connect to server at|Cannot recv data/,
    means: 'libvirt on {from} cannot reach libvirt on {to}',
    next: 'check name resolution, ports and certificates between the hosts, then resume',
    read: 'hypervisor',
  },
  {
    code: 'too-many-tries',
    said: /Exceeded max(imum)? (scheduling retries|number of retries|attempts)/i,
    means: 'every host that Nova has tried for {server} has refused it',
    next: 'the log tells why each of them refused',
    read: 'scheduler',
    passes: 'after-release',
  },
  {
    code: 'check-refused',
    said: /Migration pre-check error/,
    means: '{to} or {from} refuses before anything is moved',
    next: 'mend what it says, then resume',
    read: 'destination',
    vague: true,
  },
  {
    code: 'disk-not-moved',
    said: /Resize error/,
    means: 'the disks of {server} could not be moved, or the guest could not be made from them',
    next: 'mend what it says; see that {server} works before you resume',
    read: 'source',
    vague: true,
  },
  {
    code: 'preparing-failed',
    said: /Migration error/,
    means: 'a host could not prepare for {server}, or could not finish what it began',
    next: 'mend what it says; see that {server} works before you resume',
    read: 'destination',
    vague: true,
  },
  {
    code: 'no-room-cold',
    said: /No valid host found for (cold migrate|resize)/,
    means:
      'the scheduler does not let {server} go to {to}: it has no room, is disabled or down, or a rule of a group, zone, aggregate, NUMA cell or device forbids it',
    next: 'see with `openstack compute service list` and `planner check` of a new import what {to} lacks, then plan again',
    read: 'scheduler',
    passes: 'after-release',
  },
  {
    code: 'filtered',
    said: /No valid host was found\. There are not enough hosts available/,
    means:
      'Placement has room for {server} on {to}, but a filter of the scheduler does not let it there (group, zone, aggregate, NUMA cells, pages, devices), {to} is where it is already, or its hypervisor is older',
    next: "the scheduler's log names the filter; import the cloud again and plan again",
    read: 'scheduler',
    passes: 'after-release',
  },
  {
    code: 'no-room',
    said: /No valid host was found/,
    means: 'Placement offers {to} not for {server}: it has no room, is disabled, or lacks a trait',
    next: 'see `openstack compute service list` and `openstack resource provider usage show` of {to}, then plan again',
    read: 'scheduler',
    passes: 'after-release',
  },
];
