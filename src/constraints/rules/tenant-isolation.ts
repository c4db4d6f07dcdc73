import type { Cloud } from '../../model/cloud.ts';
import type { Host } from '../../model/host.ts';
import { runsFilter, valuesOf } from '../aggregates.ts';
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
  signatureOf: ({ projectId }) => projectId ?? '',
  judge: ({ server, to }, { cloud }) => judgeProject(server.projectId, to, cloud),
  describe: ({ where, names }) => `host ${where} is kept for projects ${(names ?? []).join(', ')}`,
});

function judgeProject(project: string | undefined, host: Host, cloud: Cloud): Verdict {
  if (!runsFilter(cloud, 'AggregateMultiTenancyIsolation')) return yes;
  const kept = valuesOf(host, 'filter_tenant_id', cloud);
  if (kept.length === 0) return yes;
  if (project === undefined) return unknownProject;
  if (kept.includes(project)) return yes;
  return { kind: 'no', measured: 1, limit: 0, unit: 'foreign projects', where: host.id, names: kept };
}

const unknownProject: Verdict = {
  kind: 'unknown',
  missing: ['servers[].projectId'],
  safe: 'no',
  assumption: 'the project of some servers is not known: they do not go to hosts that are kept for projects',
};
