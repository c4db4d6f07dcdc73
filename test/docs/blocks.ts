/** A command line of a document with the output that the document shows. */
export interface ShownCommand {
  readonly line: string;
  /** Lines of output; `…` alone stands for any lines, within a line for any text. */
  readonly output: readonly string[];
  /** 0 where the document does not say. */
  readonly exitCode: number;
}

/** A fenced block of `console`. */
export interface Block {
  /**
   * Words after `console`: `cloud` is for commands that need one, `after=20h` lets its time pass before, `faults=FILE`
   * says what goes wrong there, `down=HOST` which host comes back after ten hours only; `openssl` is for machines that have it.
   */
  readonly marks: readonly string[];
  /** Blocks of one section share a cloud; counted from 0. */
  readonly section: number;
  readonly commands: readonly ShownCommand[];
  /** Line numbers of the first line inside the fence, and of the closing fence; from 0. */
  readonly first: number;
  readonly end: number;
}

/** The console blocks of a document in Markdown. */
export function consoleBlocks(text: string): readonly Block[] {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  let section = 0;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (/^#+ /.test(line)) section += 1;
    const [fence, info = ''] = /^```(.*)$/.exec(line) ?? [];
    if (fence === undefined) continue;
    const length = lines.slice(at + 1).findIndex((inside) => inside === '```');
    const end = length < 0 ? lines.length : at + 1 + length;
    const [language, ...marks] = info.split(' ');
    if (language === 'console')
      blocks.push({ marks, section, commands: commandsOf(lines.slice(at + 1, end)), first: at + 1, end });
    at = end;
  }
  return blocks;
}

function commandsOf(lines: readonly string[]): ShownCommand[] {
  const commands: { line: string; output: string[]; exitCode: number }[] = [];
  for (const line of lines) {
    const last = commands.at(-1);
    const [, exitCode] = /^\[(\d+)\]$/.exec(line) ?? [];
    if (line.startsWith('$ ')) commands.push({ line: line.slice(2), output: [], exitCode: 0 });
    else if (last === undefined) throw new Error(`a console block begins with a command: ${line}`);
    else if (last.output.length === 0 && last.line.endsWith(' \\'))
      last.line = `${last.line.slice(0, -1)}${line.trim()}`;
    else if (exitCode !== undefined) last.exitCode = Number(exitCode);
    else last.output.push(line);
  }
  return commands;
}

/** Whether what came out is what a document shows. */
export function matches(shown: readonly string[], lines: readonly string[]): boolean {
  const [first, ...more] = shown;
  if (first === undefined) return lines.length === 0;
  if (first === '…')
    return lines.some((_, skipped) => matches(more, lines.slice(skipped))) || more.length === 0;
  const [line] = lines;
  return line !== undefined && lineMatches(first, line) && matches(more, lines.slice(1));
}

const lineMatches = (shown: string, line: string): boolean => {
  if (!shown.includes('…')) return shown === line;
  const pattern = shown.split('…').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(line);
};
