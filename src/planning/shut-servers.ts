import { type RuleContext, waysOf } from '../constraints/context.ts';
import type { CalendarOptions } from '../model/calendar.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import { hostsOf, choicesOf, selectorOf, serversOf } from '../model/named.ts';
import type { Server } from '../model/server.ts';
import { type Calendar, createCalendar } from '../replay/calendar/calendar.ts';
import { gaps, type Interval } from '../replay/calendar/intervals.ts';
import { instantSeconds } from '../replay/calendar/instants.ts';
import { confirmSeconds, transferOf } from '../replay/transfer/transfer.ts';

/** Servers that the calendar lets go at no time, each with the reason: they stay. */
export function shutServers(
  options: CalendarOptions,
  calendar: Calendar,
  context: RuleContext,
): ReadonlyMap<ServerId, string> {
  const longest = longestOpen();
  const unfrozen = createCalendar({ ...options, freezes: [] }, context.cloud);
  const frozen = frozenUntil(options, context);
  const shut = new Map<ServerId, string>();
  for (const server of context.cloud.servers.values()) {
    const from = server.host;
    if (from === undefined) continue;
    const words = isShut(server, from, calendar)
      ? closedWords(server, from, unfrozen, frozen)
      : tooLongWords(server, longest(calendar.closed(server.id, from, from)), context);
    if (words !== undefined) shut.set(server.id, words);
  }
  return shut;
}

/** Nothing is open for it before the deadline, wherever it would go. */
const isShut = (server: Server, host: HostId, calendar: Calendar): boolean =>
  calendar.opensAt({ server: server.id, from: host, to: host }, 0, 1) >=
  (calendar.deadlineSeconds ?? Infinity);

function closedWords(
  server: Server,
  host: HostId,
  unfrozen: Calendar,
  frozen: (server: ServerId, host: HostId) => string | undefined,
): string {
  const until = isShut(server, host, unfrozen) ? undefined : frozen(server.id, host);
  if (until !== undefined) return until;
  return unfrozen.deadlineSeconds === undefined
    ? 'no time window opens for it'
    : 'no time window opens for it before the deadline';
}

/** The last freeze of a server or its host, in words. */
function frozenUntil({ freezes }: CalendarOptions, { cloud }: RuleContext) {
  const choices = choicesOf(cloud);
  const known = freezes
    .toSorted((a, b) => (instantSeconds(b.to) ?? 0) - (instantSeconds(a.to) ?? 0))
    .map(({ of, to }) => {
      const selector = selectorOf(of);
      const servers = new Set(selector === undefined ? [] : serversOf(selector, choices));
      const hosts = new Set(selector === undefined ? [] : hostsOf(selector, choices));
      return { servers, hosts, words: `frozen until ${to} (--freeze ${of})` };
    });
  return (server: ServerId, host: HostId): string | undefined =>
    known.find(({ servers, hosts }) => servers.has(server) || hosts.has(host))?.words;
}

/** Where even the shortest way takes longer than anything is open. */
function tooLongWords(server: Server, open: number, context: RuleContext): string | undefined {
  const shortest = shortestSeconds(server, open, context);
  if (shortest === Infinity || shortest <= open) return undefined;
  return `takes ${timeWords(shortest, Math.ceil)}, the longest open time is ${timeWords(open, Math.floor)}`;
}

/** Seconds of the shortest way to any host; the first that is short enough will do. Infinity: there is no way. */
function shortestSeconds(server: Server, enough: number, context: RuleContext): number {
  const { cloud } = context;
  let shortest = Infinity;
  if (server.host === undefined) return shortest;
  for (const way of waysOf(server, context))
    for (const to of cloud.hosts.keys()) {
      if (to === server.host) continue;
      const { expected } = transferOf({ server, from: server.host, to, ...way }, cloud).seconds;
      shortest = Math.min(shortest, expected + (way.method === 'cold' ? confirmSeconds : 0));
      if (shortest <= enough) return shortest;
    }
  return shortest;
}

/** The length of the longest time that is open; asked once for servers that share their closed times. */
function longestOpen(): (closed: readonly Interval[]) => number {
  const known = new Map<readonly Interval[], number>();
  return (closed) => {
    const length =
      known.get(closed) ??
      gaps(closed, 0, Infinity).reduce((longest, { from, to }) => Math.max(longest, to - from), 0);
    known.set(closed, length);
    return length;
  };
}

/** Rounded the way in which a longer time never looks the same as a shorter one. */
const timeWords = (seconds: number, round: (minutes: number) => number): string =>
  seconds % 60 === 0 || seconds >= secondsInMinutes ? `${round(seconds / 60)} min` : `${seconds} s`;
const secondsInMinutes = 600;
