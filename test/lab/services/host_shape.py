"""What one fake host has: CPUs, NUMA cells, pages, devices, as its file in the lab's run folder says.

The file is read again at every resource update, so that a test can change a host while it runs.
"""
import json
import os

from nova import objects
from nova.virt import hardware
import os_resource_classes as orc


class HostShape:
    def __init__(self, name):
        path = os.path.join(os.environ['PLANNER_LAB'], 'hosts', name + '.json')
        with open(path) as file:
            self.spec = json.load(file)
        self.cells = [Cell(at, cell) for at, cell in enumerate(self.spec.get('cells', []))]
        self.cpus = sum(len(cell.cpus) for cell in self.cells) or self.spec['cpus']
        self.pinnable = sum(len(cell.pinnable) for cell in self.cells)
        self.memory_mib = sum(cell.memory_mib for cell in self.cells) or self.spec['memoryMiB']
        self.disk_gib = self.spec['diskGiB']

    def numa_topology(self):
        return objects.NUMATopology(cells=[cell.as_nova() for cell in self.cells]) if self.cells else None

    def cpu_info(self):
        cpu = self.spec.get('cpu', {})
        threads = self.cells[0].threads if self.cells else 2
        cells = len(self.cells) or 1
        return {
            'arch': 'x86_64',
            'vendor': cpu.get('vendor', 'Intel'),
            'model': cpu.get('model', 'Skylake-Server'),
            'features': cpu.get('features', ['aes', 'avx2']),
            'topology': {'cells': cells, 'sockets': 1, 'threads': threads,
                         'cores': max(1, self.cpus // cells // threads)},
        }

    def devices(self):
        return [{
            'address': device['address'],
            'vendor_id': device['vendor'],
            'product_id': device['product'],
            'numa_node': device.get('cell'),
            'dev_type': device.get('type', 'type-PCI'),
            'dev_id': 'pci_' + device['address'].replace(':', '_').replace('.', '_'),
            'label': 'label_%(vendor)s_%(product)s' % device,
            'parent_addr': device.get('parent'),
            'status': 'available',
        } for device in self.spec.get('devices', [])]

    def inventory(self, ratios, reserved):
        """Placement inventory: `ratios` and `reserved` by resource class, as this host's configuration has them."""
        totals = {
            orc.VCPU: self.cpus - self.pinnable,
            orc.PCPU: self.pinnable,
            orc.MEMORY_MB: self.memory_mib,
            orc.DISK_GB: self.disk_gib,
        }
        return {
            name: {'total': total, 'reserved': reserved.get(name, 0), 'min_unit': 1, 'max_unit': total,
                   'step_size': 1, 'allocation_ratio': ratios.get(name, 1.0)}
            for name, total in totals.items() if total > 0
        }


class Cell:
    def __init__(self, at, spec):
        self.at = at
        self.cpus = hardware.parse_cpu_spec(spec['cpus'])
        self.pinnable = hardware.parse_cpu_spec(spec['pinnable']) if spec.get('pinnable') else set()
        self.threads = spec.get('threadsPerCore', 1)
        self.memory_mib = spec['memoryMiB']
        self.pages = {int(size): count for size, count in spec.get('pages', {}).items()}

    def as_nova(self):
        return objects.NUMACell(
            id=self.at, socket=self.at, memory=self.memory_mib, memory_usage=0, cpu_usage=0,
            cpuset=self.cpus - self.pinnable, pcpuset=self.pinnable, pinned_cpus=set(),
            siblings=self._siblings(), mempages=self._mempages(),
            network_metadata=objects.NetworkMetadata(physnets=set(), tunneled=False))

    def _siblings(self):
        """The threads of a core have neighbouring numbers."""
        if self.threads == 1:
            return []
        ordered = sorted(self.cpus)
        return [set(ordered[at:at + self.threads]) for at in range(0, len(ordered), self.threads)]

    def _mempages(self):
        """Small pages are what the huge pages leave, as the kernel accounts them."""
        huge_kib = sum(size * count for size, count in self.pages.items())
        counts = {4: (self.memory_mib * 1024 - huge_kib) // 4, **self.pages}
        return [objects.NUMAPagesTopology(size_kb=size, total=total, used=0, reserved=0)
                for size, total in sorted(counts.items())]
