import type { Switches } from '../model/profile.ts';
import { plainSwitchesSchema, switchesSchema } from '../model/profile-schema.ts';
import type { ProfileFile } from './profile-file-schema.ts';
import { compareMicroversions, type ReleaseTable, type ShippedProfile, valueAt } from './release-table.ts';

/** A switch that the releases set differently, and what holds. */
export interface Difference {
  readonly name: string;
  readonly values: readonly { readonly value: string | boolean; readonly majors: readonly number[] }[];
  readonly holds: string | boolean;
}

/** The switches of several Nova majors at once: where they differ, the strictest holds. */
export function resolveSwitches(table: ReleaseTable, majors: readonly number[]): Switches {
  const plain = Object.entries(table.switches).map(([name, { strictestFirst, since }]) => {
    const values = new Set(majors.map((major) => valueAt(since, major)));
    return [name, strictestFirst.find((value) => values.has(value))] as const;
  });
  const microversions = Object.entries(table.microversions).map(([name, { since }]) => {
    const known = majors.flatMap((major) => valueAt(since, major) ?? []).toSorted(compareMicroversions);
    return [name, known[0]] as const;
  });
  return switchesSchema.parse({
    ...Object.fromEntries(plain),
    microversions: Object.fromEntries(microversions),
  });
}

/** Where the releases differ, in the order of the table. */
export function differences(table: ReleaseTable, majors: readonly number[]): readonly Difference[] {
  return Object.entries(table.switches).flatMap(
    ([name, { strictestFirst, since }]): readonly Difference[] => {
      const values = strictestFirst
        .map((value) => ({ value, majors: majors.filter((major) => valueAt(since, major) === value) }))
        .filter((entry) => entry.majors.length > 0);
      const holds = values[0];
      return holds === undefined || values.length === 1 ? [] : [{ name, values, holds: holds.value }];
    },
  );
}

/** A profile as rules read it: the switches of its releases, and its overlay over them. */
export function resolveProfile(
  table: ReleaseTable,
  { name, description, vendor, novaMajors, overlay, sources }: ProfileFile,
): ShippedProfile {
  const { microversions, ...plain } = resolveSwitches(table, novaMajors);
  const switches = { ...plainSwitchesSchema.parse({ ...plain, ...overlay }), microversions };
  return { name, description, novaMajors, switches, sources, ...(vendor !== undefined && { vendor }) };
}
