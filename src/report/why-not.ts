import type { Change, Clash, NamedServer, WayOut, WhyNot } from '../planning/why-not/answer.ts';
import { showName } from '../shared/text.ts';
import { listLines } from './list-section.ts';
import { wrapText } from './text-width.ts';
import { counted, duration, shellWord } from './words.ts';

/** What clashes, as one list in which nothing can be left out. */
export function clashLines(clash: Clash | undefined, width: number): string[] {
  if (clash === undefined) return [];
  const { servers, rules, limits, irreducible } = clash;
  const title = irreducible
    ? 'These clash; without any one of them the others can be kept:'
    : 'These clash; fewer of them may clash too, which was not settled:';
  const members = [
    ...servers.map((server) => `${nameOf(server)} leaves ${showName(server.host)}`),
    ...rules.map(
      ({ rule, of, text }) =>
        `rule ${rule}${of === undefined ? '' : ` of ${of}`}${text === undefined ? '' : `: ${text}`}`,
    ),
    ...limits.map(({ option, value }) => `${option} ${value}`),
  ];
  return [...wrapText(title, width), ...listLines(members, width)];
}

/** What would help, cheapest first. */
export function wayOutLines({ waysOut, waysOutCutShort }: WhyNot, width: number): string[] {
  const tried = 'words, limits, locks, stopped servers and added hosts, alone and some in pairs';
  const more = waysOutCutShort
    ? 'Not everything was tried: --time-limit, size or an interrupt ended it.'
    : '';
  if (waysOut.length === 0)
    return wrapText(
      more === '' ? `No way out was found among ${tried}.` : `No way out was found. ${more}`,
      width,
    );
  const title = `Ways out (${waysOut.length}), each planned and verified:`;
  return [title, ...listLines(waysOut.map(wayWords), width), ...(more === '' ? [] : wrapText(more, width))];
}

const wayWords = (way: WayOut): string =>
  `${way.changes.map(changeWords).join(' and ')}: possible, ${yields(way)}`;

function changeWords(change: Change): string {
  switch (change.kind) {
    case 'allow':
      return `--allow ${change.word}`;
    case 'lift':
      return change.option === '--rules'
        ? `leave out rule ${showName(change.value)} of --rules`
        : change.value === ''
          ? `without ${change.option}`
          : change.to === undefined
            ? `without ${change.option} ${change.value.split(' ').map(shellWord).join(` ${change.option} `)}`
            : `${change.option} ${change.to} instead of ${change.value}`;
    case 'unlock':
      return `unlock ${nameOf(change.server)}`;
    case 'stop':
      return `stop ${nameOf(change.server)}`;
    case 'add-host':
      return `add a host like ${showName(change.like)}`;
  }
}

function yields({ moves, coldMigrations, downtimeSeconds, expectedSeconds }: WayOut): string {
  const all = `${counted(moves, 'migration')} in ${duration(expectedSeconds)}`;
  if (coldMigrations === 0) return all;
  return `${all}, ${coldMigrations} of them cold${downtimeSeconds === 0 ? '' : `: ${duration(downtimeSeconds)} of downtime`}`;
}

const nameOf = ({ server, serverName }: NamedServer): string =>
  serverName === '' ? showName(server) : `${showName(serverName)} (${showName(server)})`;
