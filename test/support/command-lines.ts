/** The words of a shell command, as far as documents write them: blanks, both quotes, backslashes. */
export function shellWords(text: string): string[] {
  const words: string[] = [];
  for (const [piece] of text.matchAll(/(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+/g))
    words.push(piece.replaceAll(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g, '$1$2$3'));
  return words;
}

/** The words after each `planner` of a line, whatever else stands in it: pipes, `&&`, `<( )`, redirections. */
export const commandsIn = (line: string): string[][] =>
  [...line.replace(/ # .*$/, '').matchAll(/(?:^|[(|&;] ?)planner ((?:'[^']*'|"[^"]*"|[^|&;<>)'"])+)/g)].map(
    ([, words = '']) => shellWords(words),
  );
