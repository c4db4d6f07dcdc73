import { shellQuote } from '../../report/words.ts';
import type { CompletedCommand, CompletedOption, Takes } from './tree.ts';

/** A script for bash 4.4 or later that completes the words after `planner`. */
export const bashCompletion = (commands: readonly CompletedCommand[]): string => `\
# bash completion for planner. Put it where bash looks: planner completion bash > /etc/bash_completion.d/planner
_planner_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2"); }

# Of a list with commas the last word.
_planner_list() {
  local done=''
  [[ $2 == *,* ]] && done=\${2%,*},
  mapfile -t COMPREPLY < <(compgen -P "$done" -W "$1" -- "\${2##*,}")
}

_planner_files() {
  compopt -o filenames 2> /dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
}

# Names of the inventory in this folder. They are compared and never expanded.
_planner_names() {
  local name
  while IFS= read -r name; do
    [[ $name == "$2"* ]] && COMPREPLY+=("$name")
  done < <(planner completion names --of "$1" 2> /dev/null)
}

_planner() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  # bash takes the = of --option=value for a word of its own.
  if [[ $cur == = ]]; then
    cur=''
  elif [[ $prev == = ]]; then
    prev=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  if ((COMP_CWORD == 1)); then
    _planner_words ${shellQuote([...commands.map(({ name }) => name), '--help', '--version'].join(' '))} "$cur"
    return
  fi
  case \${COMP_WORDS[1]} in
${commands.map(commandCase).join('\n')}
  esac
}

complete -F _planner planner
`;

function commandCase({ name, options, takes }: CompletedCommand): string {
  const flags = options.flatMap((option) => option.flags);
  const values = options.flatMap((option) => optionCase(option));
  return [
    `    ${name})`,
    '      case $prev in',
    ...values,
    '      esac',
    `      if [[ $cur == -* ]]; then _planner_words ${shellQuote(flags.join(' '))} "$cur"${takes === undefined ? '' : `; else ${offer(takes)}`}; fi`,
    '      ;;',
  ].join('\n');
}

const optionCase = ({ flags, takes }: CompletedOption): string[] =>
  takes === undefined ? [] : [`        ${flags.join(' | ')}) ${offer(takes)}; return ;;`];

function offer(takes: Takes): string {
  switch (takes.kind) {
    case 'words':
      return `_planner_${takes.isList ? 'list' : 'words'} ${shellQuote(takes.words.join(' '))} "$cur"`;
    case 'files':
      return '_planner_files -f "$cur"';
    case 'folders':
      return '_planner_files -d "$cur"';
    case 'hosts':
    case 'servers':
      return `_planner_names ${takes.kind} "$cur"`;
    case 'anything':
      return ':';
  }
}
