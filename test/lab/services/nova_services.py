"""Nova's services, all from one process that has loaded Nova once.

usage: nova_services.py cloud HOST...     the schemas, then api, conductor, scheduler and a compute of each HOST
       nova_services.py compute HOST...   a compute of each HOST

`cloud` writes "schema" when the schemas are made and waits for a line before it starts the services: they need
their users in Keystone. Both end when each HOST is known to Nova, the services stay.
"""
import functools
import gc
import os
import sys
import time

import nova.cmd.api_os_compute
import nova.cmd.compute
import nova.cmd.conductor
import nova.cmd.scheduler
from nova.cmd import manage
import nova.conductor.rpcapi  # noqa: F401
from nova import config
import nova.conf
from nova import context
from nova import objects
from nova.objects import host_mapping
import nova.scheduler.client.report  # noqa: F401
import nova.virt

import fake_hypervisor
import forked

RUN = os.environ['PLANNER_LAB']
CONF_FILE = os.path.join(RUN, 'conf', 'nova.conf')
HOST_WAIT_SECONDS = 120

# Loaded here for all the computes. How often its periodic tasks run is read from the options while it is loaded.
nova.conf.CONF(['--config-file', CONF_FILE], project='nova')
import nova.compute.manager  # noqa: E402,F401
nova.conf.CONF.clear()

# Nova loads a driver by its name below nova.virt only.
sys.modules['nova.virt.fake_hypervisor'] = nova.virt.fake_hypervisor = fake_hypervisor


def make_schemas():
    _configure('nova-manage')
    manage.ApiDbCommands().sync()
    cells = manage.CellV2Commands()
    database = nova.conf.CONF.database.connection
    cells.map_cell0(database_connection=database.replace('/nova_cell1', '/nova_cell0'))
    cells.create_cell(name='cell1', database_connection=database, transport_url=nova.conf.CONF.transport_url)
    return manage.DbCommands().sync()


def know_hosts(hosts):
    """Waits until each host has reported what it has, and maps it to the cell."""
    _configure('nova-manage')
    admin = context.get_admin_context()
    end = time.monotonic() + HOST_WAIT_SECONDS
    while True:
        host_mapping.discover_hosts(admin)
        missing = set(hosts) - {mapping.host for mapping in objects.HostMappingList.get_all(admin)}
        if not missing:
            return 0
        if time.monotonic() > end:
            print('no compute service has reported for', ', '.join(sorted(missing)), file=sys.stderr)
            return 1
        time.sleep(0.3)


def _configure(program):
    config.parse_args([program, '--config-file', CONF_FILE])
    objects.register_all()


def start(name, module, *config_files):
    def main():
        sys.argv = [name]
        for file in (CONF_FILE, *config_files):
            sys.argv += ['--config-file', file]
        module.main()
    forked.fork_service(RUN, name, main)


def start_computes(hosts):
    for host in hosts:
        start('compute-' + host, nova.cmd.compute, os.path.join(RUN, 'conf', 'host-%s.conf' % host))


def main(what, hosts):
    gc.collect()
    gc.freeze()  # what the forks share stays shared
    if what == 'cloud':
        forked.fork_and_wait(make_schemas, 'making the schemas')
        print('schema', flush=True)
        if not sys.stdin.readline():
            sys.exit('nobody said to go on')
        start('conductor', nova.cmd.conductor)
        start('scheduler', nova.cmd.scheduler)
        start('api', nova.cmd.api_os_compute)
    start_computes(hosts)
    forked.fork_and_wait(functools.partial(know_hosts, hosts), 'waiting for the hosts')


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2:])
