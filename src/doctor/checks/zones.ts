import type { Cloud } from '../../model/cloud.ts';
import type { Host } from '../../model/host.ts';
import { showName } from '../../shared/text.ts';
import { type Check, type Finding, problem, unknown, warning } from '../check.ts';

const zoneKey = 'availability_zone';

/** A host is in one availability zone. */
export const zones: Check = {
  id: 'availability-zones',
  looksAt: 'cloud',
  needed: 'the aggregates of a host name one availability zone at most, and it is that of the host',
  why: 'a zone is metadata of an aggregate: a host in two of them is in either, and servers that asked for one are found in the other (Nova admin guide, availability zones)',
  fine: 'no host is in two zones',
  examine(cloud) {
    const found = new Set([...cloud.hosts.values()].map(({ availabilityZone }) => availabilityZone));
    if (cloud.aggregates.size === 0 && found.size > 1)
      return [unknown(['aggregates'], 'no aggregates were read', 'let Nova answer: see permissions-import')];
    return [...cloud.hosts.values()].flatMap((host) => ofHost(host, cloud));
  },
};

function ofHost({ availabilityZone: zone, id }: Host, { aggregates }: Cloud): readonly Finding[] {
  const named = [...aggregates.values()].filter(
    ({ hosts: members, metadata }) => metadata[zoneKey] !== undefined && members.includes(id),
  );
  const found = new Set(named.map(({ metadata }) => metadata[zoneKey] ?? ''));
  const list = named.map(
    ({ metadata, name }) => `${showName(metadata[zoneKey] ?? '')} (aggregate ${showName(name)})`,
  );
  if (found.size > 1)
    return [
      problem(
        [id],
        `is in several zones: ${list.join(', ')}`,
        'remove it from the aggregates of all zones but one',
      ),
    ];
  const [only] = found;
  if (only !== undefined && zone !== undefined && zone !== only)
    return [
      warning(
        [id],
        `is in zone ${showName(zone)}, while its aggregate says ${list.join('')}`,
        'import again: it was changed meanwhile; else remove it from the aggregate and add it again',
      ),
    ];
  return [];
}
