import type { Catalog } from '../catalog/catalog.ts';
import type { RuleContext } from '../constraints/context.ts';
import { createContext } from '../constraints/create-context.ts';
import { operatorRules } from '../constraints/operator/operator-rules.ts';
import { rules } from '../constraints/registry.ts';
import type { Rule } from '../constraints/rule.ts';
import type { Cloud } from '../model/cloud.ts';
import type { Plan } from '../plan/plan.ts';
import { rulesOf } from '../planning/rules-of.ts';
import { select } from '../planning/selection.ts';
import { readPlannedOptions } from './planned-options.ts';

/** What judges a plan on a cloud: its own release, options and rules, whatever those of today are. */
export function judgesOf(
  { basedOn }: Pick<Plan, 'basedOn'>,
  cloud: Cloud,
  { cpuTable }: Catalog,
): { readonly context: RuleContext; readonly rules: readonly Rule[] } {
  const options = readPlannedOptions(basedOn);
  const profile = { name: basedOn.profile, ...basedOn.release };
  return {
    context: createContext(cloud, profile, cpuTable, options),
    rules: rulesOf(select(cloud, options), rules, options, operatorRules(basedOn.rules, cloud).rules),
  };
}
