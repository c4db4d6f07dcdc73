import { metadataOf } from '../aggregates.ts';
import { pairRule } from '../pair-rule.ts';
import { yes } from '../rule.ts';

/**
 * A host in an aggregate with `trait:X=required` takes only servers that require trait X themselves. Holds with
 * `[scheduler] enable_isolated_aggregate_filtering`.
 *
 * Source: scheduler/request_filter.py isolate_aggregates.
 */
export const isolatedAggregates = pairRule({
  id: 'isolated-aggregates',
  askedBy: 'scheduler',
  signatureOf: ({ id }, { demands }) => (demands.get(id)?.requiredTraits ?? []).join(),
  judge({ server, to }, { cloud, demands }) {
    if (!cloud.config.isolatedAggregateFiltering.value) return yes;
    const wanted = new Set(demands.get(server.id)?.requiredTraits);
    const isolating = metadataOf(to, cloud).flatMap((metadata) =>
      Object.entries(metadata)
        .filter(([key, value]) => key.startsWith('trait:') && value === 'required')
        .map(([key]) => key.slice('trait:'.length)),
    );
    const names = [...new Set(isolating)].filter((trait) => !wanted.has(trait)).toSorted();
    if (names.length === 0) return yes;
    return {
      kind: 'no',
      measured: names.length,
      limit: 0,
      unit: 'traits not asked for',
      where: to.id,
      names,
    };
  },
  describe: ({ where, names }) =>
    `host ${where} is kept for servers that require ${(names ?? []).join(', ')}`,
});
