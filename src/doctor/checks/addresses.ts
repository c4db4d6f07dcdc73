import type { HostReport } from '../../model/host-report.ts';
import { groupBy } from '../../shared/collections.ts';
import { type Check, type Finding, problem, unknown, warning } from '../check.ts';
import { again } from './options.ts';

/** Hosts are reached at addresses of their own. */
export const addresses: Check = {
  id: 'migration-addresses',
  looksAt: 'reports',
  needed:
    'my_ip, and live_migration_inbound_addr where it is set, are addresses that other hosts reach, no two alike, set on all hosts or none',
  why: 'disks of cold migrations go to my_ip by SSH, memory of live ones to live_migration_inbound_addr, else to the name of the host (nova/conf/netconf.py, nova/conf/libvirt.py)',
  fine: 'each host has addresses of its own',
  examine(reports) {
    const all = [...reports.values()];
    return [
      ...ofOption(all, 'DEFAULT.my_ip', 'my_ip'),
      ...ofOption(all, 'libvirt.live_migration_inbound_addr', 'live_migration_inbound_addr'),
      ...setOnSome(all),
      ...untold(all),
    ];
  },
};

function ofOption(reports: readonly HostReport[], option: string, name: string): readonly Finding[] {
  const told = reports.flatMap(({ host, options }) => {
    const value = options.get(option);
    return value === undefined ? [] : [{ host, value }];
  });
  const local = told.filter(({ value }) => /^(?:127\.|::1$|localhost$|0\.0\.0\.0$)/.test(value));
  const twice = [...groupBy(told, ({ value }) => value)].filter(
    ([value, of]) => of.length > 1 && !/%|\$/.test(value),
  );
  return [
    ...local.map(({ host, value }) =>
      problem(
        [host],
        `${name} is ${value}: no other host gets there`,
        `set it to the address of the host in the network of migrations`,
      ),
    ),
    ...twice.map(([value, of]) =>
      problem(
        of.map(({ host }) => host),
        `several hosts have ${name} ${value}`,
        'give each its own',
      ),
    ),
  ];
}

function setOnSome(reports: readonly HostReport[]): readonly Finding[] {
  const known = reports.filter(({ tellsAll }) => tellsAll);
  const without = known.filter(({ options }) => !options.has('libvirt.live_migration_inbound_addr'));
  return without.length === 0 || without.length === known.length
    ? []
    : [
        warning(
          without.map(({ host }) => host),
          'no live_migration_inbound_addr, while others have one: their copies take another network',
          'set it on all hosts',
        ),
      ];
}

/** Where an excerpt does not name it; a whole file without it leaves the choice to Nova. */
function untold(reports: readonly HostReport[]): readonly Finding[] {
  const hosts = reports.filter(({ options, tellsAll }) => !tellsAll && !options.has('DEFAULT.my_ip'));
  return hosts.length === 0
    ? []
    : [
        unknown(
          hosts.map(({ host }) => host),
          'my_ip was not recorded',
          again,
        ),
      ];
}
