import type { Cloud } from '../../model/cloud.ts';
import type { Host } from '../../model/host.ts';
import { pairMask } from '../pair-mask.ts';
import { auditResidents } from '../resident-audit.ts';
import { type Rule, type Verdict, yes } from '../rule.ts';

/**
 * A host in aggregates with `filter_tenant_id` takes only servers of the projects listed there.
 *
 * Source: scheduler/filters/aggregate_multitenancy_isolation.py, which reads the key `filter_tenant_id` alone
 * (suffixed keys are for the Placement pre-filter). Holds where the filter is enabled.
 */
export const tenantIsolation: Rule = {
  id: 'tenant-isolation',
  scope: 'pair',
  holds: 'always',
  lasting: true,
  judge: ({ server, to, forced }, state) =>
    forced === true
      ? yes
      : judgeProject(server.projectId, state.context.cloud.hosts.get(to), state.context.cloud),
  audit: (state) =>
    auditResidents('tenant-isolation', state, (server, host) =>
      judgeProject(server.projectId, host, state.context.cloud),
    ),
  compile: (context) =>
    pairMask(
      'tenant-isolation',
      context,
      (server) => server.projectId,
      (server, host, { forced }) =>
        forced === true ? yes : judgeProject(server.projectId, host, context.cloud),
    ),
  describe: ({ where, names }) => `host ${where} is kept for projects ${(names ?? []).join(', ')}`,
};

function judgeProject(project: string, host: Host | undefined, cloud: Cloud): Verdict {
  if (host === undefined || !cloud.config.enabledFilters.value.includes('AggregateMultiTenancyIsolation'))
    return yes;
  const kept = host.aggregates.flatMap((id) => {
    const projects = cloud.aggregates.get(id)?.metadata['filter_tenant_id'];
    return projects === undefined ? [] : projects.split(',').map((name) => name.trim());
  });
  if (kept.length === 0 || kept.includes(project)) return yes;
  return { kind: 'no', measured: 1, limit: 0, unit: 'foreign projects', where: host.id, names: kept };
}
