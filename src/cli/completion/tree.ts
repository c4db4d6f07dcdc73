import type { Argument, Command, Option } from 'commander';

/** What may stand for an argument or as the value of an option. */
export type Takes =
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly isList: boolean }
  | { readonly kind: 'files' | 'folders' | 'hosts' | 'servers' | 'anything' };

export interface CompletedOption {
  /** As they are typed, such as `-o` and `--out`. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly isRepeatable: boolean;
  /** Absent for an option without a value. */
  readonly takes?: Takes;
}

export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** What the words after the command are; absent where there are none. */
  readonly takes?: Takes;
}

/** Everything that completion offers, from the commands as they are parsed. */
export const completedCommands = (program: Command): readonly CompletedCommand[] =>
  program.commands.map((command) => {
    const [argument] = command.registeredArguments;
    return {
      name: command.name(),
      description: command.description(),
      options: [...command.options.map(completedOption), help],
      ...(argument !== undefined && { takes: taken(argument, argument.name()) }),
    };
  });

const help: CompletedOption = {
  flags: ['-h', '--help'],
  description: 'options and examples',
  isRepeatable: false,
};

function completedOption(option: Option): CompletedOption {
  const [, value] = /<(.+)>$/.exec(option.flags) ?? [];
  return {
    flags: [option.short, option.long].flatMap((flag) => flag ?? []),
    description: option.description,
    isRepeatable: Array.isArray(option.defaultValue),
    ...(value !== undefined && { takes: taken(option, value) }),
  };
}

const byName: Readonly<Record<string, 'files' | 'folders' | 'hosts' | 'servers'>> = {
  file: 'files',
  plan: 'files',
  before: 'files',
  recording: 'folders',
  folder: 'folders',
  host: 'hosts',
  server: 'servers',
};

/** A value by its words, else by its name in the help. */
const taken = ({ argChoices }: Pick<Option | Argument, 'argChoices'>, name: string): Takes =>
  argChoices === undefined
    ? { kind: byName[name] ?? 'anything' }
    : { kind: 'words', words: argChoices, isList: name === 'list' };
