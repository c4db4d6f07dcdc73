import type { Diagnostic } from '../shared/diagnostic.ts';
import { jsonPath } from '../shared/json-path.ts';
import type { Inventory } from './document.ts';
import { contentIdOf } from './document/tables.ts';
import type { Checker, Problem } from './references/checker.ts';
import { checkHosts } from './references/hosts.ts';
import { checkLists } from './references/lists.ts';
import { checkServers } from './references/servers.ts';

/** Everything in a document that refers to nothing, stands twice, or contradicts itself. */
export function checkReferences(inventory: Inventory): Diagnostic[] {
  const problems: Diagnostic[] = [];
  const problem = ({ path, ...rest }: Problem): void => {
    problems.push({ severity: 'error', ...rest, path: jsonPath(path) });
  };
  const checker: Checker = {
    inventory,
    problem,
    inTable: (table, id, path) => {
      if (id === undefined || Object.hasOwn(inventory.tables[table], id)) return;
      problem({
        code: 'inventory.unknown-reference',
        summary: `table ${table} has no entry of this id`,
        path,
        value: id,
      });
    },
  };
  checkContentIds(checker);
  checkHosts(checker);
  checkServers(checker);
  checkLists(checker);
  return problems;
}

function checkContentIds({ inventory, problem }: Checker): void {
  for (const [table, entries] of Object.entries(inventory.tables)) {
    for (const [id, entry] of Object.entries(entries)) {
      const right = contentIdOf(entry);
      if (right === id) continue;
      problem({
        code: 'inventory.content-id',
        summary: 'the content of this table entry is not the one that its id stands for',
        path: ['tables', table, id],
        value: id,
        limit: right,
        hint: 'was it edited by hand? the id is the first 16 digits of the SHA-256 of the canonical JSON',
      });
    }
  }
}
