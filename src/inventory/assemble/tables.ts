import { canonicalJson } from '../../shared/canonical-json.ts';
import { idOfText, type TableName, type Tables } from '../document/tables.ts';

/** The tables of a document in the making. */
export interface TableWriter {
  readonly tables: Tables;
  /** Puts a value into a table, once, and returns its id. */
  readonly put: <Name extends TableName>(name: Name, value: Tables[Name][string]) => string;
}

export function createTables(): TableWriter {
  const tables: Tables = {
    flavors: {},
    images: {},
    hostCpus: {},
    guestCpus: {},
    traitSets: {},
    machineTypeSets: {},
    hostLayouts: {},
    inventorySets: {},
    amounts: {},
    diskSets: {},
  };
  const ids = new Map<string, string>(); // hashing again for every server would take most of the time
  function put<Name extends TableName>(name: Name, value: Tables[Name][string]): string {
    const text = canonicalJson(value);
    let id = ids.get(text);
    if (id === undefined) {
      id = idOfText(text);
      ids.set(text, id);
    }
    Reflect.set(tables[name], id, value);
    return id;
  }
  return { tables, put };
}
