import { z } from 'zod';
import type { Item } from '../replies.ts';

const anyObject = z.record(z.string(), z.unknown());

/** The columns that a client prints, by the member of the API that each shows. */
export type Columns = Readonly<Record<string, string>>;

/** A row in the API's words, so that one reader serves both; problems are told in the client's. */
export function inApiWords<Of extends Item>(item: Of, columns: Columns): Of {
  const row = anyObject.safeParse(item.value);
  if (!row.success) return item;
  const value = Object.fromEntries(
    Object.entries(row.data).map(([column, content]) => [columns[column] ?? column, content]),
  );
  const ownNames = new Map(Object.entries(columns).map(([column, member]) => [member, column]));
  return { ...item, value, ownNames };
}

/** A row with members changed; what is no object is left for the reader to refuse. */
export function withMembers<Of extends Item>(
  item: Of,
  change: (row: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): Of {
  const row = anyObject.safeParse(item.value);
  return row.success ? { ...item, value: { ...row.data, ...change(row.data) } } : item;
}

/** Properties: an object; old clients print a text like `a='1', b='2'`. */
export function propertiesOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return Object.fromEntries(
    [...value.matchAll(/([^\s,=][^=]*?)='((?:[^'\\]|\\.)*)'/g)].map(([, name = '', content = '']) => [
      name,
      content,
    ]),
  );
}

/** `debian-12 (5e937448-…)` as name and id. */
export function nameAndId(text: string): { readonly name: string; readonly id: string } | undefined {
  const [, name, id] = /^(.*) \(([^()]+)\)$/s.exec(text) ?? [];
  return name === undefined || id === undefined ? undefined : { name, id };
}
