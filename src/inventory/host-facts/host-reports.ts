import { join } from 'node:path';
import type { HostReport, HostReports, SshFacts } from '../../model/host-report.ts';
import { hostId } from '../../model/ids.ts';
import { groupBy } from '../../shared/collections.ts';
import { type Bundle, foldersIn, namesIn, readText } from '../bundle-files.ts';
import { present } from '../present.ts';
import { readLscpuTable } from './hardware-texts.ts';
import { readIni } from './ini-options.ts';

/** Options that are compared between hosts. Nothing else of nova.conf is kept. */
const compared = new Set(
  [
    'DEFAULT my_ip vcpu_pin_set max_concurrent_live_migrations config_drive_format',
    'DEFAULT cpu_allocation_ratio ram_allocation_ratio disk_allocation_ratio',
    'compute cpu_shared_set cpu_dedicated_set',
    'libvirt virt_type cpu_mode cpu_models cpu_model_extra_flags hw_machine_type images_type',
    'libvirt live_migration_inbound_addr live_migration_scheme live_migration_tunnelled live_migration_with_native_tls',
    'libvirt live_migration_permit_post_copy live_migration_permit_auto_converge live_migration_bandwidth',
    'libvirt live_migration_completion_timeout live_migration_timeout_action live_migration_downtime',
    'libvirt remote_filesystem_transport',
    'service_user send_service_user_token',
    'upgrade_levels compute',
    'workarounds enable_numa_live_migration skip_hypervisor_version_check_on_lm skip_cpu_compare_on_dest',
  ].flatMap((line) => {
    const [section = '', ...names] = line.split(' ');
    return names.map((name) => `${section}.${name}`);
  }),
);

/** What `host-facts/` tells of how hosts are set up; absent where it has no host. */
export function readHostReports(bundle: Bundle): HostReports | undefined {
  const folders = foldersIn(bundle, 'host-facts');
  const reports = folders.flatMap((folder) => readReport(bundle, folder) ?? []);
  return reports.length === 0 ? undefined : new Map(reports.map((report) => [report.host, report]));
}

function readReport(bundle: Bundle, folder: string): HostReport | undefined {
  const path = join('host-facts', folder);
  const names = namesIn(bundle, path);
  const text = (name: string): string =>
    names.includes(name) ? (readText(bundle, join(path, name)) ?? '') : '';
  const conf = names.includes('nova.conf') ? 'nova.conf' : names.find((name) => name.startsWith('nova.conf'));
  const sections = readIni(conf === undefined ? '' : text(conf));
  // a controller's folder holds its nova.conf, and no host
  if (conf !== undefined && names.length === 1 && !sections.has('libvirt')) return undefined;
  const options = new Map(
    [...sections].flatMap(([section, values]) =>
      [...values].flatMap(([option, all]): [string, string][] => {
        const value = all.at(-1) ?? '';
        const name = `${section}.${option}`;
        return compared.has(name) && value !== '' ? [[name, value]] : [];
      }),
    ),
  );
  const cpus = readLscpuTable(text('lscpu-p.txt'));
  return present({
    host: hostId(sections.get('DEFAULT')?.get('host')?.at(-1) ?? folder),
    options,
    tellsAll: conf === 'nova.conf' && text('planner-facts.txt').trim() !== '',
    cpus: cpus?.map(({ cpu }) => cpu),
    cores:
      cpus === undefined
        ? undefined
        : [...groupBy(cpus, ({ core, socket }) => `${socket} ${core}`).values()]
            .map((threads) => threads.map(({ cpu }) => cpu))
            .filter((threads) => threads.length > 1),
    versions: new Map(pairsOf(text('versions.txt'))),
    clockIsSynchronized: clockOf(text('clock.txt')),
    ssh: names.includes('ssh.txt') ? sshOf(text('ssh.txt')) : undefined,
  });
}

/** Lines of a word and the rest. */
const pairsOf = (text: string): readonly (readonly [string, string])[] =>
  text.split(/\r?\n/).flatMap((line): (readonly [string, string])[] => {
    const [, word = '', rest = ''] = /^(\S+) +(\S.*?) *$/.exec(line) ?? [];
    return word === '' ? [] : [[word, rest.slice(0, 255)]];
  });

function clockOf(text: string): boolean | undefined {
  const [, word] = /^synchronized (yes|no)$/m.exec(text) ?? [];
  return word === undefined ? undefined : word === 'yes';
}

function sshOf(text: string): SshFacts {
  const pairs = pairsOf(text);
  const values = (name: string): string[] =>
    pairs.filter(([word]) => word === name).map(([, value]) => value);
  return {
    offers: values('offers'),
    accepts: values('accepts'),
    knows: values('knows'),
    hashed: Number(values('hashed').at(-1) ?? 0),
    checksHostKeys: values('checks-host-keys').at(-1) !== 'no',
  };
}
