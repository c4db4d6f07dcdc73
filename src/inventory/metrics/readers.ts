import { type HostId, hostId, type ServerId, serverId } from '../../model/ids.ts';
import { compareText, groupBy } from '../../shared/collections.ts';
import { type Bundle, namesIn } from '../bundle-files.ts';
import type { Gap } from '../document/cloud-records.ts';
import type { Facts, HostFacts, ServerFacts } from '../facts.ts';
import { mapIf, present } from '../present.ts';
import { newestOf, percentile95, readSeries, type Series, sumOf } from './series.ts';

/** A host whose newest sample is older than this says nothing of today. */
const staleSeconds = 15 * 60;

/**
 * Measured usage of hosts (`metrics/host-*.json`) and servers (`metrics/vm-*.json`), as replies of Prometheus: the
 * 95th percentile of the last day. Hosts keep the name or address that their series carry until the other sources say
 * whose it is; guests are known by libvirt's name for them, and `domain-info-meta.json` says which server that is.
 */
export function readMetrics(bundle: Bundle): Facts | undefined {
  if (namesIn(bundle, 'metrics').length === 0) return undefined;
  const read = (query: string): readonly Series[] => readSeries(bundle, query);
  const host = {
    cpu: read('host-cpu-percent'),
    memory: read('host-memory-used-bytes'),
    received: read('host-nic-receive-bytes'),
    sent: read('host-nic-transmit-bytes'),
    speed: read('host-nic-speed'),
  };
  const guest = {
    cpu: read('vm-cpu-percent'),
    memory: read('vm-memory-used-percent'),
    dirty: read('vm-dirty-rate'),
    workingSet: read('vm-working-set-bytes'),
    resident: read('vm-memory-rss-bytes'),
    written: read('vm-disk-write-bytes'),
    meta: read('domain-info-meta'),
  };
  const until = newestOf([...Object.values(host), ...Object.values(guest)].flat());
  if (until === undefined) return undefined;
  const gaps: Gap[] = [];
  const servers = toServers(guest, until, gaps);
  return {
    source: 'metrics:prometheus',
    hosts: toHosts(host, until, gaps),
    servers,
    seenAt: [new Date(Math.floor(until) * 1000).toISOString().replace('.000Z', 'Z')],
    gaps,
  };
}

type HostSeries = Readonly<Record<'cpu' | 'memory' | 'received' | 'sent' | 'speed', readonly Series[]>>;

function toHosts(series: HostSeries, until: number, gaps: Gap[]): ReadonlyMap<HostId, HostFacts> {
  const { cpu, memory, received, sent, speed } = series;
  const names = new Set(Object.values(series).flat().map(hostLabel));
  const hosts = new Map<HostId, HostFacts>();
  for (const name of [...names].sort(compareText)) {
    const own = (all: readonly Series[]): readonly Series[] => all.filter((each) => hostLabel(each) === name);
    // both directions of a link have its full speed
    const bytes = [received, sent]
      .map((all) => percentile95([sumOf(own(all))], until))
      .filter((value) => value !== undefined);
    const usage = present({
      cpuPercent: mapIf(percentile95(own(cpu), until), rounded),
      memoryUsedMiB: mapIf(percentile95(own(memory), until), (value) => Math.ceil(value / 2 ** 20)),
      networkMbps: bytes.length === 0 ? undefined : rounded((Math.max(...bytes) * 8) / 1e6),
    });
    hosts.set(
      hostId(name),
      present({
        usage: Object.keys(usage).length === 0 ? undefined : usage,
        nics: own(speed).length === 0 ? undefined : nicsOf(own(speed)),
      }),
    );
    const newest = newestOf([...own(cpu), ...own(memory), ...own(received), ...own(sent)]);
    if (newest !== undefined && newest < until - staleSeconds) {
      gaps.push({
        code: 'metrics.stale',
        summary: `host ${name} has no samples of the last ${Math.round((until - newest) / 60)} minutes`,
      });
    }
  }
  return hosts;
}

const nicsOf = (speeds: readonly Series[]) =>
  speeds
    .flatMap(({ labels, samples }) => {
      const bytes = samples.at(-1)?.[1];
      return bytes === undefined || bytes <= 0
        ? []
        : [{ name: labels['device'] ?? 'unknown', bandwidthMbps: Math.round((bytes * 8) / 1e6) }];
    })
    .sort((a, b) => compareText(a.name, b.name));

/** `kvm-a01.dc1.example.net:9100` without the port of the exporter. */
const hostLabel = ({ labels }: Series): string => (labels['instance'] ?? 'unknown').replace(/:\d+$/, '');

type GuestSeries = Readonly<
  Record<'cpu' | 'memory' | 'dirty' | 'workingSet' | 'resident' | 'written' | 'meta', readonly Series[]>
>;

function toServers(
  { cpu, dirty, memory, meta, resident, workingSet, written }: GuestSeries,
  until: number,
  gaps: Gap[],
): ReadonlyMap<ServerId, ServerFacts> {
  const serverOf = serverFinder(meta);
  const lost = new Set<string>();
  const byServer = (all: readonly Series[]): ReadonlyMap<ServerId | undefined, readonly Series[]> =>
    groupBy(all, (each) => {
      const id = serverOf(each);
      if (id === undefined) lost.add(each.labels['domain'] ?? 'unknown');
      return id;
    });
  const [cpuOf, memoryOf, dirtyOf] = [cpu, memory, dirty].map(byServer);
  const [workingSetOf, residentOf, writtenOf] = [workingSet, resident, written].map(byServer);
  const servers = new Map<ServerId, ServerFacts>();
  for (const { labels } of meta) {
    const id = labels['uuid'];
    if (id === undefined || servers.has(serverId(id))) continue;
    const measured = (from: typeof cpuOf): number | undefined =>
      percentile95(from?.get(serverId(id)) ?? [], until);
    const cpuPercent = mapIf(measured(cpuOf), rounded);
    servers.set(
      serverId(id),
      present({
        name: labels['instance_name'],
        projectId: labels['project_uuid'],
        userId: labels['user_uuid'],
        flavorRef: mapIf(labels['flavor'], (name) => ({ name })),
        usage: mapIf(cpuPercent, (percent) => ({ cpuPercent: percent })),
        memoryUsedPercent: measured(memoryOf),
        // libvirt's megabytes are MiB
        dirtyRateMiBps: mapIf(measured(dirtyOf), rounded),
        workingSetMiB: mapIf(measured(workingSetOf), toMiB),
        residentMemoryMiB: mapIf(measured(residentOf), toMiB),
        // of all its disks together
        diskWriteMiBps: mapIf(percentile95([sumOf(writtenOf?.get(serverId(id)) ?? [])], until), toMiB),
      }),
    );
  }
  if (lost.size > 0) {
    gaps.push({
      code: 'metrics.unknown-domain',
      summary: `series of ${lost.size} guests are left out: nothing says which server a domain is`,
      hint: 'record libvirt_domain_info_meta as metrics/domain-info-meta.json',
    });
  }
  return servers;
}

/** By libvirt's name and its host; by the name alone where that is one server's only (names repeat between Nova cells). */
function serverFinder(meta: readonly Series[]): (series: Series) => ServerId | undefined {
  const exact = new Map<string, string>();
  const byDomain = new Map<string, Set<string>>();
  for (const { labels } of meta) {
    const { domain, instance = '', uuid } = labels;
    if (domain === undefined || uuid === undefined) continue;
    exact.set(`${domain} ${instance}`, uuid);
    byDomain.set(domain, (byDomain.get(domain) ?? new Set()).add(uuid));
  }
  return ({ labels }) => {
    const { domain = '', instance = '', uuid } = labels;
    const only = byDomain.get(domain);
    const [one] = only?.size === 1 ? only : [];
    return mapIf(uuid ?? exact.get(`${domain} ${instance}`) ?? one, serverId);
  };
}

const toMiB = (bytes: number): number => rounded(bytes / 2 ** 20);

/** Whole, and never understated. */
const rounded = (value: number): number => Math.max(0, Math.ceil(value));
