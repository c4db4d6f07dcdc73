import type { EmptyTwins } from '../planning/planning-request.ts';
import { showName } from '../shared/text.ts';
import { listLines } from './list-section.ts';
import { wrapText } from './text-width.ts';
import { counted, nameList } from './words.ts';

/** Which hosts could be the empty twin of each drained one: those that are, those that are not empty, or none. */
export function emptyTwinLines(twins: readonly EmptyTwins[] = [], width: number): string[] {
  if (twins.length === 0) return [];
  return [
    ...wrapText(
      'The profile asks for an empty host of the same kind for each of these, to which nobody else goes:',
      width,
    ),
    ...twins.flatMap((twin) => linesOf(twin, width)),
  ];
}

function linesOf({ host, servers, because, empty, occupied }: EmptyTwins, width: number): string[] {
  const title = `${showName(host)}: ${counted(servers, 'server')} (the first since ${because})`;
  const emptied = occupied.map(
    ({ host: other, by }) => `${showName(other)} would suit if it were empty; there: ${nameList(by)}`,
  );
  const none =
    occupied.length === 0
      ? ['no other host suits its servers, empty or not: add one like it, or allow cold']
      : ['none that suits is empty: empty one of these first, add one, or allow cold'];
  return [
    ...listLines([title], width),
    ...listLines(empty.length === 0 ? none : [`empty: ${nameList(empty)}`], width - 4).map(indent),
    ...listLines(emptied, width - 4).map(indent),
  ];
}

const indent = (line: string): string => `    ${line}`;
