import type { Diagnostic } from '../../shared/diagnostic.ts';
import { jsonPath } from '../../shared/json-path.ts';
import { showName } from '../../shared/text.ts';
import type { Inventory } from '../document.ts';
import type { TableName } from '../document/tables.ts';

/** Collects what is wrong; a path is built only where something is. */
export interface Checker {
  readonly inventory: Inventory;
  readonly problem: (problem: Problem) => void;
  /** Says so where a table has no such entry. */
  readonly inTable: (table: TableName, id: string | undefined, path: readonly PropertyKey[]) => void;
}

export interface Problem extends Omit<Diagnostic, 'severity' | 'path'> {
  readonly path: readonly PropertyKey[];
}

/** Says so where an id stands twice in a list. */
export function checkUnique(
  { problem }: Pick<Checker, 'problem'>,
  list: string,
  items: readonly { readonly id: string }[],
): void {
  const seen = new Map<string, number>();
  for (const [at, { id }] of items.entries()) {
    const first = seen.get(id);
    if (first === undefined) {
      seen.set(id, at);
      continue;
    }
    problem({
      code: 'inventory.duplicate-id',
      summary: `${showName(id)} already stands at ${jsonPath([list, first])}`,
      path: [list, at, 'id'],
      value: id,
    });
  }
}
