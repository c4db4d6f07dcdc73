import { shellQuote } from '../../report/words.ts';
import type { CompletedCommand, CompletedOption, Takes } from './tree.ts';

/** A completion function for zsh, to stand as `_planner` in a folder of `fpath`. */
export const zshCompletion = (commands: readonly CompletedCommand[]): string => `\
#compdef planner
# zsh completion for planner. Put it where zsh looks: planner completion zsh > "\${fpath[1]}/_planner"
_planner_names() {
  local -a names
  names=(\${(f)"$(planner completion names --of $1 2> /dev/null)"})
  compadd -a names
}

_planner() {
  local -a commands
  commands=(
${commands.map(({ name, description }) => `    ${shellQuote(`${name}:${description.replaceAll(':', '\\:')}`)}`).join('\n')}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=\${words[2]}
  shift words
  ((CURRENT--))
  case $command in
${commands.map(commandCase).join('\n')}
  esac
}

if [[ \${funcstack[1]} == _planner ]]; then _planner "$@"; else compdef _planner planner; fi
`;

const commandCase = ({ name, options, takes }: CompletedCommand): string =>
  [
    `    ${name})`,
    '      _arguments -s -S \\',
    ...options.map((option) => `        ${optionSpec(option)} \\`),
    `        ${takes === undefined ? '' : shellQuote(`*:${takes.kind}:${action(takes)}`)}`.trimEnd(),
    '      ;;',
  ]
    .join('\n')
    .replace(/ \\\n *\n/, '\n');

function optionSpec({ flags, description, isRepeatable, takes }: CompletedOption): string {
  const words = shellQuote(
    `[${description.replaceAll(/[[\]:\\]/g, '\\$&')}]${takes === undefined ? '' : `:${takes.kind}:${action(takes)}`}`,
  );
  if (isRepeatable) return `'*'${braced(flags)}${words}`;
  return flags.length === 1 ? braced(flags) + words : `'(${flags.join(' ')})'${braced(flags)}${words}`;
}

const braced = (flags: readonly string[]): string =>
  flags.length === 1 ? flags.join('') : `{${flags.join(',')}}`;

function action(takes: Takes): string {
  switch (takes.kind) {
    case 'words':
      return takes.isList ? `_values -s , word ${takes.words.join(' ')}` : `(${takes.words.join(' ')})`;
    case 'files':
      return '_files';
    case 'folders':
      return '_files -/';
    case 'hosts':
    case 'servers':
      return `_planner_names ${takes.kind}`;
    case 'anything':
      return ' ';
  }
}
