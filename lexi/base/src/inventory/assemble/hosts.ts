import type { HostId } from '../../model/ids.ts';
import type { HostRecord } from '../document/host.ts';
import type { HostFacts } from '../facts.ts';
import type { Merged } from '../merge.ts';
import { toHostRecord } from './host.ts';
import type { ProvidersByHost } from './providers.ts';
import { type FieldSources, summariseSources } from './sources.ts';
import type { TableWriter } from './tables.ts';

/** The records of all hosts, and where most of them have their fields from. */
export function toHostRecords(
  hosts: ReadonlyMap<HostId, Merged<HostFacts>>,
  { byHost, source }: ProvidersByHost,
  tables: TableWriter,
): { readonly records: HostRecord[]; readonly sources: Readonly<Record<string, string>> } {
  const sourcesOf = new Map<HostId, FieldSources>(
    [...hosts].map(([id, { sources }]) => [
      id,
      byHost.has(id) ? new Map([...sources, ['providers', source] as const]) : sources,
    ]),
  );
  const summary = summariseSources(sourcesOf.values());
  const records = [...hosts].map(([id, { facts }]) => {
    const sources = summary.exceptions(sourcesOf.get(id) ?? new Map());
    return toHostRecord(facts, { id, providers: byHost.get(id), sources }, tables);
  });
  return { records, sources: summary.usual };
}
