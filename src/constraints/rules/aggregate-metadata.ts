import type { Cloud } from '../../model/cloud.ts';
import type { Host } from '../../model/host.ts';
import type { Server } from '../../model/server.ts';
import { aggregateKey, matchAggregates } from '../../nova/aggregate-extra-specs.ts';
import { metadataOf, runsFilter } from '../aggregates.ts';
import { pairRule } from '../pair-rule.ts';
import { type Verdict, yes } from '../rule.ts';

/**
 * Every extra spec of the flavor without a scope, or of scope `aggregate_instance_extra_specs`, matches the metadata
 * of some aggregate of the host. Holds where the filter is enabled.
 *
 * Source: scheduler/filters/aggregate_instance_extra_specs.py.
 */
export const aggregateMetadata = pairRule({
  id: 'aggregate-metadata',
  askedBy: 'scheduler',
  signatureOf: (server) => JSON.stringify(asked(server)),
  judge: ({ server, to }, { cloud }) => judgeSpecs(server, to, cloud),
  describe: ({ where, names }) =>
    `no aggregate of host ${where} has what the flavor asks for: ${(names ?? []).join(', ')}`,
});

const asked = (server: Server): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(server.flavor.extraSpecs).filter(([name]) => aggregateKey(name) !== undefined),
  );

function judgeSpecs(server: Server, host: Host, cloud: Cloud): Verdict {
  if (!runsFilter(cloud, 'AggregateInstanceExtraSpecsFilter')) return yes;
  const metadata = metadataOf(host, cloud);
  const wanted = Object.entries(asked(server));
  if (wanted.length === 0 || matchAggregates(Object.fromEntries(wanted), metadata) === 'yes') return yes;
  const names = wanted
    .filter(([name, value]) => matchAggregates({ [name]: value }, metadata) !== 'yes')
    .map(([name, value]) => `${aggregateKey(name) ?? name}=${value}`);
  return {
    kind: 'no',
    measured: names.length,
    limit: 0,
    unit: 'extra specs without a match',
    where: host.id,
    names,
  };
}
