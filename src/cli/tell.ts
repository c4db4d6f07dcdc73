import { nextStepFor } from '../report/next-steps.ts';
import type { Paint } from '../report/paint.ts';
import { wrapText } from '../report/text-width.ts';
import { type Diagnostic, formatDiagnostic } from '../shared/diagnostic.ts';
import { escapeControls } from '../shared/text.ts';
import type { CliContext } from './context.ts';

/** What a message needs to know of where it is shown. */
export type Told = Pick<CliContext, 'paint' | 'errWidth' | 'errWraps'>;

/** A diagnostic for standard error, always with a next step, in lines that fit. */
export function tell(diagnostic: Diagnostic, shown: Told): string {
  const hint = diagnostic.hint ?? nextStepFor(diagnostic.code);
  return formatDiagnostic({ ...diagnostic, ...(hint !== undefined && { hint }) })
    .split('\n')
    .flatMap((line, index) => fitted(index === 0 ? paintHead(line, shown.paint.err) : line, shown))
    .join('\n');
}

/** Writes a message of one line to standard error, in lines that fit. */
export function say(text: string, context: Told & Pick<CliContext, 'err'>): void {
  context.err(`${fitted(escapeControls(text), context).join('\n')}\n`);
}

/** An answer of one line for standard output, in lines that fit. */
export const answerLines = (text: string, width: number): string =>
  `${wrapText(escapeControls(text), width).join('\n')}\n`;

/** Writes an answer of one line to standard output, in lines that fit. */
export function answer(text: string, { out, width }: Pick<CliContext, 'out' | 'width'>): void {
  out(answerLines(text, width));
}

/** A line as it is where a log is read by programs; on a terminal broken at blanks, what goes on being set in. */
export function fitted(line: string, { errWidth, errWraps }: Pick<Told, 'errWidth' | 'errWraps'>): string[] {
  if (!errWraps) return [line];
  const [, blanks = '', words = ''] = /^( *)(.*)$/s.exec(line) ?? [];
  const inside = `${blanks}  `;
  return wrapText(words, errWidth - inside.length).map(
    (part, index) => (index === 0 ? blanks : inside) + part,
  );
}

/** Sets severity and code apart from the words. */
export const paintHead = (line: string, paint: Paint): string =>
  line
    .replace(/^error \S+:/, (head) => paint.bad(head))
    .replace(/^warning \S+:/, (head) => paint.warning(head));
