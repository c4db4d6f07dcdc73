import type { GuestCpu, HostCpu } from '../../model/cpu.ts';
import type { Flavor } from '../../model/flavor.ts';
import type { ResourceAmounts, ResourceInventory } from '../../model/placement.ts';
import type { LocalDisk } from '../../model/server.ts';
import { invariant } from '../../shared/invariant.ts';
import type { HostLayoutEntry, ImageEntry, Tables } from '../document/tables.ts';

/** The tables of a document as model values: records that name the same entry share one value. */
export interface ModelTables {
  readonly flavor: (id: string) => Flavor;
  readonly image: (id: string) => ImageEntry;
  readonly hostCpu: (id: string) => HostCpu;
  readonly guestCpu: (id: string) => GuestCpu;
  readonly traits: (id: string) => ReadonlySet<string>;
  readonly machineTypes: (id: string) => ReadonlySet<string>;
  readonly layout: (id: string) => HostLayoutEntry;
  readonly inventories: (id: string) => ReadonlyMap<string, ResourceInventory>;
  readonly amounts: (id: string) => ResourceAmounts;
  readonly disks: (id: string) => readonly LocalDisk[];
}

/** Looks entries up; that every id has one is for `checkReferences` to say beforehand. */
export function readTables(tables: Tables): ModelTables {
  return {
    flavor: lookup(tables.flavors, (entry) => entry),
    image: lookup(tables.images, (entry) => entry),
    hostCpu: lookup(tables.hostCpus, ({ features, ...entry }) => ({ ...entry, features: new Set(features) })),
    guestCpu: lookup(tables.guestCpus, (entry) => entry),
    traits: lookup(tables.traitSets, (entry) => new Set(entry)),
    machineTypes: lookup(tables.machineTypeSets, (entry) => new Set(entry)),
    layout: lookup(tables.hostLayouts, (entry) => entry),
    inventories: lookup(tables.inventorySets, (entry) => new Map(Object.entries(entry))),
    amounts: lookup(tables.amounts, (entry) => entry),
    disks: lookup(tables.diskSets, (entry) => entry),
  };
}

function lookup<Entry, Value>(
  table: Readonly<Record<string, Entry>>,
  toValue: (entry: Entry) => Value,
): (id: string) => Value {
  const values = new Map(Object.entries(table).map(([id, entry]) => [id, toValue(entry)]));
  return (id) => {
    const value = values.get(id);
    invariant(value !== undefined, `no table entry ${id}`);
    return value;
  };
}
