import type { Diagnostic } from '../shared/diagnostic.ts';
import { showName } from '../shared/text.ts';
import { nearMatches } from '../shared/near-matches.ts';

/** Reads the values of options and notes everything that is wrong with them, so that all of it is told at once. */
export interface FlagReader {
  readonly problems: readonly Diagnostic[];
  /** A whole number from `least` to `most`; undefined when the option is not there, or not good. */
  integer(flag: string, value: string | undefined, least: number, most: number): number | undefined;
  /** A number, whole or not. */
  number(flag: string, value: string | undefined, least: number, most: number): number | undefined;
  /** One of the names. */
  choice<Name extends string>(
    flag: string,
    value: string | undefined,
    names: readonly Name[],
  ): Name | undefined;
  /** Notes a problem of another kind. */
  refuse(flag: string, value: string, summary: string, hint?: string): void;
}

export function createFlagReader(): FlagReader {
  const problems: Diagnostic[] = [];

  const note = (flag: string, value: string, summary: string, more: Partial<Diagnostic> = {}): void => {
    problems.push({ code: 'usage.option', severity: 'error', summary, source: flag, value, ...more });
  };

  const inRange = (
    flag: string,
    value: string | undefined,
    least: number,
    most: number,
    shape: RegExp,
    kind: string,
  ): number | undefined => {
    if (value === undefined) return undefined;
    const parsed = Number(value);
    if (shape.test(value) && parsed >= least && parsed <= most) return parsed;
    note(flag, value, `not ${kind} that may stand here`, { limit: `${least} to ${most}` });
    return undefined;
  };

  return {
    problems,
    integer: (flag, value, least, most) => inRange(flag, value, least, most, /^-?\d+$/, 'a whole number'),
    number: (flag, value, least, most) => inRange(flag, value, least, most, /^-?\d+(?:\.\d+)?$/, 'a number'),
    choice(flag, value, names) {
      if (value === undefined) return undefined;
      const found = names.find((name) => name === value);
      if (found === undefined)
        note(flag, value, 'not a value of this option', {
          limit: `one of ${names.join(', ')}`,
          ...didYouMean(value, names),
        });
      return found;
    },
    refuse(flag, value, summary, hint) {
      note(flag, value, summary, hint === undefined ? {} : { hint });
    },
  };
}

/** A hint with the names that look like the one that was typed; nothing when none does. */
export function didYouMean(typed: string, names: Iterable<string>): { readonly hint?: string } {
  const near = nearMatches(typed, names);
  return near.length === 0
    ? {}
    : { hint: `did you mean ${near.map((name) => showName(name)).join(' or ')}?` };
}
