import type { Plan } from '../plan/plan.ts';

/**
 * What a plan asks of the clock, one line each, which a script does not see to. Empty where it asks nothing.
 */
export function clockLines({ basedOn: { options } }: Plan): readonly string[] {
  const { calendar, apartSeconds } = options;
  const ofCalendar =
    calendar === undefined
      ? []
      : [
          `start: ${calendar.startsAt}`,
          ...calendar.windows.map((window) => `window: ${window} at ${calendar.timezone}`),
          ...(calendar.days.length === 0 ? [] : [`days: ${calendar.days.join(', ')}`]),
          ...calendar.freezes.map(({ of, from, to }) => `freeze: ${of} from ${from} to ${to}`),
          ...(calendar.deadline === undefined ? [] : [`deadline: ${calendar.deadline}`]),
        ];
  const apart = apartSeconds === undefined ? [] : [`apart: ${apartSeconds} s between members of a group`];
  return [...ofCalendar, ...apart];
}

/** Said wherever a script is made of a plan that asks something of the clock. */
export const clockWarning =
  'this script does not look at the clock: run it only when the plan allows, or use planner run';
