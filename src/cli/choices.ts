import { Argument, Option } from 'commander';

/**
 * An option that takes one of some words, which completion offers. Commander does not check them: it would stop at the
 * first mistake, and the reader of the options tells all of them at once.
 */
export function chosen(flags: string, description: string, words: readonly string[]): Option {
  const option = new Option(flags, description);
  option.argChoices = [...words];
  return option;
}

/** An argument that is one of some words; the same holds. */
export function chosenArgument(name: string, description: string, words: readonly string[]): Argument {
  const argument = new Argument(name, description);
  argument.argChoices = [...words];
  return argument;
}

/** What help says of an option: the words that it takes stand in its description. */
export function optionDescription(option: Option): string {
  const { defaultValue, defaultValueDescription, description } = option;
  if (defaultValue === undefined || option.isBoolean()) return description;
  return `${description} (default: ${defaultValueDescription ?? JSON.stringify(defaultValue)})`;
}

export const argumentDescription = ({ description }: Argument): string => description;
