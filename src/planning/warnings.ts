import type { CloudConfig } from '../model/nova-config.ts';
import { mayDiffer } from '../nova/may-differ.ts';
import type { Step, Warning } from '../plan/plan.ts';
import { isMigration } from '../plan/run-steps.ts';
import { hostFacts } from '../constraints/host-facts.ts';
import { hostLayout } from '../nova/host-layout.ts';
import type { Run } from './run.ts';

/** What a reviewer should know before signing. */
export function warningsOf(
  { context, request, ruleProblems }: Run,
  steps: readonly Step[],
): readonly Warning[] {
  const migrations = steps.filter(isMigration);
  const quirky = migrations.filter((step) => {
    const host = context.cloud.hosts.get(step.to);
    const facts = host === undefined ? undefined : hostFacts(host, context.cloud);
    const fit = context.demands.get(step.server)?.fit;
    return facts !== undefined && fit !== undefined && mayDiffer(fit, hostLayout(facts)).length > 0;
  });
  const cold = migrations.filter(
    (step) => step.kind === 'cold' && context.cloud.servers.get(step.server)?.vmState === 'active',
  );
  const warnings: readonly Warning[] = [
    {
      code: 'plan.nova-may-differ',
      text: 'Nova may refuse or choose otherwise here: its search for NUMA cells has known bugs for such guests',
      steps: ids(quirky),
    },
    {
      code: 'plan.downtime',
      text: 'these servers are shut down for the time of a cold migration',
      steps: ids(cold),
    },
  ];
  const assumed = settingsOf(request.cloud.config).filter((setting) => !setting.known).length;
  const general: readonly Warning[] =
    assumed === 0 || migrations.length === 0
      ? []
      : [
          {
            code: 'plan.assumed-config',
            text: `${assumed} settings of nova.conf are Nova's defaults, not read from the cloud`,
            steps: [],
          },
        ];
  const own = ruleProblems.map(({ summary, path, value }) => ({
    code: 'plan.rule-names-nothing',
    text: `rules of your own, ${path ?? ''}: ${summary}${value === undefined ? '' : ` (${value})`}`,
    steps: [],
  }));
  return [...warnings.filter((warning) => warning.steps.length > 0), ...general, ...own];
}

const settingsOf = (config: CloudConfig): readonly { readonly known: boolean }[] =>
  Object.values({ ...config });

const ids = (steps: readonly { readonly id: string }[]): readonly string[] => steps.map((step) => step.id);
