/** Days of the week, from Sunday as JavaScript and cron count them. */
export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof weekdays)[number];

/** Servers and hosts that are left alone for a time. Instants are ISO 8601 with an offset. */
export interface Freeze {
  /** `kind:value` of a selector. */
  readonly of: string;
  readonly from: string;
  readonly to: string;
}

/** How to order what may go at the same time. */
export const orderPreferences = ['big-first', 'small-first', 'risky-last'] as const;
export type OrderPreference = (typeof orderPreferences)[number];

/** When migrations may run, as the operator gave it. */
export interface CalendarOptions {
  /** Instant of second 0 of the timetable, ISO 8601 with the offset of `timezone`. */
  readonly startsAt: string;
  /** Offset from UTC by which times of day are read, such as `+02:00`. */
  readonly timezone: string;
  /** `22:00-06:00`; none: any time of day. */
  readonly windows: readonly string[];
  /** Days on which windows open; none: every day. */
  readonly days: readonly Weekday[];
  readonly freezes: readonly Freeze[];
  /** By when all is done: an instant, or a duration from the start such as `4h30m`. */
  readonly deadline?: string;
}
