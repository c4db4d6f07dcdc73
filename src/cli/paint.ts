import { styleText } from 'node:util';
import { type Paint, plainPaint } from '../report/paint.ts';

/** Where colours are shown: on each of the two streams by itself. */
export interface Paints {
  readonly out: Paint;
  readonly err: Paint;
}

export const colorWishes = ['auto', 'always', 'never'] as const;

const styled =
  (...formats: Parameters<typeof styleText>[0][]) =>
  (text: string): string =>
    text === '' ? '' : styleText(formats.flat(), text, { validateStream: false });

const colors: Paint = {
  heading: styled('bold'),
  good: styled('bold', 'green'),
  warning: styled('bold', 'yellow'),
  bad: styled('bold', 'red'),
};

export const createPaint = (shown: boolean): Paint => (shown ? colors : plainPaint);

/**
 * Whether a stream gets colours where no option says: on a terminal that has them. `NO_COLOR` (no-color.org) with any
 * text takes them away, also where `FORCE_COLOR` (any text but 0 and false) gives them to files and pipes.
 */
export function hasColors(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}

/**
 * The colours that a command line asks for with `--color`; undefined where it leaves that to the terminal. Read before
 * the words are parsed, as what is wrong with them is told in colours too.
 */
export function askedPaints(words: readonly string[]): Paints | undefined {
  const end = words.indexOf('--');
  const options = end < 0 ? words : words.slice(0, end);
  const last = options.findLastIndex((word) => word === '--color' || word.startsWith('--color='));
  const wish = options[last] === '--color' ? options[last + 1] : options[last]?.slice('--color='.length);
  if (wish !== 'always' && wish !== 'never') return undefined;
  const paint = createPaint(wish === 'always');
  return { out: paint, err: paint };
}
