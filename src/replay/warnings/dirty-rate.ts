import type { Arrival } from '../../constraints/arrival.ts';
import type { RuleContext } from '../../constraints/context.ts';
import { settingOf } from '../../constraints/settings.ts';
import type { WarningRule } from '../../constraints/warning-rule.ts';
import { calibrationOf } from '../transfer/calibration.ts';
import { endOnTimeout } from '../transfer/forced-end.ts';
import { liveCourse, type LiveCourse } from '../transfer/live.ts';
import { remediesOf } from '../transfer/remedies.ts';
import { liveTermsOf } from '../transfer/transfer.ts';

/**
 * A live migration that is predicted not to end by itself: what it leaves dirty never fits under the downtime limit
 * before Nova's patience is over, by the same model that times it. Only for measured dirty rates and known bandwidths.
 * Tells what Nova does then, and what would end it.
 */
export const dirtyRate: WarningRule = {
  id: 'dirty-rate',
  summary: 'live migrations are predicted not to end in time: servers write memory too fast',
  onArrival(arrival, { context }) {
    const { method, server, to } = arrival;
    if (method !== 'live' || server.dirtyRateMiBps === undefined || !knowsWay(arrival, context)) return [];
    const terms = liveTermsOf(arrival, context.cloud);
    const course = liveCourse(terms, 'expected');
    if (course.converges) return [];
    const carried = Math.round(terms.rate.expected / 2 ** 20);
    const remedies = remediesOf(arrival, context);
    const what = `server ${server.name} writes ${Math.round(server.dirtyRateMiBps)} MiB/s of memory and the way to host ${to} carries ${carried}: a live migration is predicted not to end in time`;
    const text = `${what}; ${thenNova(arrival, context, terms.patience.seconds, course)}${remedies.length === 0 ? '' : `; what would end it: ${remedies.join(', or ')}`}`;
    return [{ text, servers: [server.id], host: to }];
  },
};

function thenNova(
  { from, server }: Arrival,
  { cloud, profile }: RuleContext,
  patience: number,
  { downtimeMs }: LiveCourse,
): string {
  if (settingOf(cloud.hosts.get(from), cloud, 'completionTimeoutSecondsPerGiB') === 0)
    return 'Nova waits for ever';
  const end = profile.switches.forceCompleteOnTimeout ? endOnTimeout(server, from, cloud) : undefined;
  const does = {
    pause: `pauses it for ${Math.ceil(downtimeMs / 1000)} s`,
    'post-copy': 'switches it to post-copy',
  };
  return `after ${Math.ceil(patience)} s Nova ${end === undefined ? 'aborts it' : does[end]}`;
}

/** Whether anybody told how fast the way is: a NIC of either end, the cap on migrations, or finished ones. */
function knowsWay({ from, to }: Arrival, { cloud }: RuleContext): boolean {
  const ends = [from, to].map((id) => cloud.hosts.get(id));
  return (
    ends.some((host) => (host?.nics ?? []).some(({ bandwidthMbps }) => bandwidthMbps > 0)) ||
    settingOf(ends[0], cloud, 'migrationBandwidthMbps') > 0 ||
    calibrationOf(cloud).between(from, to) !== undefined
  );
}
