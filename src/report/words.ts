import { showName } from '../shared/text.ts';

/** `1 server`, `2 servers`; names are put in as they are. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A number with at most `digits` decimals and no trailing zeros. */
export function decimal(value: number, digits = 1): string {
  const rounded = Number(value.toFixed(digits));
  return String(Object.is(rounded, -0) ? 0 : rounded);
}

/** Below this a share is rounding, as where plans say `optimal`. */
const rounding = 1e-6;

/** A share as a percentage: `0.0312` is `3.1 %`. A share that is more than rounding is never shown as 0. */
export function percent(share: number): string {
  if (share > rounding && share < 0.0005) return 'below 0.1 %';
  return `${decimal(share * 100)} %`;
}

/** A time of RFC 3339 without parts of a second. */
export const wholeSecond = (instant: string): string => instant.replace(/\.\d+/, '');

/** A time for people: `45 s`, `12 min`, `1 h 30 min`, `2 d 3 h`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

/** An amount of data: MiB below one GiB, GiB above. */
export function dataSize(bytes: number): string {
  const gib = bytes / 2 ** 30;
  if (bytes === 0) return '0 GiB';
  return gib < 1 ? `${decimal(bytes / 2 ** 20, 0)} MiB` : `${decimal(gib, gib < 100 ? 1 : 0)} GiB`;
}

/** Names one after the other, safe to print and of at most `longest` characters; those past `limit` are counted. */
export function nameList(names: readonly string[], limit = 12, longest?: number): string {
  const shown = names.slice(0, limit).map((name) => showName(name, longest));
  const rest = names.length - shown.length;
  return rest === 0 ? shown.join(', ') : `${shown.join(', ')} and ${rest} more`;
}

/** A name as a word of a shell command: quoted where it must be. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_.,:/@%+=-]+$/.test(text) && !text.startsWith('-') ? text : shellQuote(text);
}

/** Any text without NUL as one single-quoted word of a POSIX shell, line feeds included. */
export const shellQuote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
