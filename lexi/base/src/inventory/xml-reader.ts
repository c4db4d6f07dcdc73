import type { Diagnostic } from '../shared/diagnostic.ts';
import type { XmlElement } from './xml-text.ts';

/** Reads elements of one text; notes what is not as it should be, and goes on. */
export interface XmlReader {
  readonly problems: readonly Diagnostic[];
  /** The number of an attribute, or of the text where no attribute is named; 0 with a problem where it is none. */
  readonly number: (element: XmlElement, attribute?: string) => number;
  /** An attribute that must be there. */
  readonly attribute: (element: XmlElement, attribute: string) => string;
  /** CPU ids written as `0-3,^2,8`. */
  readonly cpus: (element: XmlElement, attribute: string) => readonly number[];
  /** KiB in the unit that the element names. */
  readonly kib: (element: XmlElement, attribute?: string) => number;
  readonly refuse: (element: XmlElement, summary: string, value?: string) => void;
}

export function createXmlReader(source: string): XmlReader {
  const problems: Diagnostic[] = [];
  const refuse = ({ path }: XmlElement, summary: string, value?: string): void => {
    problems.push({
      code: 'inventory.malformed',
      severity: 'error',
      summary,
      source,
      path,
      ...(value !== undefined && { value }),
    });
  };
  const attribute = (element: XmlElement, name: string): string => {
    const value = element.attributes.get(name);
    if (value === undefined) refuse(element, `the attribute ${name} is missing`);
    return value ?? '';
  };
  const number = (element: XmlElement, name?: string): number => {
    const text = name === undefined ? element.text.trim() : attribute(element, name);
    if (/^\d{1,15}$/.test(text)) return Number(text);
    if (name === undefined || text !== '') refuse(element, 'expected a whole number', text);
    return 0;
  };
  return {
    problems,
    number,
    attribute,
    cpus: (element, name) => {
      const text = attribute(element, name);
      const cpus = parseCpuList(text);
      if (cpus === undefined) refuse(element, 'expected CPU ids such as 0-3,8', text);
      return cpus ?? [];
    },
    kib: (element, name) => {
      const unit = element.attributes.get('unit') ?? 'KiB';
      const factor = unitsInKib.get(unit);
      if (factor === undefined) refuse(element, 'this unit of memory is not known', unit);
      return Math.floor(number(element, name) * (factor ?? 1));
    },
    refuse,
  };
}

const unitsInKib: ReadonlyMap<string, number> = new Map([
  ['b', 1 / 1024],
  ['bytes', 1 / 1024],
  ['KiB', 1],
  ['k', 1],
  ['MiB', 2 ** 10],
  ['M', 2 ** 10],
  ['GiB', 2 ** 20],
  ['G', 2 ** 20],
  ['TiB', 2 ** 30],
]);

/** More CPUs than any host has; a range beyond it was made to exhaust memory. */
const mostCpus = 65_536;

/** CPU ids in ascending order from `0-3,^2,8`, as libvirt and nova.conf write sets; `undefined` for anything else. */
export function parseCpuList(text: string): readonly number[] | undefined {
  const cpus = new Set<number>();
  const without = new Set<number>();
  for (const part of text.split(',').map((each) => each.trim())) {
    if (part === '') continue;
    const [, not, first, last = first] = /^(\^?)(\d{1,6})(?:-(\d{1,6}))?$/.exec(part) ?? [];
    if (first === undefined || Number(last) < Number(first) || Number(last) >= mostCpus) return undefined;
    for (let cpu = Number(first); cpu <= Number(last); cpu += 1) (not === '^' ? without : cpus).add(cpu);
  }
  return [...cpus].filter((cpu) => !without.has(cpu)).sort((a, b) => a - b);
}

/** The children of a name. */
export const childrenOf = (element: XmlElement | undefined, name: string): readonly XmlElement[] =>
  element?.children.filter((child) => child.name === name) ?? [];

/** The first element down a path of names. */
export const childAt = (
  element: XmlElement | undefined,
  ...names: readonly string[]
): XmlElement | undefined =>
  names.reduce<XmlElement | undefined>((at, name) => childrenOf(at, name)[0], element);

/** The text of an element down a path; `undefined` when it is not there or empty. */
export function textAt(element: XmlElement | undefined, ...names: readonly string[]): string | undefined {
  const text = childAt(element, ...names)?.text.trim();
  return text === '' ? undefined : text;
}
