import type { HostReports } from '../../model/host-report.ts';
import { compareText, groupBy } from '../../shared/collections.ts';
import { firstOf, showName } from '../../shared/text.ts';
import { type Check, type Finding, problem, unknown, warning } from '../check.ts';
import { optionName, optionOf } from './options.ts';

/** An option that hosts should have alike, Nova's default, and how bad it is where they have not. */
interface Alike {
  readonly option: string;
  readonly usual: string;
  readonly differs: 'problem' | 'warning';
}

const no = 'False';

/** Both ends of a migration take part in these; the others decide how servers start, or how it goes. */
const alike: readonly Alike[] = [
  { option: 'libvirt.live_migration_with_native_tls', usual: no, differs: 'problem' },
  { option: 'libvirt.live_migration_scheme', usual: 'not set', differs: 'problem' },
  { option: 'libvirt.live_migration_tunnelled', usual: no, differs: 'problem' },
  { option: 'libvirt.images_type', usual: 'default', differs: 'warning' },
  { option: 'libvirt.virt_type', usual: 'kvm', differs: 'problem' },
  { option: 'libvirt.cpu_mode', usual: 'not set', differs: 'warning' },
  { option: 'libvirt.cpu_models', usual: 'not set', differs: 'warning' },
  { option: 'libvirt.cpu_model_extra_flags', usual: 'not set', differs: 'warning' },
  { option: 'libvirt.hw_machine_type', usual: 'not set', differs: 'warning' },
  { option: 'libvirt.remote_filesystem_transport', usual: 'ssh', differs: 'warning' },
  { option: 'libvirt.live_migration_permit_post_copy', usual: no, differs: 'warning' },
  { option: 'libvirt.live_migration_permit_auto_converge', usual: no, differs: 'warning' },
  { option: 'libvirt.live_migration_completion_timeout', usual: '800', differs: 'warning' },
  { option: 'libvirt.live_migration_timeout_action', usual: 'abort', differs: 'warning' },
  { option: 'libvirt.live_migration_bandwidth', usual: '0', differs: 'warning' },
  { option: 'libvirt.live_migration_downtime', usual: '500', differs: 'warning' },
  { option: 'DEFAULT.max_concurrent_live_migrations', usual: '1', differs: 'warning' },
  { option: 'DEFAULT.config_drive_format', usual: 'iso9660', differs: 'warning' },
  { option: 'DEFAULT.cpu_allocation_ratio', usual: 'not set', differs: 'warning' },
  { option: 'DEFAULT.ram_allocation_ratio', usual: 'not set', differs: 'warning' },
  { option: 'DEFAULT.disk_allocation_ratio', usual: 'not set', differs: 'warning' },
  { option: 'workarounds.enable_numa_live_migration', usual: no, differs: 'problem' },
  { option: 'workarounds.skip_hypervisor_version_check_on_lm', usual: no, differs: 'warning' },
  { option: 'workarounds.skip_cpu_compare_on_dest', usual: no, differs: 'warning' },
];

/** Hosts are set up alike. */
export const alikeSettings: Check = {
  id: 'alike-settings',
  looksAt: 'reports',
  needed: 'options of nova.conf that take part in migrations are the same on all hosts',
  why: 'source and destination must agree on transport and encryption; a server that starts anew elsewhere gets the CPU and machine type of that host (Nova admin guide, configure live migrations)',
  fine: 'hosts that tell their options are set up alike',
  examine: (reports) => alike.flatMap((each) => ofOption(each, reports)),
};

function ofOption({ differs, option, usual }: Alike, reports: HostReports): readonly Finding[] {
  const values = groupBy(reports.values(), (report) => canonical(optionOf(report, option, usual)));
  const untold = values.get(undefined) ?? [];
  values.delete(undefined);
  const name = optionName(option);
  if (values.size < 2) {
    const hosts = untold.map(({ host }) => host);
    const next = 'gather again with planner facts: what is there is an excerpt';
    return hosts.length === 0
      ? []
      : [unknown(hosts, 'not all options that are compared were recorded', next)];
  }
  const list = [...values]
    .map(
      ([value = '', of]) =>
        `${showName(value)} on ${firstOf(of.map(({ host }) => host).toSorted(compareText))}`,
    )
    .join('; ');
  const next = `set it alike on all hosts, or keep those that differ in aggregates of their own`;
  return [(differs === 'problem' ? problem : warning)([name], `differs: ${list}`, next)];
}

/** `true` and `True`, `4` and `4.0` are the same. */
function canonical(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(value)) return String(Number(value));
  return /^(?:true|false)$/i.test(value) ? value.toLowerCase() : value;
}
