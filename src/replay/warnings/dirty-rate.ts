import type { Cloud } from '../../model/cloud.ts';
import type { Host } from '../../model/host.ts';
import type { Server } from '../../model/server.ts';
import { settingOf } from '../../constraints/settings.ts';
import type { WarningRule } from '../../constraints/warning-rule.ts';

/** Share of a link that payload gets, as in the timetable. */
const payloadShare = 0.8;

/**
 * A live migration that is predicted not to end: the server writes memory as fast as the network carries it, or so
 * nearly that Nova's timeout comes first. Only for measured dirty rates and known bandwidths, and only where neither
 * post-copy nor auto-converge may end it.
 *
 *     r = D / B ≥ 1,  or  M / B ÷ (1 − r) > live_migration_completion_timeout × max(2, M in GiB)
 *
 * M memory, B bandwidth, D dirty rate. Source: virt/libvirt/migration.py should_trigger_timeout_action.
 */
export const dirtyRate: WarningRule = {
  id: 'dirty-rate',
  summary: 'live migrations are predicted not to end in time: servers write memory too fast',
  onArrival({ server, from, to, method }, { context: { cloud } }) {
    const rate = server.dirtyRateMiBps;
    const { hosts } = cloud;
    const source = hosts.get(from);
    if (method !== 'live' || rate === undefined) return [];
    if (settingOf(source, cloud, 'permitPostCopy') || settingOf(source, cloud, 'permitAutoConverge'))
      return [];
    const bandwidth = knownMiBps(source, hosts.get(to), cloud);
    if (bandwidth === undefined || endsInTime(server, rate, bandwidth, timeoutPerGiB(source, cloud)))
      return [];
    const text = `server ${server.name} writes ${Math.round(rate)} MiB/s of memory and the way to host ${to} carries ${Math.round(bandwidth)}: a live migration is predicted not to end in time`;
    return [{ text, servers: [server.id], host: to }];
  },
};

function endsInTime(server: Server, rate: number, bandwidth: number, perGiB: number): boolean {
  if (rate >= bandwidth) return false;
  if (perGiB <= 0) return true;
  const memoryMiB = Math.min(server.flavor.memoryMiB, server.usage?.memoryUsedMiB ?? server.flavor.memoryMiB);
  const seconds = memoryMiB / bandwidth / (1 - rate / bandwidth);
  return seconds <= perGiB * Math.max(2, server.flavor.memoryMiB / 1024);
}

const timeoutPerGiB = (host: Host | undefined, cloud: Cloud): number =>
  settingOf(host, cloud, 'completionTimeoutSecondsPerGiB');

/** MiB a second of the slower end, or of the cap on migrations; undefined when nothing of it is known. */
function knownMiBps(from: Host | undefined, to: Host | undefined, cloud: Cloud): number | undefined {
  const cap = settingOf(from, cloud, 'migrationBandwidthMbps');
  const ends = [from, to].flatMap((host) => {
    const nics = (host?.nics ?? []).map((nic) => nic.bandwidthMbps).filter((mbps) => mbps > 0);
    return nics.length === 0 ? [] : [Math.max(...nics)];
  });
  const known = [...ends, ...(cap > 0 ? [cap] : [])];
  return known.length === 0 ? undefined : (Math.min(...known) * 1e6 * payloadShare) / 8 / 2 ** 20;
}
