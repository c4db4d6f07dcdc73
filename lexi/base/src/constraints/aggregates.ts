import type { Cloud } from '../model/cloud.ts';
import type { Host } from '../model/host.ts';
import { lookup } from '../nova/lookup.ts';

/** Metadata of the aggregates that a host is in. */
export const metadataOf = (host: Host, cloud: Cloud): readonly Readonly<Record<string, string>>[] =>
  host.aggregates.map((id) => cloud.aggregates.get(id)?.metadata ?? {});

/** The values of a key over all aggregates of a host, comma lists taken apart. */
export const valuesOf = (host: Host, key: string, cloud: Cloud): readonly string[] =>
  metadataOf(host, cloud).flatMap((metadata) =>
    (lookup(metadata, key)?.split(',') ?? []).map((value) => value.trim()),
  );

/** Whether the scheduler runs a filter. */
export const runsFilter = ({ config }: Cloud, ...filters: readonly string[]): boolean =>
  filters.some((filter) => config.enabledFilters.value.includes(filter));
