import { loadCatalog } from '../catalog/catalog.ts';
import { createContext } from '../constraints/create-context.ts';
import { operatorRules } from '../constraints/operator/operator-rules.ts';
import { rules } from '../constraints/registry.ts';
import { type RunState, stepState } from '../execute/runner/run-state.ts';
import { toCloud } from '../inventory/to-cloud.ts';
import type { FindingCode } from '../plan/finding.ts';
import type { Plan } from '../plan/plan.ts';
import { restOfPlan } from '../plan/rest-of-plan.ts';
import { verifyPlan } from '../plan/verify-plan.ts';
import { rulesOf } from '../planning/rules-of.ts';
import { select } from '../planning/selection.ts';
import { InputError } from '../shared/diagnostic.ts';
import type { CliContext } from './context.ts';
import { importCloud } from './import-cloud.ts';
import { readPlannedOptions } from './planned-options.ts';

/** Findings that keep a step from going as planned; figures of the whole are of no concern to a part. */
const matters: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'stale',
  'refused',
  'cells-differ',
  'violation-worse',
]);

interface Where {
  readonly cloud?: string;
  readonly hostFacts: string;
}

/** Reads the cloud again and replays on it what is left of a plan; what is wrong with that, in words. */
export async function restProblems(
  plan: Plan,
  run: RunState,
  { cloud: name, hostFacts }: Where,
  context: CliContext,
): Promise<readonly string[]> {
  try {
    const wanted = { hostFacts, quiet: true, ...(name !== undefined && { cloud: name }) };
    const cloud = toCloud((await importCloud(wanted, context)).inventory);
    const { cpuTable } = await loadCatalog();
    const { profile, release, rules: own } = plan.basedOn;
    const options = readPlannedOptions(plan.basedOn);
    const done = new Set(plan.steps.flatMap(({ id }) => (stepState(run, id).phase === 'done' ? [id] : [])));
    const { findings } = verifyPlan({
      plan: restOfPlan(plan, done),
      context: createContext(cloud, { name: profile, ...release }, cpuTable, options),
      rules: rulesOf(select(cloud, options), rules, options, operatorRules(own, cloud).rules),
      inventoryDigest: 'of another time',
    });
    return findings
      .filter(({ code }) => matters.has(code))
      .map(({ step = 'the plan', text }) => `${step}: ${text}`);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.diagnostics.map(({ summary }) => `the cloud cannot be read: ${summary}`);
  }
}
