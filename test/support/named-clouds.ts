import type { Inventory } from '../../src/inventory/document.ts';

type Rename = (name: string, index: number) => string;

/** An inventory in which hosts, servers, groups, aggregates and zones are called otherwise, everywhere alike. */
export function renamed(inventory: Inventory, rename: Rename): Inventory {
  const { hosts, servers, groups = [], aggregates = [] } = inventory;
  const zones = hosts.flatMap(({ availabilityZone }) => availabilityZone ?? []);
  const known = new Set([
    ...hosts.map(({ id }) => id),
    ...[...servers, ...groups, ...aggregates].map(({ name }) => name),
    ...zones,
  ]);
  const names = new Map([...known].map((name, index) => [name, rename(name, index)]));
  const { tables, ...rest } = inventory; // what stands in a table is called by its digest
  const named = JSON.stringify(rest, (_key, value: unknown) =>
    typeof value === 'string' ? (names.get(value) ?? value) : value,
  );
  return { ...(JSON.parse(named) as Inventory), tables };
}

/** Names as long as people give them, that differ at their ends only. */
export const longNames: Rename = (name) => `production-eu-central-1-cluster-b.${name}`;

/** Names as people who mean harm give them, or whose language is not ours. */
export const hostileNames: Rename = (name, index) => {
  const kinds = [
    `${'long-name-'.repeat(23)}${name}`,
    `\u202Egnirts ${name}\u202C`,
    `<script>alert('${name}')</script>`,
    `two\nlines ${name}`,
    `\ttabs\t${name}`,
    `\u001B[31m${name}\u001B[0m\u0007`,
    `計算機の名前はとても長い名前です-${name}`,
    `a b  c ${name}`,
    `e\u0301\u200B\u2066${name}`,
  ];
  return kinds[index % kinds.length] ?? name;
};
