import { isDeepStrictEqual } from 'node:util';
import type { Contradiction } from './document/cloud-records.ts';
import type { Source } from './facts.ts';
import type { FieldRule, Precedence } from './precedence.ts';

/** The facts of one subject by source, as the readers gave them. */
export type BySource<Facts> = ReadonlyMap<Source, Facts>;

/** One subject's facts, each from the source that its precedence says. */
export interface Merged<Facts> {
  readonly facts: Facts;
  readonly sources: ReadonlyMap<keyof Facts & string, Source>;
}

/** Settles every field by the table of precedences; what differs from the source that is followed is written down. */
export function mergeFields<Facts extends object>(
  subject: string,
  given: BySource<Facts>,
  precedence: Precedence<Facts>,
  into: Facts,
  contradictions: Contradiction[],
): Merged<Facts> {
  const sources = new Map<keyof Facts & string, Source>();
  for (const field in precedence) {
    const source = settle(subject, field, given, precedence[field], into, contradictions);
    if (source !== undefined) sources.set(field, source);
  }
  return { facts: into, sources };
}

function settle<Facts extends object, Field extends keyof Facts & string>(
  subject: string,
  field: Field,
  given: BySource<Facts>,
  rule: FieldRule<NonNullable<Facts[Field]>>,
  into: Facts,
  contradictions: Contradiction[],
): Source | undefined {
  const telling = rule.from.filter((source) => given.get(source)?.[field] !== undefined);
  const source = telling[0] ?? rule.else?.find((other) => given.get(other)?.[field] !== undefined);
  const facts = source === undefined ? undefined : given.get(source);
  if (source === undefined || facts === undefined) return undefined;
  into[field] = facts[field];
  const differing = telling.slice(1).filter((other) => !agree(rule, facts[field], given.get(other)?.[field]));
  if (differing.length > 0) {
    const values = [source, ...differing].map((each) => ({
      source: each,
      value: showValue(given.get(each)?.[field]),
    }));
    contradictions.push({ subject, field, values, taken: source });
  }
  return source;
}

function agree<Value>(rule: FieldRule<NonNullable<Value>>, a: Value, b: Value | undefined): boolean {
  if (rule.agree === 'never-compared') return true;
  if (a === undefined || a === null || b === undefined || b === null) return true;
  return rule.agree === undefined ? isDeepStrictEqual(a, b) : rule.agree(a, b);
}

const longest = 200;

/** A value for people to compare; long ones are cut. */
export function showValue(value: unknown): string {
  const text =
    typeof value === 'string'
      ? value
      : JSON.stringify(value ?? null, (_name, member: unknown) =>
          member instanceof Set ? [...member] : member,
        );
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
