import type { Diagnostic } from '../../shared/diagnostic.ts';
import { mapIf } from '../present.ts';
import { parseCpuList } from '../xml-reader.ts';

/** The values of each option of a section, in the order of the file. */
export type IniSection = ReadonlyMap<string, readonly string[]>;

/** The options of a nova.conf by section, each looked at as what it should be. */
export interface OptionReader {
  readonly has: (section: string) => boolean;
  readonly values: (section: string, option: string) => readonly string[];
  /** The value that counts; `undefined` where it is not set. */
  readonly last: (section: string, option: string) => string | undefined;
  readonly cpus: (section: string, option: string) => readonly number[] | undefined;
  readonly number: (section: string, option: string) => number | undefined;
  readonly count: (section: string, option: string) => number | undefined;
  readonly flag: (section: string, option: string) => boolean | undefined;
  /** Names with commas between; `undefined` where it is not set, empty where it is set to nothing. */
  readonly list: (section: string, option: string) => readonly string[] | undefined;
  readonly refuse: (section: string, option: string, value: string, expected: string) => void;
}

export function optionReader(
  sections: ReadonlyMap<string, IniSection>,
  source: string,
  problems: Diagnostic[],
): OptionReader {
  const values: OptionReader['values'] = (section, option) => sections.get(section)?.get(option) ?? [];
  const last: OptionReader['last'] = (section, option) => {
    const value = values(section, option).at(-1);
    return value === '' ? undefined : value;
  };
  const refuse: OptionReader['refuse'] = (section, option, value, expected) => {
    problems.push({
      code: 'inventory.malformed',
      severity: 'error',
      summary: `expected ${expected}`,
      source,
      path: `[${section}] ${option}`,
      value,
    });
  };
  const matching =
    <Value>(pattern: RegExp, expected: string, toValue: (text: string) => Value) =>
    (section: string, option: string): Value | undefined => {
      const value = last(section, option);
      if (value === undefined || pattern.test(value)) return mapIf(value, toValue);
      refuse(section, option, value, expected);
      return undefined;
    };
  return {
    has: (section) => sections.has(section),
    values,
    last,
    refuse,
    number: matching(/^\d{1,9}(?:\.\d{1,9})?$/, 'a number', Number),
    count: matching(/^\d{1,6}$/, 'a whole number', Number),
    flag: matching(/^(?:true|t|1|yes|y|on|false|f|0|no|n|off)$/i, 'true or false', (text) =>
      /^(?:true|t|1|yes|y|on)$/i.test(text),
    ),
    list: (section, option) => mapIf(values(section, option).at(-1), toNames),
    cpus: (section, option) => {
      const value = last(section, option);
      const cpus = value === undefined ? undefined : parseCpuList(value);
      if (value !== undefined && cpus === undefined) refuse(section, option, value, 'CPU ids such as 2-9,^4');
      return cpus;
    },
  };
}

const toNames = (text: string): readonly string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** Options by section; one that stands twice has two values, and a line that begins with a space goes on. */
export function readIni(text: string): ReadonlyMap<string, IniSection> {
  const sections = new Map<string, Map<string, string[]>>();
  let section = new Map<string, string[]>();
  let open: string[] | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    const [, name] = /^\[([^\]]+)\]/.exec(line) ?? [];
    const [, option, value] = /^([A-Za-z0-9_]+)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined) {
      section = sections.get(name) ?? new Map<string, string[]>();
      sections.set(name, section);
      open = undefined;
    } else if (option !== undefined && value !== undefined) {
      open = section.get(option) ?? [];
      section.set(option, open);
      open.push(value.trim());
    } else if (/^\s/.test(line) && open !== undefined) open.push(`${open.pop() ?? ''} ${line.trim()}`);
  }
  return sections;
}
