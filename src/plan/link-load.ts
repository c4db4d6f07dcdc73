import type { Cloud } from '../model/cloud.ts';
import { linkUses } from './link-uses.ts';
import { useOverTime } from './peak-use.ts';
import type { Step } from './plan.ts';

/** What migrations take of a link over time. */
export interface LinkLoad {
  /** As the timetable names it. */
  readonly link: string;
  /** Mbit/s from each instant on, in the order of time. */
  readonly carried: ReturnType<typeof useOverTime>;
}

/** The links that migrations of a plan cross, as its timetable has it. */
export const linkLoads = (steps: readonly Step[], cloud: Cloud): readonly LinkLoad[] =>
  linkUses(steps, cloud).map(({ link: { label }, uses }) => ({ link: label, carried: useOverTime(uses) }));
