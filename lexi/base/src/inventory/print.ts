import { canonicalJson } from '../shared/canonical-json.ts';
import { compareText } from '../shared/collections.ts';
import { digestOf } from '../shared/digest.ts';
import type { Inventory } from './document.ts';

type Write = (text: string) => void;

/**
 * Hands out an inventory as JSON text in pieces: members sorted as in canonical JSON, one record of a list and one
 * entry of a table a line, so that two inventories can be compared line by line. Equal inventories, equal text.
 */
export function printInventory(inventory: Inventory, write: Write): void {
  printMembers(inventory, write, (member) => {
    const value: unknown = Reflect.get(inventory, member);
    if (member === 'tables') printTables(inventory.tables, write);
    else if (Array.isArray(value)) printList(value, write);
    else write(canonicalJson(value));
  });
  write('\n');
}

/** The inventory as one text. */
export function inventoryText(inventory: Inventory): string {
  const pieces: string[] = [];
  printInventory(inventory, (text) => pieces.push(text));
  return pieces.join('');
}

/** The SHA-256 of the inventory's canonical JSON: by which plans name the inventory that they are based on. */
export const inventoryDigest = (inventory: Inventory): string => digestOf(inventory);

function printTables(tables: object, write: Write): void {
  printMembers(tables, write, (name) => {
    const table: unknown = Reflect.get(tables, name);
    if (typeof table !== 'object' || table === null) write(canonicalJson(table));
    else
      printMembers(table, write, (id) => {
        write(canonicalJson(Reflect.get(table, id)));
      });
  });
}

function printMembers(object: object, write: Write, print: (member: string) => void): void {
  const members = Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .map(([member]) => member)
    .sort(compareText);
  write('{\n');
  for (const [at, member] of members.entries()) {
    write(`${JSON.stringify(member)}:`);
    print(member);
    write(at < members.length - 1 ? ',\n' : '\n');
  }
  write('}');
}

const linesAtOnce = 256;

function printList(list: readonly unknown[], write: Write): void {
  write('[\n');
  for (let from = 0; from < list.length; from += linesAtOnce) {
    const lines = list.slice(from, from + linesAtOnce).map((record) => canonicalJson(record));
    write(`${lines.join(',\n')}${from + linesAtOnce < list.length ? ',' : ''}\n`);
  }
  write(']');
}
