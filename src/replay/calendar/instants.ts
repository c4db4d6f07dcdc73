const daySeconds = 86_400;

const instantShape = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(Z|[+-]\d\d:\d\d)$/;

/** Seconds since 1970 of an ISO 8601 instant with an offset, to the second; undefined where it is none. */
export function instantSeconds(text: string): number | undefined {
  const [, offset] = instantShape.exec(text) ?? [];
  if (offset === undefined || offsetSeconds(offset) === undefined) return undefined;
  const seconds = Math.floor(Date.parse(text) / 1000);
  // JavaScript reads 30 February as 2 March.
  return Number.isFinite(seconds) && instantText(seconds, offset).startsWith(text.slice(0, 16))
    ? seconds
    : undefined;
}

/** The offset that an instant is written with. */
export const offsetOf = (instant: string): string => instantShape.exec(instant)?.[1] ?? 'Z';

const mostOffset = 14 * 3600;

/** Seconds east of UTC of `Z`, `UTC` or `+02:00`; undefined where it is none. */
export function offsetSeconds(text: string): number | undefined {
  if (text === 'Z' || text === 'UTC') return 0;
  const [, sign, hours = '', minutes = ''] = /^([+-])(\d\d):([0-5]\d)$/.exec(text) ?? [];
  const seconds = Number(hours) * 3600 + Number(minutes) * 60;
  if (sign === undefined || seconds > mostOffset) return undefined;
  return sign === '-' ? -seconds : seconds;
}

/** An instant as text, by an offset. */
export function instantText(seconds: number, offset: string): string {
  const local = new Date((seconds + (offsetSeconds(offset) ?? 0)) * 1000).toISOString().slice(0, 19);
  return `${local}${offset === 'UTC' ? 'Z' : offset}`;
}

/** Seconds of `2d`, `4h30m`, `90m` or `45s`; undefined where it is none of these. */
export function durationSeconds(text: string): number | undefined {
  const parts = /^(?:(\d{1,4})d)?(?:(\d{1,6})h)?(?:(\d{1,7})m)?(?:(\d{1,9})s)?$/.exec(text);
  if (text === '' || parts === null) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  return days * daySeconds + hours * 3600 + minutes * 60 + seconds;
}

/** A time window of the day: seconds after midnight, `to` after `from`, past midnight beyond 86,400. */
export interface DayWindow {
  readonly from: number;
  readonly to: number;
}

/** `22:00-06:00`; undefined where it is no window, or an empty one. */
export function dayWindow(text: string): DayWindow | undefined {
  const [from, to] = (/^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text) ?? []).slice(1).map(timeOfDay);
  if (from === undefined || to === undefined || from === to || from === daySeconds) return undefined;
  return to > from ? { from, to } : { from, to: to + daySeconds };
}

function timeOfDay(text: string): number | undefined {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours > 24 || minutes > 59 || (hours === 24 && minutes > 0)
    ? undefined
    : hours * 3600 + minutes * 60;
}
