import { textWidth } from '../../src/report/text-width.ts';
import { escapeControls } from '../../src/shared/text.ts';

/** One word, which terminals break and copy as one, after its indent, mark or label. */
const oneWord = /^ *(?:- |(?:[a-z]+ )*[a-z]+ {2,})?\S+$/u;
/** A command, which stays on one line so that it can be copied. */
const command = /^ *(?:next +|hint: )?`?planner \S/u;

/** Lines that a terminal does not show as they are: too wide, though there are blanks to break them at, or acting on it. */
export const unfitLines = (text: string, width: number): readonly string[] =>
  text
    .split('\n')
    .filter(
      (line) =>
        escapeControls(line) !== line ||
        (textWidth(line) > width && !oneWord.test(line) && !command.test(line)),
    );
