import { createCalendar } from '../replay/calendar/calendar.ts';
import type { Interval } from '../replay/calendar/intervals.ts';
import type { Plan } from './plan.ts';

/** When, from a plan's start to its end, its windows let nothing run; what is frozen of it is not among that. */
export function shutStretches({ basedOn: { options }, timetable }: Plan): readonly Interval[] {
  const { calendar } = options;
  if (calendar === undefined) return [];
  const end = timetable.makespanSeconds;
  return createCalendar(calendar)
    .shut.filter(({ from }) => from < end)
    .map(({ from, to }) => ({ from, to: Math.min(to, end) }));
}
