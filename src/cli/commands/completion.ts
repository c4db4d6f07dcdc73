import type { Command } from 'commander';
import { InputError } from '../../shared/diagnostic.ts';
import { chosen, chosenArgument } from '../choices.ts';
import type { AddCommand } from '../command.ts';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { nameKinds, namesIn } from '../completion/names.ts';
import { completedCommands } from '../completion/tree.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { exitCodes } from '../exit-codes.ts';
import { createFlagReader } from '../flag-reader.ts';

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;
const words = ['bash', 'zsh', 'fish', 'names'] as const;

interface Flags {
  readonly of: string;
  readonly json?: true;
}

/** `planner completion`: a script that completes command lines of planner in a shell. */
export const addCompletion: AddCommand = (program, context, finish) => {
  program
    .command('completion')
    .description('print a script for a shell that completes commands, options, files and names')
    .addArgument(
      chosenArgument('<shell>', 'bash, zsh, fish; names prints what stands in inventory.json', words),
    )
    .addOption(chosen('--of <kind>', 'with names: hosts, servers', nameKinds).default('hosts'))
    .option('--json', 'as a JSON text')
    .addHelpText(
      'after',
      `
Examples:
  source <(planner completion bash)
  planner completion bash > /etc/bash_completion.d/planner
  planner completion zsh > "\${fpath[1]}/_planner"
  planner completion fish > ~/.config/fish/completions/planner.fish

Hosts and servers are those of inventory.json in the working directory, up to 16 MiB.`,
    )
    .action((shell: string, flags: Flags) =>
      finish(async () => {
        const text = await completion(shell, flags, program);
        context.out(flags.json === true ? `${JSON.stringify(text)}\n` : text);
        return exitCodes.done;
      }),
    );
};

async function completion(shell: string, { of }: Flags, program: Command): Promise<string> {
  const read = createFlagReader();
  const known = read.choice('SHELL', shell, words);
  const kind = read.choice('--of', of, nameKinds);
  if (known === undefined || kind === undefined) throw new InputError(read.problems);
  if (known !== 'names') return scripts[known](completedCommands(program));
  return (await namesIn('inventory.json', kind)).map((name) => `${name}\n`).join('');
}
