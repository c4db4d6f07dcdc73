import type { RunSettings } from '../execute/runner/settings.ts';
import type { Cloud } from '../model/cloud.ts';
import type { ServerId } from '../model/ids.ts';
import type { Plan } from '../plan/plan.ts';
import { createCalendar } from '../replay/calendar/calendar.ts';
import { instantSeconds, instantText } from '../replay/calendar/instants.ts';
import type { RunFlags } from './run-flags.ts';

/** What `bindCalendar` works with. */
export interface CalendarOfRun {
  readonly plan: Plan;
  readonly flags: Pick<RunFlags, 'ignoreWindow'>;
  readonly settings: RunSettings;
  /** When the run was begun, in milliseconds since 1970: a deadline that is a duration counts from there. */
  readonly begun: number;
  /** Read only where somebody is frozen or server groups keep apart: these are named by what the cloud tells. */
  readonly cloudOf: () => Promise<Cloud>;
}

/** The settings with the calendar of the plan, on the clock from the beginning of the run on: windows recur by day. */
export async function bindCalendar(run: CalendarOfRun): Promise<RunSettings> {
  const { settings, begun } = run;
  const { calendar: planned, apartSeconds } = run.plan.basedOn.options;
  if (planned === undefined && apartSeconds === undefined) return settings;
  const start = Math.floor(begun / 1000);
  const freezes = (planned?.freezes ?? []).filter(({ to }) => (instantSeconds(to) ?? 0) > start);
  const cloud = freezes.length > 0 || apartSeconds !== undefined ? await run.cloudOf() : undefined;
  const apart =
    apartSeconds === undefined
      ? {}
      : { apart: { seconds: apartSeconds, groupOf: (id: ServerId) => cloud?.servers.get(id)?.group } };
  if (planned === undefined) return { ...settings, ...apart };
  const { timezone } = planned;
  const windows = run.flags.ignoreWindow === true ? [] : planned.windows;
  const times = { ...planned, windows, freezes, startsAt: instantText(start, timezone) };
  const calendar = createCalendar(times, cloud);
  const startsAt = start * 1000;
  const { deadlineSeconds } = calendar;
  const deadline =
    settings.deadline ?? (deadlineSeconds === undefined ? undefined : startsAt + deadlineSeconds * 1000);
  return {
    ...settings,
    ...apart,
    ...(deadline !== undefined && { deadline }),
    calendar: { calendar, startsAt, timezone },
  };
}

/** What is said loudly of a run that does not keep the windows of its plan; undefined where there are none. */
export const ignoredWindows = ({ basedOn }: Plan, { ignoreWindow }: Pick<RunFlags, 'ignoreWindow'>) => {
  const windows = basedOn.options.calendar?.windows ?? [];
  return ignoreWindow === true && windows.length > 0
    ? `THE WINDOWS OF THE PLAN ARE NOT KEPT (--ignore-window): ${windows.join(', ')}`
    : undefined;
};
