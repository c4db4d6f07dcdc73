import type { Cloud } from '../../model/cloud.ts';
import type { Host } from '../../model/host.ts';
import type { Server } from '../../model/server.ts';
import { aggregateKey, matchAggregates } from '../../nova/aggregate-extra-specs.ts';
import { pairMask } from '../pair-mask.ts';
import { auditResidents } from '../resident-audit.ts';
import { type Rule, type Verdict, yes } from '../rule.ts';

/**
 * Every extra spec of the flavor without a scope, or of scope `aggregate_instance_extra_specs`, matches the metadata
 * of some aggregate of the host. Holds where the filter is enabled.
 *
 * Source: scheduler/filters/aggregate_instance_extra_specs.py; reference 3.11.
 */
export const aggregateMetadata: Rule = {
  id: 'aggregate-metadata',
  scope: 'pair',
  holds: 'always',
  lasting: true,
  judge: ({ server, to, forced }, { context }) =>
    forced === true ? yes : judgeSpecs(server, context.cloud.hosts.get(to), context.cloud),
  audit: (state) =>
    auditResidents('aggregate-metadata', state, (server, host) =>
      judgeSpecs(server, host, state.context.cloud),
    ),
  compile: (context) =>
    pairMask(
      'aggregate-metadata',
      context,
      (server) => JSON.stringify(asked(server)),
      (server, host, { forced }) => (forced === true ? yes : judgeSpecs(server, host, context.cloud)),
    ),
  describe: ({ where, names }) =>
    `no aggregate of host ${where} has what the flavor asks for: ${(names ?? []).join(', ')}`,
};

const asked = (server: Server): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(server.flavor.extraSpecs).filter(([name]) => aggregateKey(name) !== undefined),
  );

function judgeSpecs(server: Server, host: Host | undefined, cloud: Cloud): Verdict {
  const filter = 'AggregateInstanceExtraSpecsFilter';
  if (host === undefined || !cloud.config.enabledFilters.value.includes(filter)) return yes;
  const metadata = host.aggregates.map((id) => cloud.aggregates.get(id)?.metadata ?? {});
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
