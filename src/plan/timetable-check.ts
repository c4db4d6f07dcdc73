import { settingOf } from '../constraints/settings.ts';
import type { Cloud } from '../model/cloud.ts';
import { groupBy } from '../shared/collections.ts';
import type { Finding } from './finding.ts';
import { mostAtOnce } from './most-at-once.ts';
import type { Plan, Step } from './plan.ts';
import { isMigration } from './run-steps.ts';

/**
 * The timetable keeps Nova's limit of outgoing live migrations a host (0 is none), and nothing starts before what it
 * waits for.
 */
export function checkTimetable(plan: Plan, cloud: Cloud): readonly Finding[] {
  return [...checkWaits(plan.steps), ...checkCrowds(plan.steps, cloud)];
}

/** Steps without times of their own, such as confirms, end when the last of what they wait for ends, or later. */
function checkWaits(steps: readonly Step[]): readonly Finding[] {
  const startOf = new Map<string, number>();
  const endOf = new Map<string, number>();
  return steps.flatMap((step): readonly Finding[] => {
    if (!isMigration(step)) {
      endOf.set(step.id, latest(step.dependsOn.map((dependency) => endOf.get(dependency.step))));
      return [];
    }
    const { startSeconds, endSeconds } = step.predicted;
    startOf.set(step.id, startSeconds);
    endOf.set(step.id, endSeconds);
    const finding = (text: string): Finding => ({
      code: 'timetable',
      step: step.id,
      text: `starts at ${startSeconds} s, before ${text}`,
    });
    return [
      ...step.dependsOn.flatMap(({ step: other }) => {
        const end = endOf.get(other) ?? 0;
        return startSeconds >= end ? [] : [finding(`${other} ends at ${end} s`)];
      }),
      ...step.requestAfter.flatMap((other) => {
        const start = startOf.get(other) ?? 0;
        return startSeconds >= start ? [] : [finding(`${other} is requested at ${start} s`)];
      }),
    ];
  });
}

const latest = (times: readonly (number | undefined)[]): number =>
  times.reduce((last: number, time) => Math.max(last, time ?? 0), 0);

function checkCrowds(steps: readonly Step[], cloud: Cloud): readonly Finding[] {
  const live = steps.filter(isMigration).filter((step) => step.kind === 'live');
  return [...groupBy(live, (step) => step.from)].flatMap(([host, leaving]): readonly Finding[] => {
    const limit = settingOf(cloud.hosts.get(host), cloud, 'maxConcurrentLiveMigrations');
    const measured = mostAtOnce(leaving);
    if (limit <= 0 || measured <= limit) return [];
    const text = `${measured} migrations leave ${host} at the same time, limit ${limit}`;
    return [{ code: 'timetable', text, measured, limit }];
  });
}
