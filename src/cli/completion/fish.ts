import type { CompletedCommand, CompletedOption, Takes } from './tree.ts';

/** Completions for fish, to stand in a file `planner.fish`. */
export const fishCompletion = (commands: readonly CompletedCommand[]): string => `\
# fish completion for planner. Put it where fish looks: planner completion fish > ~/.config/fish/completions/planner.fish
complete -c planner -f
complete -c planner -n __fish_use_subcommand -s h -l help -d 'options and examples'
complete -c planner -n __fish_use_subcommand -s V -l version -d 'the version'
${commands.flatMap(commandLines).join('\n')}
`;

function commandLines({ name, description, options, takes }: CompletedCommand): string[] {
  const when = `complete -c planner -n '__fish_seen_subcommand_from ${name}'`;
  return [
    `complete -c planner -n __fish_use_subcommand -a ${name} -d ${fishQuote(description)}`,
    ...(takes === undefined || takes.kind === 'anything' ? [] : [`${when} ${offer(takes)}`]),
    ...options.map((option) => `${when} ${optionWords(option)}`),
  ];
}

function optionWords({ flags, description, takes }: CompletedOption): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  return [...names, ...(takes === undefined ? [] : ['-r', offer(takes)]), `-d ${fishQuote(description)}`]
    .filter((word) => word !== '')
    .join(' ');
}

function offer(takes: Takes): string {
  switch (takes.kind) {
    case 'words':
      return `-f -a ${fishQuote(takes.words.join(' '))}`;
    case 'files':
      return '-F';
    case 'folders':
      return "-f -a '(__fish_complete_directories (commandline -ct))'";
    case 'hosts':
    case 'servers':
      return `-f -a '(planner completion names --of ${takes.kind} 2> /dev/null)'`;
    case 'anything':
      return '-f';
  }
}

/** One word for fish, which knows two escapes between single quotes. */
const fishQuote = (text: string): string => `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
