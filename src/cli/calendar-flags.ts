import type { Command } from 'commander';
import {
  type CalendarOptions,
  type Freeze,
  type OrderPreference,
  orderPreferences,
  type Weekday,
  weekdays,
} from '../model/calendar.ts';
import { selectorOf } from '../model/named.ts';
import { firstOpening } from '../replay/calendar/calendar.ts';
import {
  dayWindow,
  durationSeconds,
  instantSeconds,
  instantText,
  offsetOf,
  offsetSeconds,
} from '../replay/calendar/instants.ts';
import { wholeSecond } from '../report/words.ts';
import type { FlagReader } from './flag-reader.ts';
import { repeated } from './judging-flags.ts';

/** When and in which order migrations may run, as commander gives it. */
export interface CalendarFlags {
  readonly window: readonly string[];
  readonly days?: string;
  readonly at?: string;
  readonly timezone?: string;
  readonly deadline?: string;
  readonly freeze: readonly string[];
  readonly prefer: readonly string[];
  readonly apart?: string;
}

/** The same, read; the start of the timetable may still hang on when the cloud was captured. */
export interface CalendarSettings {
  readonly calendar?: Omit<CalendarOptions, 'startsAt'> & { readonly at?: string };
  readonly prefer?: readonly OrderPreference[];
  readonly apartSeconds?: number;
}

/** Adds the options to a command. */
export const addCalendarOptions = (command: Command): Command =>
  command
    .addOption(repeated('--window <hh:mm-hh:mm>', 'migrate only in this time of day; over midnight too'))
    .option('--days <list>', 'days on which windows open, such as mon-fri or sat,sun')
    .option('--at <time>', 'when the run is to start, such as 2026-03-01T22:00+01:00')
    .option('--timezone <offset>', 'offset by which times without one are read (that of --at, else UTC)')
    .option('--deadline <time>', 'by when all is done: a time, or a duration such as 4h30m')
    .addOption(
      repeated(
        '--freeze <what=from/to>',
        'leave a tag, or KIND:VALUE as in --exclude, alone between two times',
      ),
    )
    .addOption(
      repeated(
        '--prefer <list>',
        `order, where it costs no time: ${orderPreferences.join(', ')}`,
        orderPreferences,
      ),
    )
    .option('--apart <seconds>', 'time between two members of one server group');

const longestApart = 604_800;

/** The values of the options; what is wrong with them stands in the reader. */
export function readCalendarFlags(flags: CalendarFlags, read: FlagReader): CalendarSettings {
  const given = flags.timezone;
  const by = given === undefined || offsetSeconds(given) === undefined ? undefined : given;
  const at = readInstant('--at', flags.at, by, read);
  const timezone = readTimezone(flags, at, read);
  const windows = flags.window.filter((text) => isWindow(text, read));
  const days = flags.days === undefined ? [] : readDays(flags.days, read);
  if (flags.days !== undefined && flags.window.length === 0)
    read.refuse('--days', flags.days, 'days say when windows open', 'add --window HH:MM-HH:MM');
  const deadline = readDeadline(flags.deadline, timezone, at, read);
  const freezes = flags.freeze.flatMap((text) => readFreeze(text, timezone, read) ?? []);
  const prefer = readPreferences(flags.prefer, read);
  const apartSeconds = read.integer('--apart', flags.apart, 1, longestApart);
  const asked = [flags.at, flags.deadline, ...flags.window, ...flags.freeze].some((one) => one !== undefined);
  if (flags.timezone !== undefined && !asked)
    read.refuse('--timezone', flags.timezone, 'there is no time to read by it', 'leave it out');
  return {
    ...(asked && {
      calendar: {
        timezone,
        windows,
        days,
        freezes,
        ...(at !== undefined && { at }),
        ...(deadline !== undefined && { deadline }),
      },
    }),
    ...(prefer.length > 0 && { prefer }),
    ...(apartSeconds !== undefined && { apartSeconds }),
  };
}

/**
 * The calendar with its start: `--at`, else the first opening of a window after the cloud was captured, else that
 * instant.
 */
export function startCalendar(
  { at, ...calendar }: NonNullable<CalendarSettings['calendar']>,
  capturedAt: string,
): CalendarOptions {
  const captured = instantSeconds(wholeSecond(capturedAt)) ?? 0;
  const start = at === undefined ? firstOpening(calendar, captured) : (instantSeconds(at) ?? captured);
  return { ...calendar, startsAt: instantText(start, calendar.timezone) };
}

/** Notes a deadline that lies before the start, where the start was not given. */
export function checkDeadline(calendar: CalendarOptions, read: FlagReader): void {
  const { deadline, startsAt } = calendar;
  const end = deadline === undefined ? undefined : instantSeconds(deadline);
  if (deadline === undefined || end === undefined || end > (instantSeconds(startsAt) ?? 0)) return;
  read.refuse(
    '--deadline',
    deadline,
    `not after the start of the timetable, ${startsAt}`,
    'name a later time',
  );
}

const exampleInstant = 'write it as 2026-03-01T22:00+01:00';

/** An instant with an offset; one without gets `timezone`, where that is given. */
function readInstant(
  flag: string,
  text: string | undefined,
  timezone: string | undefined,
  read: FlagReader,
): string | undefined {
  if (text === undefined) return undefined;
  const whole = withOffset(text, timezone);
  if (instantSeconds(whole) !== undefined) return whole;
  const missing = timezone === undefined ? 'no time in ISO 8601 with an offset' : 'no time in ISO 8601';
  read.refuse(flag, text, missing, exampleInstant);
  return undefined;
}

const withOffset = (text: string, timezone: string | undefined): string =>
  timezone !== undefined && /T\d\d:\d\d(?::\d\d)?$/.test(text)
    ? `${text}${timezone === 'UTC' ? 'Z' : timezone}`
    : text;

function readTimezone({ timezone }: CalendarFlags, at: string | undefined, read: FlagReader): string {
  if (timezone !== undefined && offsetSeconds(timezone) === undefined)
    read.refuse('--timezone', timezone, 'no offset from UTC', 'write +02:00, -05:30 or UTC');
  else if (timezone !== undefined) return timezone;
  return at === undefined ? 'UTC' : offsetOf(at);
}

function isWindow(text: string, read: FlagReader): boolean {
  if (dayWindow(text) !== undefined) return true;
  read.refuse('--window', text, 'no time window, or an empty one', 'write HH:MM-HH:MM, such as 22:00-06:00');
  return false;
}

/** `mon,wed` and ranges such as `fri-mon`, in the order of the week. */
function readDays(text: string, read: FlagReader): readonly Weekday[] {
  const chosen = new Set<Weekday>();
  for (const part of text.split(',').map((one) => one.trim().toLowerCase())) {
    const [first, last = first, ...more] = part
      .split('-')
      .map((name) => weekdays.findIndex((d) => d === name));
    if (first === undefined || first < 0 || last === undefined || last < 0 || more.length > 0) {
      const hint = `use ${weekdays.join(', ')}, and ranges such as mon-fri`;
      read.refuse('--days', part, 'no day of the week, nor a range of them', hint);
      continue;
    }
    const length = ((last - first + 7) % 7) + 1;
    for (let step = 0; step < length; step += 1) {
      const day = weekdays[(first + step) % 7];
      if (day !== undefined) chosen.add(day);
    }
  }
  return weekdays.filter((day) => chosen.has(day));
}

function readDeadline(
  text: string | undefined,
  timezone: string,
  at: string | undefined,
  read: FlagReader,
): string | undefined {
  if (text === undefined) return undefined;
  const seconds = durationSeconds(text);
  if (seconds !== undefined && seconds > 0) return text;
  if (seconds === 0) {
    read.refuse('--deadline', text, 'no time is left', 'name a longer one, such as 4h30m');
    return undefined;
  }
  const deadline = withOffset(text, timezone);
  if (instantSeconds(deadline) === undefined) {
    const hint = `${exampleInstant}, or a duration as 4h30m, 90m or 1d`;
    read.refuse('--deadline', text, 'neither a time in ISO 8601 nor a duration', hint);
    return undefined;
  }
  const start = at === undefined ? undefined : instantSeconds(at);
  if (start !== undefined && (instantSeconds(deadline) ?? 0) <= start) {
    read.refuse('--deadline', text, `not after --at ${at ?? ''}`, 'name a later time');
    return undefined;
  }
  return deadline;
}

/** `TAG=FROM/TO` or `KIND:VALUE=FROM/TO`; the value may hold `=`. */
function readFreeze(text: string, timezone: string, read: FlagReader): Freeze | undefined {
  const [, what = '', from = '', to = ''] = /^(.+)=([^=/]+)\/([^=/]+)$/.exec(text) ?? [];
  if (what === '') {
    const hint = 'write TAG=FROM/TO, such as billing=2026-03-01T00:00Z/2026-03-03T00:00Z';
    read.refuse('--freeze', text, 'names no tag, or no two times', hint);
    return undefined;
  }
  const of = selectorOf(what) === undefined ? `tag:${what}` : what;
  const first = readInstant('--freeze', from, timezone, read);
  const last = readInstant('--freeze', to, timezone, read);
  if (first === undefined || last === undefined) return undefined;
  if ((instantSeconds(last) ?? 0) > (instantSeconds(first) ?? 0)) return { of, from: first, to: last };
  read.refuse('--freeze', text, 'ends before it begins', 'put the earlier time first');
  return undefined;
}

function readPreferences(lists: readonly string[], read: FlagReader): readonly OrderPreference[] {
  const words = lists.flatMap((list) => list.split(',')).map((word) => word.trim());
  const chosen = words.flatMap((word) => read.choice('--prefer', word, orderPreferences) ?? []);
  if (chosen.includes('big-first') && chosen.includes('small-first'))
    read.refuse('--prefer', chosen.join(), 'big-first and small-first exclude each other', 'leave one out');
  return [...new Set(chosen)];
}
