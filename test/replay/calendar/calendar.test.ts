import { describe, expect, it } from 'vitest';
import type { CalendarOptions } from '../../../src/model/calendar.ts';
import { createCalendar, deadlineSeconds, firstOpening } from '../../../src/replay/calendar/calendar.ts';
import {
  dayWindow,
  durationSeconds,
  instantSeconds,
  instantText,
  offsetSeconds,
} from '../../../src/replay/calendar/instants.ts';
import { firstOpen, gaps, united } from '../../../src/replay/calendar/intervals.ts';
import { aCloud, aServer, hostId, serverId } from '../../support/builders.ts';

const hour = 3600;
/** Thursday, 1 January 2026. */
const options: CalendarOptions = {
  startsAt: '2026-01-01T21:00:00+01:00',
  timezone: '+01:00',
  windows: ['22:00-06:00'],
  days: [],
  freezes: [],
};
const cloud = aCloud({ servers: [aServer('a', 'h1', { tags: ['billing'] }), aServer('b', 'h2')] });
const [h1, h2, h3] = ['h1', 'h2', 'h3'].map(hostId);
const closedOf = (over: Partial<CalendarOptions>, server = 'b', from = h2, to = h3) =>
  createCalendar({ ...options, ...over }, cloud)
    .closed(serverId(server), from ?? hostId(''), to ?? hostId(''))
    .slice(0, 3);

describe('windows', () => {
  it('open by the clock of the time zone, over midnight too', () => {
    expect(closedOf({})).toEqual([
      { from: 0, to: hour },
      { from: 9 * hour, to: 25 * hour },
      { from: 33 * hour, to: 49 * hour },
    ]);
    expect(closedOf({ timezone: 'Z' })[0]).toEqual({ from: 0, to: 2 * hour });
  });

  it('belong to the day on which they open', () => {
    const saturdayNight = closedOf({ days: ['sat'] });

    expect(saturdayNight[0]).toEqual({ from: 0, to: 49 * hour });
    expect(saturdayNight[1]).toEqual({ from: 57 * hour, to: (49 + 168) * hour });
    expect(closedOf({ startsAt: '2026-01-02T02:00:00+01:00', days: ['thu'] })[0]?.from).toBe(4 * hour);
  });

  it('that touch or overlap are one', () => {
    expect(closedOf({ windows: ['20:00-23:00', '22:30-24:00'] })[0]).toEqual({
      from: 3 * hour,
      to: 23 * hour,
    });
  });

  it('take a migration that ends in them, and send a longer one to the next', () => {
    const calendar = createCalendar(options, cloud);
    const trip = { server: serverId('b'), from: hostId('h2'), to: hostId('h3') };

    expect(calendar.opensAt(trip, 0, 8 * hour)).toBe(hour);
    expect(calendar.opensAt(trip, 8 * hour, hour)).toBe(8 * hour);
    expect(calendar.opensAt(trip, 8 * hour, hour + 1)).toBe(25 * hour);
    expect(calendar.opensAt(trip, 0, 9 * hour)).toBe(Infinity);
  });

  it('begin at the first opening from an instant on', () => {
    const noon = instantSeconds('2026-01-02T12:00Z') ?? 0; // a Friday

    expect(instantText(firstOpening({ ...options, days: ['mon'] }, noon), '+01:00')).toBe(
      '2026-01-05T22:00:00+01:00',
    );
    expect(firstOpening({ ...options, windows: [] }, noon)).toBe(noon);
    expect(firstOpening({ ...options, windows: ['12:30-13:30'] }, noon)).toBe(noon);
  });
});

describe('freezes', () => {
  const freezes = (of: string) => [{ of, from: '2026-01-01T22:00+01:00', to: '2026-01-02T00:00+01:00' }];
  const frozen = [{ from: 0, to: 3 * hour }];

  it('close their times for the servers of a tag, and for nobody else', () => {
    expect(closedOf({ freezes: freezes('tag:billing') }, 'a', h1, h2).slice(0, 1)).toEqual(frozen);
    expect(closedOf({ freezes: freezes('tag:billing') })[0]).toEqual({ from: 0, to: hour });
  });

  it('close a host for who leaves it and for who comes', () => {
    expect(closedOf({ freezes: freezes('host:h2') }, 'b', h2, h3).slice(0, 1)).toEqual(frozen);
    expect(closedOf({ freezes: freezes('host:h2') }, 'a', h1, h2).slice(0, 1)).toEqual(frozen);
    expect(closedOf({ freezes: freezes('host:h2') }, 'a', h1, h3)[0]).toEqual({ from: 0, to: hour });
  });
});

it('counts a deadline from the start', () => {
  expect(deadlineSeconds({ ...options, deadline: '4h30m' })).toBe(16200);
  expect(deadlineSeconds({ ...options, deadline: '2026-01-02T00:00Z' })).toBe(4 * hour);
  expect(deadlineSeconds(options)).toBe(undefined);
});

it('reads what is a time, a window or a duration, and nothing else', () => {
  expect(instantSeconds('2026-01-01T00:00+02:00')).toBe(1767218400);
  expect(['2026-01-01', '2026-13-01T00:00Z', '2026-01-01T00:00', 'now'].map(instantSeconds)).toEqual(
    Array(4).fill(undefined),
  );
  const impossible = ['2026-02-30T00:00Z', '2026-01-01T24:00Z', '2026-01-01T00:00+14:30'];
  expect(impossible.map(instantSeconds)).toEqual(Array(3).fill(undefined));
  expect(instantSeconds('2028-02-29T23:59:59-14:00')).toBe(1835531999);
  expect(offsetSeconds('+14:30')).toBe(undefined);
  expect(dayWindow('22:00-06:00')).toEqual({ from: 79200, to: 108000 });
  expect(['22:00', '24:01-03:00', '06:00-06:00', '24:00-01:00', '1:00-2:00'].map(dayWindow)).toEqual(
    Array(5).fill(undefined),
  );
  expect(['2d', '90m', '1h30m', '45s'].map(durationSeconds)).toEqual([172800, 5400, 5400, 45]);
  expect(['', 'h', '30m1h', '-1h', '1.5h'].map(durationSeconds)).toEqual(Array(5).fill(undefined));
});

it('knows intervals, their gaps, and where something fits', () => {
  const some = united([
    { from: 20, to: 30 },
    { from: 0, to: 5 },
    { from: 25, to: 40 },
    { from: 7, to: 7 },
  ]);

  expect(some).toEqual([
    { from: 0, to: 5 },
    { from: 20, to: 40 },
  ]);
  expect(gaps(some, 3, 50)).toEqual([
    { from: 5, to: 20 },
    { from: 40, to: 50 },
  ]);
  expect([firstOpen(some, 0, 15), firstOpen(some, 0, 16), firstOpen(some, 6, 14)]).toEqual([5, 40, 6]);
});
