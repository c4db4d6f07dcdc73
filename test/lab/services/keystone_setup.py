"""Keystone's schema, keys and first user, by keystone-manage's own commands from one process.

usage: keystone_setup.py CONFIG_FILE PASSWORD URL
"""
import functools
import sys

from keystone.cmd import cli

import forked


def manage(*arguments):
    cli.main(argv=['keystone-manage', '--config-file', sys.argv[1], *arguments])


def main(password, url):
    urls = [part for name in ('public', 'internal', 'admin') for part in ('--bootstrap-%s-url' % name, url)]
    for arguments in (
        ['db_sync'],
        ['fernet_setup', '--keystone-user', 'root', '--keystone-group', 'root'],
        ['bootstrap', '--bootstrap-password', password, '--bootstrap-region-id', 'RegionOne', *urls],
    ):
        forked.fork_and_wait(functools.partial(manage, *arguments), arguments[0])


if __name__ == '__main__':
    main(sys.argv[2], sys.argv[3])
