import { createCalendar, freezeSeconds } from '../replay/calendar/calendar.ts';
import type { Interval } from '../replay/calendar/intervals.ts';
import type { Plan } from './plan.ts';

/** Seconds in which a freeze leaves alone what its selector (`kind:value`) names. */
export interface FrozenStretch extends Interval {
  readonly of: string;
}

/** When, from a plan's start to its end, its windows let nothing run. */
export function shutStretches({ basedOn: { options }, timetable }: Plan): readonly Interval[] {
  const { calendar } = options;
  if (calendar === undefined) return [];
  return until(timetable.makespanSeconds, createCalendar(calendar).shut);
}

/** When, from a plan's start to its end, its freezes leave some of the cloud alone. */
export function frozenStretches({ basedOn: { options }, timetable }: Plan): readonly FrozenStretch[] {
  const { calendar } = options;
  if (calendar === undefined) return [];
  const stretches = calendar.freezes.map((freeze) => ({ of: freeze.of, ...freezeSeconds(freeze, calendar) }));
  return until(
    timetable.makespanSeconds,
    stretches.filter(({ from, to }) => to > from),
  );
}

function until<Stretch extends Interval>(end: number, stretches: readonly Stretch[]): readonly Stretch[] {
  return stretches
    .filter(({ from }) => from < end)
    .map((stretch) => ({ ...stretch, to: Math.min(stretch.to, end) }));
}
