import type { PageStep } from '../../report/page/page-data.ts';

/** `0:07:30`: hours, minutes and seconds since the plan's start. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return `${h}:${pad(m)}:${pad(s)}`;
}

/** `2026-03-02 01:30:00 UTC` of seconds since 1970. */
export function utc(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `45 s`, `12 min`, `3 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${rest} min`}`;
}

/** `340 ms`, `2.5 s`. */
export function shortTime(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  return milliseconds < 10_000 ? `${(milliseconds / 1000).toFixed(1)} s` : duration(milliseconds / 1000);
}

/** `4.2 GiB`, `310 MiB` of bytes. */
export function bytesWords(bytes: number): string {
  const mebi = bytes / 2 ** 20;
  return mebi < 1024 ? `${Math.round(mebi)} MiB` : `${(mebi / 1024).toFixed(1)} GiB`;
}

/** A meter's number, short: MiB as GiB, to a tenth below 100. */
export function amount(value: number, unit: string): string {
  if (unit === 'MiB') return `${round(value / 1024)}`;
  return grouped(value);
}

/** The unit that `amount` speaks. */
export function shownUnit(unit: string): string {
  return unit === 'MiB' ? 'GiB' : unit;
}

export function signed(value: number, unit: string): string {
  if (value === 0) return '';
  return value > 0 ? `+${amount(value, unit)}` : `\u2212${amount(-value, unit)}`;
}

/** `6,000` in any locale. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 step`, `2 steps`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${grouped(n)} ${n === 1 ? one : many}`;
}

export const kindWords: Readonly<Record<PageStep['kind'], string>> = {
  live: 'live migration',
  cold: 'cold migration',
  evacuate: 'evacuate',
  confirm: 'confirm',
  'disable-service': 'disable service',
  'enable-service': 'enable service',
  stop: 'stop',
  start: 'start',
  wait: 'wait',
};

function round(value: number): number {
  return value >= 100 ? Math.round(value) : Math.round(value * 10) / 10;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
