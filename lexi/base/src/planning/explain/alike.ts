import type { Rule } from '../../constraints/rule.ts';
import type { HostId } from '../../model/ids.ts';
import type { Refusal } from '../../replay/legality.ts';
import type { Range } from './explanation.ts';

/** Stands for whichever host. */
const someHost = '…';

/** A refusal in words that hold for any host. */
export interface Neutral {
  readonly text: string;
  /** The same for refusals whose words differ in numbers only. */
  readonly wording: string;
  /** The same for refusals of one kind: rule, unit, and whether host, NUMA cell or something else refuses. */
  readonly kind: string;
  readonly refusal: Refusal;
}

/** A number by itself; not one of a name, a version or an address. */
const numbers = /(?<![\p{L}\p{N}_.:/-])\d+(?![\p{L}\p{N}_:/-]|\.\d)/gu;

export function neutral(refusal: Refusal, host: HostId, rule: Rule | undefined): Neutral {
  const where = neutralWhere(refusal.where, host);
  // A refusal for want of facts is not in the rule's words, and names no host.
  const described =
    rule?.describe(refusal) === refusal.text ? rule.describe({ ...refusal, where }) : refusal.text;
  const text = described.replace(/^(?:host )?…:? /u, '');
  return {
    text,
    wording: text.replace(numbers, '#'),
    kind: [refusal.rule, refusal.unit, where.replace(/\d+/g, '#')].join('\n'),
    refusal,
  };
}

function neutralWhere(where: string, host: HostId): string {
  if (where === host) return someHost;
  return where.startsWith(`${host} `) ? someHost + where.slice(host.length) : where;
}

/** Texts of one wording as one text: numbers that differ become ranges. */
export function mergeTexts(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  const ranges = [...first.matchAll(numbers)].map(([digits]) => rangeOf([Number(digits)]));
  for (const text of others)
    for (const [index, [digits]] of [...text.matchAll(numbers)].entries()) {
      const range = ranges[index];
      if (range !== undefined) ranges[index] = rangeOf([range.least, range.most, Number(digits)]);
    }
  let position = 0;
  return first.replace(numbers, (digits) => {
    const range = ranges[position];
    position += 1;
    return range === undefined || range.least === range.most ? digits : `${range.least}–${range.most}`;
  });
}

export const rangeOf = (values: readonly number[]): Range =>
  values.reduce<Range>(
    ({ least, most }, value) => ({ least: Math.min(least, value), most: Math.max(most, value) }),
    { least: Infinity, most: -Infinity },
  );
