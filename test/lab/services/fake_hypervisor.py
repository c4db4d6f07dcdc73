"""A hypervisor without guests for Nova's own compute service: everything above the virt driver is real.

Nova's FakeDriver, and besides: the shape of each host, guests that survive a restart of the service, NUMA and PCI
that the resource tracker claims, and migrations that take time, stall or fail as the server's metadata asks.
"""
import contextlib
import json
import os
import time

import nova.conf
from nova.compute import power_state
from nova import exception
from nova import objects
from nova.objects import fields
from nova.virt import fake
import os_resource_classes as orc

import behaviour
import host_shape

CONF = nova.conf.CONF
TICK_SECONDS = 0.2


class FakeHypervisor(fake.FakeDriver):
    capabilities = {**fake.FakeDriver.capabilities, 'supports_pcpus': True}

    def __init__(self, virtapi, read_only=False):
        super().__init__(virtapi, read_only)
        self._running_copies = {}
        self._guest_file = os.path.join(os.environ['PLANNER_LAB'], 'hosts', CONF.host + '.guests')
        self._load_guests()

    # What the host has

    def get_available_resource(self, nodename):
        shape = host_shape.HostShape(CONF.host)
        self.resources.vcpus = shape.cpus
        self.resources.memory_mb = shape.memory_mib
        self.resources.local_gb = shape.disk_gib
        topology = shape.numa_topology()
        return {
            **super().get_available_resource(nodename),
            'hypervisor_type': 'QEMU',
            'hypervisor_version': shape.spec.get('hypervisorVersion', 7002000),
            'supported_instances': [(fields.Architecture.X86_64, fields.HVType.KVM, fields.VMMode.HVM)],
            'disk_available_least': shape.disk_gib,
            'cpu_info': json.dumps(shape.cpu_info()),
            'numa_topology': topology._to_json() if topology else None,
            'pci_passthrough_devices': json.dumps(shape.devices()),
        }

    def update_provider_tree(self, provider_tree, nodename, allocations=None):
        shape = host_shape.HostShape(CONF.host)
        ratios = self._get_allocation_ratios(provider_tree.data(nodename).inventory)
        reserved = {
            orc.VCPU: CONF.reserved_host_cpus,
            orc.MEMORY_MB: CONF.reserved_host_memory_mb,
            orc.DISK_GB: self._get_reserved_host_disk_gb_from_config(),
        }
        provider_tree.update_inventory(nodename, shape.inventory(ratios, reserved))
        provider_tree.add_traits(nodename, *shape.spec.get('traits', []))

    def get_host_uptime(self):
        return ' 09:00:00 up 3 days,  4:05,  0 users,  load average: 0.00, 0.00, 0.00'

    # Guests, kept in a file: a real hypervisor's guests outlive nova-compute

    def _load_guests(self):
        with contextlib.suppress(FileNotFoundError), open(self._guest_file) as file:
            for uuid, guest in json.load(file).items():
                self.instances[uuid] = fake.FakeInstance(guest['name'], guest['state'], uuid)

    def _keep_guests(self):
        kept = {uuid: {'name': guest.name, 'state': guest.state} for uuid, guest in self.instances.items()}
        with open(self._guest_file + '.new', 'w') as file:
            json.dump(kept, file)
        os.replace(self._guest_file + '.new', self._guest_file)

    def _set_state(self, instance, state):
        self.instances[instance.uuid].state = state
        self._keep_guests()

    def spawn(self, context, instance, *args, **kwargs):
        wanted = self._behaviour(instance)
        time.sleep(wanted.seconds('spawn'))
        if wanted.fails('spawn', 'yes'):
            raise exception.BuildAbortException(instance_uuid=instance.uuid, reason='lab.spawn.fail')
        super().spawn(context, instance, *args, **kwargs)
        self._keep_guests()

    def destroy(self, context, instance, *args, **kwargs):
        super().destroy(context, instance, *args, **kwargs)
        self._keep_guests()

    def power_off(self, instance, *args, **kwargs):
        super().power_off(instance, *args, **kwargs)
        self._keep_guests()

    def power_on(self, context, instance, *args, **kwargs):
        super().power_on(context, instance, *args, **kwargs)
        self._keep_guests()

    def pause(self, instance):
        self._set_state(instance, power_state.PAUSED)

    def unpause(self, instance):
        self._set_state(instance, power_state.RUNNING)

    def suspend(self, context, instance):
        self._set_state(instance, power_state.SUSPENDED)

    def resume(self, context, instance, network_info, block_device_info=None):
        self._set_state(instance, power_state.RUNNING)

    def _behaviour(self, instance):
        return behaviour.Behaviour(instance, host_shape.HostShape(CONF.host).spec.get('behaviour', {}))

    # Cold migration

    def migrate_disk_and_power_off(self, context, instance, *args, **kwargs):
        wanted = self._behaviour(instance)
        if wanted.fails('cold', 'refuse'):
            raise exception.InstanceFaultRollback(exception.ResizeError(reason='lab.cold.fail=refuse'))
        time.sleep(wanted.seconds('cold'))
        if wanted.fails('cold', 'copy'):
            raise exception.ResizeError(reason='lab.cold.fail=copy')
        if instance.uuid in self.instances:
            self._set_state(instance, power_state.SHUTDOWN)
        return '[]'

    def finish_migration(self, context, migration, instance, *args, **kwargs):
        if self._behaviour(instance).fails('cold', 'arrive'):
            raise exception.ResizeError(reason='lab.cold.fail=arrive')
        super().finish_migration(context, migration, instance, *args, **kwargs)

    def confirm_migration(self, context, migration, instance, network_info):
        if self._behaviour(instance).fails('cold', 'confirm'):
            raise exception.ResizeError(reason='lab.cold.fail=confirm')
        super().confirm_migration(context, migration, instance, network_info)

    def finish_revert_migration(self, *args, **kwargs):
        super().finish_revert_migration(*args, **kwargs)
        self._keep_guests()

    # Live migration: the checks

    def check_can_live_migrate_destination(self, context, instance, src_compute_info, dst_compute_info,
                                           block_migration=False, disk_over_commit=False):
        if self._behaviour(instance).fails('live', 'check'):
            raise exception.MigrationPreCheckError(reason='lab.live.fail=check')
        self._compare_cpus(src_compute_info, dst_compute_info)
        checked = super().check_can_live_migrate_destination(
            context, instance, src_compute_info, dst_compute_info, block_migration, disk_over_commit)
        if instance.numa_topology:
            checked.dst_supports_numa_live_migration = True
        return checked

    def _compare_cpus(self, source, destination):
        """As libvirt's: every feature of the source's CPU must be there."""
        features = [set(json.loads(info['cpu_info'])['features']) for info in (source, destination)]
        missing = sorted(features[0] - features[1])
        if missing:
            raise exception.MigrationPreCheckError(
                reason="Unacceptable CPU info: CPU doesn't have compatibility.\n\n0: missing features: %s"
                       % ', '.join(missing))

    def check_can_live_migrate_source(self, context, instance, dest_check_data, block_device_info=None):
        if instance.numa_topology:
            dest_check_data.src_supports_numa_live_migration = True
        return dest_check_data

    def post_claim_migrate_data(self, context, instance, migrate_data, claim):
        """The CPUs and cells that the resource tracker claimed here, for the source to write into its guest."""
        cells = claim.claimed_numa_topology.cells if claim.claimed_numa_topology else []
        pins = {str(virtual): {real} for cell in cells for virtual, real in (cell.cpu_pinning or {}).items()}
        migrate_data.dst_numa_info = objects.LibvirtLiveMigrateNUMAInfo(
            cpu_pins=pins,
            cell_pins={str(at): {cell.id} for at, cell in enumerate(cells)},
            emulator_pins=set().union(*pins.values()))
        return migrate_data

    def pre_live_migration(self, context, instance, block_device_info, network_info, disk_info, migrate_data):
        if self._behaviour(instance).fails('live', 'prepare'):
            raise exception.MigrationError(reason='lab.live.fail=prepare')
        return migrate_data

    # Live migration: the copy

    def live_migration(self, context, instance, dest, post_method, recover_method,
                       block_migration=False, migrate_data=None):
        wanted = self._behaviour(instance)
        if wanted.fails('live', 'driver'):
            raise exception.MigrationError(reason='lab.live.fail=driver')
        end = self._copy(instance, migrate_data.migration, wanted)
        if end == 'arrived':
            post_method(context, instance, dest, block_migration, migrate_data)
        elif end == 'aborted':
            recover_method(context, instance, dest, migrate_data, migration_status='cancelled')
        else:
            recover_method(context, instance, dest, migrate_data)

    def _copy(self, instance, migration, wanted):
        """Ends as arrived, aborted or failed; the migration record shows how far it is, as with libvirt."""
        orders = self._running_copies[instance.uuid] = set()
        seconds = wanted.seconds('live', 0.5)
        began = time.monotonic()
        try:
            while True:
                part = min(1.0, (time.monotonic() - began) / seconds) if seconds > 0 else 1.0
                if wanted.stalls():
                    part = min(part, 0.9)
                self._note_progress(instance, migration, part)
                if 'abort' in orders:
                    return 'aborted'
                if wanted.fails('live', 'copy') and part >= 0.5:
                    return 'failed'
                if 'finish' in orders or part >= 1.0:
                    return 'arrived'
                time.sleep(TICK_SECONDS)
        finally:
            del self._running_copies[instance.uuid]

    def _note_progress(self, instance, migration, part):
        total = instance.flavor.memory_mb * 1024 * 1024
        migration.memory_total = total
        migration.memory_processed = int(total * part)
        migration.memory_remaining = total - migration.memory_processed
        migration.disk_total = migration.disk_processed = migration.disk_remaining = 0
        migration.save()
        instance.progress = int(100 * part)
        instance.save()

    def live_migration_abort(self, instance):
        self._running_copies.get(instance.uuid, set()).add('abort')

    def live_migration_force_complete(self, instance):
        self._running_copies.get(instance.uuid, set()).add('finish')

    # Live migration: its end

    def post_live_migration(self, context, instance, block_device_info, migrate_data=None):
        self.destroy(context, instance, network_info=None, block_device_info=block_device_info)

    def post_live_migration_at_destination(self, context, instance, *args, **kwargs):
        super().post_live_migration_at_destination(context, instance, *args, **kwargs)
        if self._behaviour(instance).fails('live', 'arrive'):
            raise exception.MigrationError(reason='lab.live.fail=arrive')

    def rollback_live_migration_at_source(self, context, instance, migrate_data):
        """Nothing was changed at the source."""
