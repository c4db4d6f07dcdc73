/** Whether a pattern holds `*` (any text) or `?` (any one character). */
export const isGlob = (pattern: string): boolean => /[*?]/.test(pattern);

/**
 * Whether a text is what a pattern says, letter by letter, or with its `*` and `?`. Takes no longer than the length of
 * one times the length of the other, whatever they hold.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  if (pattern === text) return true;
  if (!isGlob(pattern)) return false;
  const wanted = Array.from(pattern);
  const given = Array.from(text);
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < given.length) {
    if (wanted[p] === '*') {
      star = p;
      resume = t;
      p += 1;
    } else if (p < wanted.length && (wanted[p] === '?' || wanted[p] === given[t])) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      resume += 1;
      t = resume;
      p = star + 1;
    } else return false;
  }
  return wanted.slice(p).every((character) => character === '*');
}
