// What moves a cursor, starts a terminal escape, turns the reading direction or shows nothing at all.
const unshowable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]/gu;

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** The text on one line, with every character that could act on a terminal or hide written as an escape. */
export function escapeControls(text: string): string {
  return text.replace(unshowable, escapeCharacter);
}

/**
 * A name that a stranger chose, safe to print: as `escapeControls`, and at most `limit` characters long.
 * Backslashes are doubled, so two different names of no more than that length never look the same escape for escape.
 */
export function showName(raw: string, limit = 80): string {
  if (raw === '') return '""';
  const pieces: string[] = [];
  let length = 0;
  for (const character of raw) {
    const piece = character === '\\' ? '\\\\' : escapeControls(character);
    if (length + piece.length > limit) return cutShort(pieces, length, limit);
    pieces.push(piece);
    length += piece.length;
  }
  return pieces.join('');
}

/** Never ends in half an escape. */
function cutShort(pieces: string[], length: number, limit: number): string {
  let left = length;
  while (left >= limit && pieces.length > 0) left -= pieces.pop()?.length ?? 0;
  return `${pieces.join('')}…`;
}

function escapeCharacter(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0;
  return shortEscapes.get(character) ?? `\\u{${codePoint.toString(16)}}`;
}

/** The first of many names, and how many more there are. */
export const firstOf = (names: readonly string[], most = 5): string =>
  names.length <= most
    ? names.join(', ')
    : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
