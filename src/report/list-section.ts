import { escapeControls } from '../shared/text.ts';
import { type Paint, plainPaint } from './paint.ts';
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

/** The least width for words beside labels; where there is less, they stand below them. */
const leastBeside = 20;

/** Labels with words beside them, in as many lines as the words take. */
export function labelledLines(
  rows: readonly (readonly [label: string, words: string])[],
  width: number,
): string[] {
  const labelWidth = rows.reduce((widest, [label]) => Math.max(widest, textWidth(label)), 0) + 2;
  if (width - labelWidth < leastBeside) return rows.flatMap((row) => belowLabel(row, width));
  return rows.flatMap(([label, words]) =>
    wrapText(words, width - labelWidth).map((line, index) => {
      const shown = index === 0 ? label : '';
      return (shown + ' '.repeat(labelWidth - textWidth(shown)) + line).trimEnd();
    }),
  );
}

function belowLabel([label, words]: readonly [string, string], width: number): string[] {
  const indent = ' '.repeat(textWidth(label) - textWidth(label.trimStart()) + 2);
  return [
    ...wrapText(label.trimStart(), width - indent.length + 2).map((line) => indent.slice(2) + line),
    ...(words === '' ? [] : wrapText(words, width - indent.length).map((line) => indent + line)),
  ];
}

/** Sections one below the other with a blank line between; empty ones are left out. Titles of lists are painted. */
export function joinSections(sections: readonly (readonly string[])[], paint: Paint = plainPaint): string {
  const filled = sections.filter((lines) => lines.length > 0).map((lines) => titled(lines, paint).join('\n'));
  return `${filled.join('\n\n')}\n`;
}

/** A title is a first line with indented lines below it. */
function titled(lines: readonly string[], paint: Paint): readonly string[] {
  const [title = '', second = ''] = lines;
  if (!second.startsWith('  ') || title.startsWith(' ')) return lines;
  return [titlePaint(title, paint)(title), ...lines.slice(1)];
}

function titlePaint(title: string, paint: Paint): (text: string) => string {
  if (/^(?:problem|These clash)/.test(title)) return paint.bad;
  return /^(?:warning|not done|points of no return)/.test(title) ? paint.warning : paint.heading;
}
