import { runsFilter, valuesOf } from '../aggregates.ts';
import { pairRule } from '../pair-rule.ts';
import { yes } from '../rule.ts';

/**
 * A host in aggregates with `instance_type` takes only servers of the flavors named there. Holds where
 * AggregateTypeAffinityFilter is enabled.
 *
 * Source: scheduler/filters/type_filter.py.
 */
export const typeAffinity = pairRule({
  id: 'type-affinity',
  askedBy: 'scheduler',
  signatureOf: ({ flavor }, { cloud }) =>
    runsFilter(cloud, 'AggregateTypeAffinityFilter') ? flavor.name : '',
  judge({ server, to }, { cloud }) {
    if (!runsFilter(cloud, 'AggregateTypeAffinityFilter')) return yes;
    const names = valuesOf(to, 'instance_type', cloud);
    if (names.length === 0 || names.includes(server.flavor.name)) return yes;
    return { kind: 'no', measured: 1, limit: 0, unit: 'foreign flavors', where: to.id, names };
  },
  describe: ({ where, names }) => `host ${where} is kept for flavors ${(names ?? []).join(', ')}`,
});
