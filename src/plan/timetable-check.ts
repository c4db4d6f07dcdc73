import { settingOf } from '../constraints/settings.ts';
import type { Cloud } from '../model/cloud.ts';
import type { HostId } from '../model/ids.ts';
import { acceptedSeconds, capacityTolerance, timeTolerance } from '../replay/limits.ts';
import { confirmSeconds } from '../replay/transfer/transfer.ts';
import { groupBy } from '../shared/collections.ts';
import type { Finding, FindingCode } from './finding.ts';
import { linkUses } from './link-uses.ts';
import { peakUse, type Use } from './peak-use.ts';
import type { MigrationStep, Plan, Step } from './plan.ts';
import { isMigration } from './run-steps.ts';

/**
 * The times of a plan can be kept: every step starts when what it waits for has ended and takes as long as such a step
 * takes, no link carries more than it can at any instant, and no more migrations run at a time than Nova runs at once
 * and the operator asked for.
 */
export function checkTimetable({ steps, basedOn: { options } }: Plan, cloud: Cloud): readonly Finding[] {
  const migrations = steps.filter(isMigration);
  return [
    ...checkWaits(steps),
    ...steps.flatMap(checkSpan),
    ...checkLinks(steps, cloud),
    ...checkOutbound(migrations, cloud),
    ...checkInbound(migrations, options.maxInbound),
    ...crowd('limit', migrations, options.maxParallel, () => 'migrations at a time'),
  ];
}

function checkWaits(steps: readonly Step[]): readonly Finding[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  return steps.flatMap(({ id, startSeconds, dependsOn, requestAfter }): readonly Finding[] => {
    const early = (limit: number, text: string): readonly Finding[] =>
      startSeconds >= limit - timeTolerance
        ? []
        : [
            {
              code: 'timetable',
              step: id,
              text: `starts at ${startSeconds} s, before ${text}`,
              measured: startSeconds,
              limit,
            },
          ];
    return [
      ...dependsOn.flatMap(({ step }) => {
        const end = byId.get(step)?.endSeconds ?? 0;
        return early(end, `${step} ends at ${end} s`);
      }),
      ...requestAfter.flatMap((step) => {
        const accepted = (byId.get(step)?.startSeconds ?? -acceptedSeconds) + acceptedSeconds;
        return early(accepted, `Nova has accepted ${step} at ${accepted} s`);
      }),
    ];
  });
}

/** From its start to its end a step takes the time that is expected of it. */
function checkSpan(step: Step): readonly Finding[] {
  const limit = expectedSeconds(step);
  const measured = step.endSeconds - step.startSeconds;
  if (limit === undefined || Math.abs(measured - limit) <= timeTolerance) return [];
  const text = `takes ${measured} s in the timetable, ${limit} s are expected`;
  return [{ code: 'timetable', step: step.id, text, measured, limit }];
}

/** Undefined for steps of which nothing foresees how long they take. */
function expectedSeconds(step: Step): number | undefined {
  switch (step.kind) {
    case 'live':
    case 'cold':
    case 'evacuate':
      return step.predicted.seconds.expected;
    case 'confirm':
      return confirmSeconds;
    case 'disable-service':
    case 'enable-service':
      return 0;
    case 'wait':
      return step.seconds;
    case 'stop':
    case 'start':
      return undefined;
  }
}

function checkLinks(steps: readonly Step[], cloud: Cloud): readonly Finding[] {
  return linkUses(steps, cloud).flatMap(({ link, uses }): readonly Finding[] => {
    const { amount: measured, step, atSeconds } = peakUse(uses);
    const limit = link.capacityMbps;
    if (measured <= limit * (1 + capacityTolerance)) return [];
    const text = `${measured} Mbit/s cross the ${link.label} at ${atSeconds} s, limit ${limit}`;
    return [{ code: 'timetable', ...(step !== undefined && { step }), text, measured, limit }];
  });
}

/** Nova's own limit, which holds for live migrations; 0 is none. */
function checkOutbound(migrations: readonly MigrationStep[], cloud: Cloud): readonly Finding[] {
  const live = migrations.filter((step) => step.kind === 'live');
  return [...groupBy(live, (step) => step.from)].flatMap(([host, leaving]) => {
    const limit = settingOf(cloud.hosts.get(host), cloud, 'maxConcurrentLiveMigrations');
    return crowd('timetable', leaving, limit, () => `migrations leave ${host} at the same time`);
  });
}

function checkInbound(migrations: readonly MigrationStep[], limit: number | undefined): readonly Finding[] {
  const words = (host: HostId) => () => `migrations come to ${host} at the same time`;
  return [...groupBy(migrations, (step) => step.to)].flatMap(([host, coming]) =>
    crowd('limit', coming, limit, words(host)),
  );
}

/** More at the same time than a limit; none, or 0, is no limit. */
function crowd(
  code: FindingCode,
  migrations: readonly MigrationStep[],
  limit: number | undefined,
  words: () => string,
): readonly Finding[] {
  if (limit === undefined || limit <= 0) return [];
  const { amount: measured, step } = peakUse(migrations.map(oneOf));
  if (measured <= limit) return [];
  const text = `${measured} ${words()}, limit ${limit}`;
  return [{ code, ...(step !== undefined && { step }), text, measured, limit }];
}

const oneOf = ({ id, startSeconds, endSeconds }: Step): Use => ({
  step: id,
  startSeconds,
  endSeconds,
  amount: 1,
});
