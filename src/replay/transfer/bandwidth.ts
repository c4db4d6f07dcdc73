import { settingOf } from '../../constraints/settings.ts';
import type { Arrival } from '../../constraints/arrival.ts';
import type { Cloud } from '../../model/cloud.ts';
import { routeOf } from '../network.ts';
import { byEnd, type ByEnd } from './ends.ts';

/** Of the 1538 bytes that a full Ethernet frame takes on the wire, 1448 are payload of TCP. */
const frameShare = 1448 / 1538;
/** What is left of a link that others use too. */
const busyShare: ByEnd = { low: 1, expected: 1, high: 0.5 };

/** Bytes a second that one channel carries, since one core feeds it: in the clear, by TLS, through libvirt's own. */
const channelRates = {
  plain: { low: 3e9, expected: 2e9, high: 1e9 },
  tls: { low: 2e9, expected: 1e9, high: 5e8 },
  tunnelled: { low: 1e9, expected: 5e8, high: 2.5e8 },
} as const satisfies Readonly<Record<string, ByEnd>>;

/** The same of the copy of a file by scp, and by rsync that packs it (all but qcow2). */
const copyRates = {
  scp: { low: 1e9, expected: 4e8, high: 1e8 },
  packed: { low: 4e8, expected: 1.5e8, high: 5e7 },
} as const satisfies Readonly<Record<string, ByEnd>>;

/** What the way of a migration carries. */
export interface Way {
  /** Mbit/s that it may take of every link on the way. */
  readonly mbps: number;
  /** Bytes of payload a second, if nothing but the network holds it up. */
  readonly payload: ByEnd;
}

/**
 * The network between two hosts:
 *
 *     payload = path × efficiency, or live_migration_bandwidth, which caps payload, where that is less
 */
export function wayBetween(
  { from, to, method }: Pick<Arrival, 'from' | 'to' | 'method'>,
  cloud: Cloud,
  efficiency: ByEnd = assumedEfficiency,
): Way {
  const { mbps } = routeOf(from, to, cloud, method);
  const isCapped = mbps === settingOf(cloud.hosts.get(from), cloud, 'migrationBandwidthMbps');
  return {
    mbps,
    payload: byEnd((end) => (mbps * 1e6 * (isCapped ? busyShare[end] : efficiency[end])) / 8),
  };
}

/** Share of a link's bandwidth that a migration gets through as payload, where no finished one has told. */
export const assumedEfficiency: ByEnd = byEnd((end) => frameShare * busyShare[end]);

/** Bytes a second of a live migration's memory: the network's, or what its channels carry. */
export function liveRate({ payload }: Way, { from }: Pick<Arrival, 'from'>, cloud: Cloud): ByEnd {
  const source = cloud.hosts.get(from);
  const channels = Math.max(1, settingOf(source, cloud, 'parallelConnections'));
  const rates = channelRates[channelOf()];
  return byEnd((end) => Math.min(payload[end], channels * rates[end]));

  function channelOf(): keyof typeof channelRates {
    if (settingOf(source, cloud, 'nativeTls')) return 'tls';
    return settingOf(source, cloud, 'tunnelled') ? 'tunnelled' : 'plain';
  }
}

/** Mbit/s of every link on the way, where the ends cannot fill it: whole numbers, rounded up. */
export const takenMbps = ({ mbps, payload }: Way, rate: ByEnd): number =>
  Math.ceil(mbps * Math.min(1, rate.expected / payload.expected));

/** How a cold migration copies disks, and how fast. */
export interface FileCopy {
  readonly rate: ByEnd;
  /** Whether holes of sparse files are sent as well: scp keeps none, and only qcow2 has none. */
  readonly whole: boolean;
}

/**
 * Files go by scp, or by rsync, which skips holes and packs all but qcow2. Source: virt/libvirt/volume/remotefs.py,
 * driver.py migrate_disk_and_power_off.
 */
export function fileCopy({ payload }: Way, { from }: Pick<Arrival, 'from'>, cloud: Cloud): FileCopy {
  const source = cloud.hosts.get(from);
  const raw = !['default', 'qcow2'].includes(settingOf(source, cloud, 'imagesType'));
  const packs = raw && settingOf(source, cloud, 'remoteTransport') === 'rsync';
  const rates = packs ? copyRates.packed : copyRates.scp;
  return {
    rate: byEnd((end) => Math.min(payload[end], rates[end])),
    whole: raw && !packs,
  };
}
