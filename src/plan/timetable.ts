import type { Cloud } from '../model/cloud.ts';
import { groupBy } from '../shared/collections.ts';
import { latestEnd } from '../shared/latest-end.ts';
import { linkUses } from './link-uses.ts';
import { peakUse } from './peak-use.ts';
import type { PlanTimetable, Step } from './plan.ts';
import { isMigration } from './run-steps.ts';

/** What is known of how short a timetable can be. */
export type TimetableProof = Pick<PlanTimetable, 'boundSeconds' | 'outcome'>;

/** What the times of a plan's steps come to. */
export function timetableOf(
  steps: readonly Step[],
  cloud: Cloud,
  { boundSeconds, outcome }: TimetableProof = {},
): PlanTimetable {
  return {
    makespanSeconds: latestEnd(steps),
    sumOfEndSeconds: steps.filter(isMigration).reduce((sum, { endSeconds }) => sum + endSeconds, 0),
    ...(boundSeconds !== undefined && { boundSeconds }),
    ...(outcome !== undefined && { outcome }),
    waves: [...groupBy(steps, ({ wave }) => wave)]
      .toSorted(([a], [b]) => a - b)
      .map(([wave, members]) => ({
        wave,
        startSeconds: members.reduce((first, { startSeconds }) => Math.min(first, startSeconds), Infinity),
        endSeconds: latestEnd(members),
        steps: members.map(({ id }) => id),
      })),
    links: linkUses(steps, cloud).map(({ link: { label, capacityMbps }, uses }) => ({
      link: label,
      capacityMbps,
      peakMbps: peakUse(uses).amount,
      steps: uses.map(({ step }) => step),
    })),
  };
}
