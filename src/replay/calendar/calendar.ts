import type { CalendarOptions, Freeze, Weekday } from '../../model/calendar.ts';
import { weekdays } from '../../model/calendar.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { HostId, ServerId } from '../../model/ids.ts';
import { choicesOf, hostsOf, selectorOf, serversOf } from '../../model/named.ts';
import { invariant } from '../../shared/invariant.ts';
import { dayWindow, durationSeconds, instantSeconds, offsetSeconds } from './instants.ts';
import { firstOpen, gaps, type Interval, united } from './intervals.ts';

/** Which seconds of a timetable are closed, and for whom. */
export interface Calendar {
  /** Seconds in which nothing may be on its way, whoever it is; ascending and disjoint, the last without an end. */
  readonly shut: readonly Interval[];
  /** Seconds in which this server must not be on its way between these hosts; ascending and disjoint. */
  closed(server: ServerId, from: HostId, to: HostId): readonly Interval[];
  /** The first second from `at` on at which that migration may start, if it takes so long; Infinity: never. */
  opensAt(trip: { server: ServerId; from: HostId; to: HostId }, at: number, seconds: number): number;
  /** By when all is to be done; absent where nobody said. */
  readonly deadlineSeconds?: number;
}

const daySeconds = 86_400;
/** Timetables end within this time; nothing is open after it. */
const horizonSeconds = 366 * daySeconds;

/**
 * What an operator's windows, freezes and deadline come to in seconds since `startsAt`.
 *
 *     open = ∪ over days d in `days`, windows w:  [d + from(w), d + to(w))      by the clock of `timezone`
 *
 * A window belongs to the day on which it opens. An offset is kept for all of the timetable: where clocks are changed
 * in between, windows after that are an hour off.
 *
 * @param cloud names what is frozen; without one nothing is
 */
export function createCalendar(options: CalendarOptions, cloud?: Cloud): Calendar {
  const start = secondsOf(options.startsAt);
  const open = openSeconds(options, start);
  const shut: readonly Interval[] = [
    ...gaps(open, 0, horizonSeconds),
    { from: horizonSeconds, to: Infinity },
  ];
  const choices = cloud === undefined ? undefined : choicesOf(cloud);
  const freezes = options.freezes.map((freeze) => {
    const selector = selectorOf(freeze.of);
    return {
      interval: freezeSeconds(freeze, options),
      servers: new Set(choices === undefined || selector === undefined ? [] : serversOf(selector, choices)),
      hosts: new Set(choices === undefined || selector === undefined ? [] : hostsOf(selector, choices)),
    };
  });
  const byFreezes = new Map<string, readonly Interval[]>();
  const closed = (server: ServerId, from: HostId, to: HostId): readonly Interval[] => {
    const own = freezes.filter((one) => one.servers.has(server) || one.hosts.has(from) || one.hosts.has(to));
    if (own.length === 0) return shut;
    const key = own.map((one) => freezes.indexOf(one)).join();
    const known = byFreezes.get(key) ?? united([...shut, ...own.map(({ interval }) => interval)]);
    byFreezes.set(key, known);
    return known;
  };
  const deadline = deadlineSeconds(options);
  return {
    shut,
    closed,
    opensAt: ({ server, from, to }, at, seconds) => firstOpen(closed(server, from, to), at, seconds),
    ...(deadline !== undefined && { deadlineSeconds: deadline }),
  };
}

/** Seconds of a timetable in which a freeze holds; none of one that is over before the start. */
export function freezeSeconds(
  { from, to }: Freeze,
  { startsAt }: Pick<CalendarOptions, 'startsAt'>,
): Interval {
  const after = (instant: string): number => Math.max(0, secondsOf(instant) - secondsOf(startsAt));
  return { from: after(from), to: after(to) };
}

/** Seconds from the start to the deadline. */
export function deadlineSeconds({ deadline, startsAt }: CalendarOptions): number | undefined {
  if (deadline === undefined) return undefined;
  return durationSeconds(deadline) ?? secondsOf(deadline) - secondsOf(startsAt);
}

/** The instant, from one on, at which the first window opens; the instant itself within a window, or without any. */
export function firstOpening(
  options: Pick<CalendarOptions, 'windows' | 'days' | 'timezone'>,
  instant: number,
): number {
  return instant + (openSeconds(options, instant)[0]?.from ?? 0);
}

function openSeconds(
  { windows, days, timezone }: Pick<CalendarOptions, 'windows' | 'days' | 'timezone'>,
  start: number,
): readonly Interval[] {
  if (windows.length === 0) return [{ from: 0, to: horizonSeconds }];
  const offset = offsetSeconds(timezone) ?? 0;
  const firstDay = Math.floor((start + offset) / daySeconds) - 1;
  const opening = Array.from({ length: horizonSeconds / daySeconds + 2 }, (_, day) => firstDay + day).filter(
    (day) => days.length === 0 || days.includes(weekdayOf(day)),
  );
  const parts = windows.flatMap((text) => {
    const window = dayWindow(text);
    invariant(window !== undefined, `windows were read before: ${text}`);
    return opening.map((day): Interval => {
      const midnight = day * daySeconds - offset - start;
      return {
        from: Math.max(0, midnight + window.from),
        to: Math.min(horizonSeconds, midnight + window.to),
      };
    });
  });
  return united(parts);
}

/** 1 January 1970 was a Thursday. */
const weekdayOf = (day: number): Weekday => weekdays[(((day + 4) % 7) + 7) % 7] ?? 'sun';

function secondsOf(instant: string): number {
  const seconds = instantSeconds(instant);
  invariant(seconds !== undefined, `instants were read before: ${instant}`);
  return seconds;
}
