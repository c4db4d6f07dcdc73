import type { Aggregate } from '../../model/aggregate.ts';
import type { HostId } from '../../model/ids.ts';
import type { Contradiction } from '../document/cloud-records.ts';
import type { HostFacts, Source } from '../facts.ts';
import type { Merged } from '../merge.ts';
import type { Told } from '../combine/lists.ts';

type Hosts = ReadonlyMap<HostId, Merged<HostFacts>>;

/** Hosts with the zone that their aggregates give them, where the services API did not say; it may not say another. */
export function withZones(
  hosts: Hosts,
  aggregates: Told<readonly Aggregate[]> | undefined,
  contradictions: Contradiction[],
): Hosts {
  if (aggregates === undefined) return hosts;
  const zones = zonesOf(aggregates.value);
  return new Map(
    [...hosts].map(([id, host]): [HostId, Merged<HostFacts>] => {
      const zone = zones.get(id);
      const said = host.facts.availabilityZone;
      if (zone === undefined || zone === said) return [id, host];
      if (said !== undefined) {
        const taken = host.sources.get('availabilityZone') ?? aggregates.source;
        const values = [
          { source: taken, value: said },
          { source: aggregates.source, value: zone },
        ];
        contradictions.push({ subject: `host ${id}`, field: 'availabilityZone', values, taken });
        return [id, host];
      }
      const sources = new Map<keyof HostFacts, Source>(host.sources).set(
        'availabilityZone',
        aggregates.source,
      );
      return [id, { facts: { ...host.facts, availabilityZone: zone }, sources }];
    }),
  );
}

const zonesOf = (aggregates: readonly Aggregate[]): ReadonlyMap<HostId, string> =>
  new Map(
    aggregates.flatMap(({ hosts, metadata }) => {
      const zone = metadata['availability_zone'];
      return zone === undefined ? [] : hosts.map((host) => [host, zone] as const);
    }),
  );
