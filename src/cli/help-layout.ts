import type { HelpConfiguration } from 'commander';
import { textWidth, wrapText } from '../report/text-width.ts';
import { argumentDescription, optionDescription } from './choices.ts';
import type { CliContext } from './context.ts';

/** The least width for descriptions beside options; where there is less, they stand below them. */
const leastBeside = 24;

/** How help is laid out: in the columns that there are, with titles set apart. */
export const helpLayout = ({ paint, width }: CliContext): HelpConfiguration => ({
  styleTitle: (title) => paint.out.heading(title),
  optionDescription,
  argumentDescription,
  formatItem: (term, termWidth, description) => itemLines(term, termWidth, description, width).join('\n'),
});

function itemLines(term: string, termWidth: number, description: string, width: number): string[] {
  const beside = width - termWidth - 4;
  if (description === '') return [`  ${term}`];
  if (beside < leastBeside)
    return [
      ...wrapText(term, width - 2).map((line) => `  ${line}`),
      ...wrapText(description, width - 6).map((line) => `      ${line}`),
    ];
  const label = `  ${term}${' '.repeat(termWidth - textWidth(term) + 2)}`;
  return wrapText(description, beside).map(
    (line, index) => (index === 0 ? label : ' '.repeat(termWidth + 4)) + line,
  );
}

/** A help text whose paragraphs fit the columns; examples are commands, which stay on one line. */
export const fitParagraphs = (text: string, width: number): string =>
  text
    .split('\n\n')
    .map((block) => {
      const lines = block.split('\n').filter((line) => line !== '');
      if (lines.length === 0 || lines.some((line) => line.startsWith('  '))) return block;
      return block.replace(/\S(?:.|\n)*\S/, (words) =>
        wrapText(words.replaceAll('\n', ' '), width).join('\n'),
      );
    })
    .join('\n\n');
