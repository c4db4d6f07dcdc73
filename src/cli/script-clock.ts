import { weekdays } from '../model/calendar.ts';
import type { Plan } from '../plan/plan.ts';
import { dayWindow, durationSeconds, instantSeconds, offsetSeconds } from '../replay/calendar/instants.ts';
import type { ScriptClock } from '../report/script-calendar.ts';

/** What the plan asks of the clock, for a script to look at; undefined where it asks nothing. */
export function scriptClock({ basedOn: { options } }: Plan): ScriptClock | undefined {
  const { apartSeconds, calendar } = options;
  if (calendar === undefined && apartSeconds === undefined) return undefined;
  const { days = [], deadline, freezes = [], startsAt = '', timezone = 'Z', windows = [] } = calendar ?? {};
  return {
    startsAt: instantSeconds(startsAt) ?? 0,
    offsetSeconds: offsetSeconds(timezone) ?? 0,
    windows: windows.flatMap((text) => dayWindow(text) ?? []),
    days: days.map((day) => weekdays.indexOf(day)),
    freezes: freezes.map(({ from, to }) => ({
      from: instantSeconds(from) ?? 0,
      to: instantSeconds(to) ?? 0,
    })),
    ...(deadline !== undefined && { deadline: deadlineOf(deadline) }),
    ...(apartSeconds !== undefined && { apartSeconds }),
  };
}

function deadlineOf(text: string): NonNullable<ScriptClock['deadline']> {
  const seconds = durationSeconds(text);
  return seconds === undefined
    ? { kind: 'at', seconds: instantSeconds(text) ?? 0 }
    : { kind: 'after', seconds };
}
