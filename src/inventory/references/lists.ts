import { jsonPath } from '../../shared/json-path.ts';
import { showName } from '../../shared/text.ts';
import type { HeldRecord } from '../document/cloud-records.ts';
import { type Checker, checkUnique } from './checker.ts';
import { checkTopology } from './servers.ts';

export function checkLists(checker: Checker): void {
  const { aggregates = [], flavors = [], groups = [], storagePools = [] } = checker.inventory;
  checkUnique(checker, 'aggregates', aggregates);
  checkUnique(checker, 'groups', groups);
  checkUnique(checker, 'storagePools', storagePools);
  for (const [at, flavor] of flavors.entries()) checker.inTable('flavors', flavor, ['flavors', at]);
  checkConsumers(checker);
  checkMigrations(checker);
  checkLinks(checker);
}

function checkConsumers(checker: Checker): void {
  const { otherConsumers = [], servers } = checker.inventory;
  checkUnique(checker, 'otherConsumers', otherConsumers);
  const ids = new Set(servers.map(({ id }) => id));
  for (const [at, { id, allocations }] of otherConsumers.entries()) {
    const path = ['otherConsumers', at];
    if (ids.has(id)) {
      checker.problem({
        code: 'inventory.duplicate-id',
        summary: `consumer ${showName(id)} is a server of the inventory: what it holds would count twice`,
        path: [...path, 'id'],
        value: id,
      });
    }
    for (const [of, { amounts, provider }] of allocations.entries()) {
      checker.inTable('amounts', amounts, [...path, 'allocations', of, 'amounts']);
      if (provider === undefined) {
        checker.problem({
          code: 'inventory.missing',
          summary: 'only allocations of servers may leave the provider out',
          path: [...path, 'allocations', of, 'provider'],
        });
      }
    }
  }
}

function checkMigrations(checker: Checker): void {
  const records = checker.inventory.migrations ?? [];
  checkUnique(
    checker,
    'migrations',
    records.map(({ id, server, uuid }) => ({ id: uuid ?? `${server}/${id}` })),
  );
  for (const [at, { heldAtSource, heldAtDestination }] of records.entries()) {
    checkHeld(checker, heldAtSource, ['migrations', at, 'heldAtSource']);
    checkHeld(checker, heldAtDestination, ['migrations', at, 'heldAtDestination']);
  }
}

/** What a link is called tells its load from that of others; a member that is nowhere would be left out unseen. */
function checkLinks({ inventory, problem }: Checker): void {
  const { links = [], hosts } = inventory;
  const places = new Set(hosts.flatMap(({ id, rack }) => (rack === undefined ? [id] : [id, rack])));
  const named = new Map<string, number>();
  for (const [at, { name, members }] of links.entries()) {
    const first = named.get(name);
    if (first !== undefined)
      problem({
        code: 'inventory.duplicate-id',
        summary: `${showName(name)} already stands at ${jsonPath(['links', first])}`,
        path: ['links', at, 'name'],
        value: name,
      });
    named.set(name, first ?? at);
    for (const [of, member] of members.entries())
      if (!places.has(member))
        problem({
          code: 'inventory.unknown-reference',
          summary: `link ${showName(name)} has a member that is neither a host nor the rack of one`,
          path: ['links', at, 'members', of],
          value: member,
          hint: 'the racks of hosts stand in hosts[].rack',
        });
  }
}

function checkHeld(checker: Checker, held: HeldRecord | undefined, path: readonly PropertyKey[]): void {
  checker.inTable('flavors', held?.flavor, [...path, 'flavor']);
  checkTopology(checker, held?.topology ?? [], [...path, 'topology']);
}
