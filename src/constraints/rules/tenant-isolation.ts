import type { Cloud } from '../../model/cloud.ts';
import type { Host } from '../../model/host.ts';
import { pairRule } from '../pair-rule.ts';
import { type Verdict, yes } from '../rule.ts';

/**
 * A host in aggregates with `filter_tenant_id` takes only servers of the projects listed there.
 *
 * Source: scheduler/filters/aggregate_multitenancy_isolation.py, which reads the key `filter_tenant_id` alone
 * (suffixed keys are for the Placement pre-filter). Holds where the filter is enabled.
 */
export const tenantIsolation = pairRule({
  id: 'tenant-isolation',
  askedBy: 'scheduler',
  signatureOf: ({ projectId }) => projectId,
  judge: ({ server, to }, { cloud }) => judgeProject(server.projectId, to, cloud),
  describe: ({ where, names }) => `host ${where} is kept for projects ${(names ?? []).join(', ')}`,
});

function judgeProject(project: string, host: Host, cloud: Cloud): Verdict {
  if (!cloud.config.enabledFilters.value.includes('AggregateMultiTenancyIsolation')) return yes;
  const kept = host.aggregates.flatMap((id) => {
    const projects = cloud.aggregates.get(id)?.metadata['filter_tenant_id'];
    return projects === undefined ? [] : projects.split(',').map((name) => name.trim());
  });
  if (kept.length === 0 || kept.includes(project)) return yes;
  return { kind: 'no', measured: 1, limit: 0, unit: 'foreign projects', where: host.id, names: kept };
}
