import { escapeControls } from '../shared/text.ts';

/** Text of a stranger's making as Markdown that shows it as it is: no markup, no HTML, one line. */
export const markdownText = (text: string): string =>
  escapeControls(text).replace(/[\\`*_[\]<>|~&#@]/g, (character) => `\\${character}`);

/** A name in a code span, whatever backticks and bars it holds. */
export function markdownCode(text: string): string {
  const shown = escapeControls(text).replaceAll('|', '\\|');
  if (shown === '') return '';
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const blank = longest > 0 || shown.startsWith(' ') ? ' ' : '';
  return `${fence}${blank}${shown}${blank}${fence}`;
}

/** A table of cells that are Markdown already. */
export function markdownTable(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(headers), line(headers.map(() => '---')), ...rows.map(line)].join('\n');
}
