import { isDeepStrictEqual } from 'node:util';
import { compareText } from '../../shared/collections.ts';
import type { Contradiction } from '../document/cloud-records.ts';
import type { Facts, GroupFacts, Source } from '../facts.ts';
import { showValue } from '../merge.ts';

/** One value for the whole cloud, and who told it. */
export interface Told<Value> {
  readonly value: Value;
  readonly source: Source;
}

/** What each source told, in the order of precedence. */
export const allTold = <Value>(
  all: readonly Facts[],
  sources: readonly Source[],
  valueOf: (facts: Facts) => Value | undefined,
): Told<Value>[] =>
  sources.flatMap((source) => {
    const told = all.find((facts) => facts.source === source && valueOf(facts) !== undefined);
    const value = told === undefined ? undefined : valueOf(told);
    return value === undefined ? [] : [{ value, source }];
  });

interface Listed {
  readonly id: string;
}

/**
 * The list of the first source; where another has an item otherwise, or one more or less, that is written down.
 * `comparable` leaves out of an item what may well differ.
 */
export function firstList<Item extends Listed>(
  kind: string,
  told: readonly Told<readonly Item[]>[],
  comparable: (item: Item) => unknown,
  contradictions: Contradiction[],
): Told<readonly Item[]> | undefined {
  const [first, ...others] = told;
  for (const other of others) {
    const known = new Map(first?.value.map((item) => [item.id, comparable(item)]));
    const theirs = new Map(other.value.map((item) => [item.id, comparable(item)]));
    for (const id of [...new Set([...known.keys(), ...theirs.keys()])].sort(compareText)) {
      if (first === undefined || isDeepStrictEqual(known.get(id), theirs.get(id))) continue;
      contradictions.push({
        subject: `${kind} ${id}`,
        field: 'all',
        values: [
          { source: first.source, value: showValue(known.get(id) ?? 'not listed') },
          { source: other.source, value: showValue(theirs.get(id) ?? 'not listed') },
        ],
        taken: first.source,
      });
    }
  }
  return first;
}

/** Groups with the limit that any source tells; Nova's own default is 1. */
export function withLimits(
  groups: Told<readonly GroupFacts[]> | undefined,
  told: readonly Told<readonly GroupFacts[]>[],
): Told<readonly (GroupFacts & { readonly maxServersPerHost: number })[]> | undefined {
  if (groups === undefined) return undefined;
  const limits = new Map<string, number>();
  for (const { id, maxServersPerHost } of told.flatMap(({ value }) => value)) {
    if (maxServersPerHost !== undefined && !limits.has(id)) limits.set(id, maxServersPerHost);
  }
  return {
    source: groups.source,
    value: groups.value.map((group) => ({ ...group, maxServersPerHost: limits.get(group.id) ?? 1 })),
  };
}
