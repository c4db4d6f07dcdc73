// As wcwidth of the C library has it: marks that stand over or under others, and the later parts of a Hangul syllable.
const zeroWide = /[\p{Mn}\p{Me}\u1160-\u11FF\uD7B0-\uD7FB]/u;
// Wide and fullwidth by Unicode's East Asian Width; emoji that are shown as pictures are wide too, of a flag both letters together.
const wide =
  /[\u1100-\u115F\u2329\u232A\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE10-\uFE19\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{1B2FF}\u{1F200}-\u{1F265}\u{1F300}-\u{1F320}\u{20000}-\u{3FFFD}]|(?!\p{RI})\p{Emoji_Presentation}/u;
/** A colour or its end, else a character. */
const pieces = /\u001B\[[\d;]*m|./gsu;
const plain = /^[\x20-\x7E]*$/;

/** Columns that a text takes on a terminal: wide characters take two, combining ones and codes of colours none. */
export function textWidth(text: string): number {
  if (plain.test(text)) return text.length;
  let width = 0;
  for (const [piece] of text.matchAll(pieces)) width += pieceWidth(piece);
  return width;
}

/** The text in at most `width` columns; what does not fit ends in `…`. Colours end where they did. */
export function cutToWidth(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let cut = '';
  let left = width - 1;
  for (const [piece] of text.matchAll(pieces)) {
    if (isColor(piece)) {
      cut += piece;
      continue;
    }
    if (left < 0) continue;
    left -= pieceWidth(piece);
    cut += left < 0 ? '…' : piece;
  }
  return cut;
}

/**
 * The text in lines of at most `width` columns, broken at blanks. A word that is longer (an id, a path, a name) stays
 * whole on a line of its own, which terminals break and copy as one.
 */
export const wrapText = (text: string, width: number): string[] => linesOf(wordsOf(text), width);

/** As `wrapText`; a longer command is broken at blanks, and a longer word where a line is full, as in a cell of a table. */
export const foldText = (text: string, width: number): string[] =>
  linesOf(
    wordsOf(text)
      .flatMap((word) => (textWidth(word) <= width ? [word] : word.split(' ')))
      .flatMap((word) => brokenWord(word, width)),
    width,
  );

/** Words between blanks; a command in backticks is one, so that it can be copied. */
function wordsOf(text: string): string[] {
  const words = [''];
  for (const [index, part] of text.split(/(`planner [^`]*`)/).entries()) {
    const [first = '', ...more] = index % 2 === 0 ? part.split(' ') : [part];
    words.push((words.pop() ?? '') + first);
    for (const word of more) words.push(word);
  }
  return words;
}

function linesOf(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** A word as it is, or in parts that fit a line each. */
function brokenWord(word: string, width: number): string[] {
  if (textWidth(word) <= width) return [word];
  const parts: string[] = [];
  let part = '';
  let left = Math.max(1, width);
  for (const [piece] of word.matchAll(pieces)) {
    const takes = pieceWidth(piece);
    if (takes > left && part !== '') {
      parts.push(part);
      part = '';
      left = Math.max(1, width);
    }
    part += piece;
    left -= takes;
  }
  return [...parts, part];
}

const isColor = (piece: string): boolean => piece.startsWith('\u001B');

function pieceWidth(piece: string): number {
  if (isColor(piece) || zeroWide.test(piece)) return 0;
  return wide.test(piece) ? 2 : 1;
}
