/** Characters that are not seen and turn, hide or break the text around them. */
const unseen = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;

/** A text cut into what is shown as it is and single unseen characters, each with its code such as `U+202E`. */
export function splitMarks(text: string): readonly { readonly text: string; readonly code?: string }[] {
  const parts: { text: string; code?: string }[] = [];
  let from = 0;
  for (const { 0: mark, index } of text.matchAll(unseen)) {
    if (index > from) parts.push({ text: text.slice(from, index) });
    parts.push({ text: mark, code: codeOf(mark) });
    from = index + mark.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** A name for places that take plain text only: unseen characters by their codes, the rest isolated from what is around. */
export function isolated(name: string): string {
  return `\u2068${name.replace(unseen, (mark) => `<${codeOf(mark)}>`)}\u2069`;
}

function codeOf(mark: string): string {
  return `U+${(mark.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
