import { escapeControls } from '../shared/text.ts';
import { textWidth, wrapText } from './text-width.ts';

/** A list under a title with its length; nothing for an empty list. The texts may hold anything. */
export function listSection(
  title: string,
  texts: readonly string[],
  width: number,
  limit: number = texts.length,
): string[] {
  if (texts.length === 0) return [];
  // A list that is cut by one line only would be as long as the whole.
  const shown = texts.length > limit + 1 ? texts.slice(0, limit) : texts;
  const rest = texts.length - shown.length;
  return [
    `${title} (${texts.length})`,
    ...listLines(shown, width),
    ...(rest > 0 ? [`    and ${rest} more`] : []),
  ];
}

/** Texts as a list, each in as many lines as it takes. */
export function listLines(texts: readonly string[], width: number): string[] {
  return texts.flatMap((text) =>
    wrapText(escapeControls(text), width - 4).map((line, index) => `${index === 0 ? '  - ' : '    '}${line}`),
  );
}

/** Labels with words beside them, in as many lines as the words take. */
export function labelledLines(
  rows: readonly (readonly [label: string, words: string])[],
  width: number,
): string[] {
  const labelWidth = rows.reduce((widest, [label]) => Math.max(widest, textWidth(label)), 0) + 2;
  return rows.flatMap(([label, words]) =>
    wrapText(words, Math.max(20, width - labelWidth)).map((line, index) => {
      const shown = index === 0 ? label : '';
      return shown + ' '.repeat(labelWidth - textWidth(shown)) + line;
    }),
  );
}

/** Sections one below the other with a blank line between; empty ones are left out. */
export function joinSections(sections: readonly (readonly string[])[]): string {
  const filled = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${filled.join('\n\n')}\n`;
}
