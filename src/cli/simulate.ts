import { loadCatalog } from '../catalog/catalog.ts';
import type { RuleContext } from '../constraints/context.ts';
import { createContext } from '../constraints/create-context.ts';
import { operatorRules } from '../constraints/operator/operator-rules.ts';
import { rules } from '../constraints/registry.ts';
import type { Rule } from '../constraints/rule.ts';
import { type Faults, noFaults } from '../execute/simulated/faults.ts';
import { parseFaults } from '../execute/simulated/faults-file.ts';
import { createSimulated, type Simulated } from '../execute/simulated/simulated-driver.ts';
import type { Plan } from '../plan/plan.ts';
import { isMigration } from '../plan/run-steps.ts';
import { rulesOf } from '../planning/rules-of.ts';
import { select } from '../planning/selection.ts';
import { readTextFile } from './files.ts';
import { loadCloud } from './load.ts';
import { readPlannedOptions } from './planned-options.ts';

/** The cloud of an inventory and the rules of a plan, to simulate it on. */
export interface SimulatedCloud {
  readonly context: RuleContext;
  readonly rules: readonly Rule[];
}

/** What a simulation needs, read from files. */
export async function loadSimulated(plan: Plan, inventory: string): Promise<SimulatedCloud> {
  const { cpuTable } = await loadCatalog();
  const { cloud } = loadCloud(inventory);
  const { profile: name, release, rules: own } = plan.basedOn;
  const options = readPlannedOptions(plan.basedOn);
  return {
    context: createContext(cloud, { name, ...release }, cpuTable, options),
    rules: rulesOf(select(cloud, options), rules, options, operatorRules(own, cloud).rules),
  };
}

export const loadFaults = async (file: string | undefined): Promise<Faults> =>
  file === undefined ? noFaults : parseFaults(await readTextFile(file), file);

/** Where the plan says nothing. */
const someSeconds = { low: 5, expected: 20, high: 60 };

/** A new simulated cloud; its time begins when the plan's inventory was read. */
export function startSimulated(
  { context, rules: judges }: SimulatedCloud,
  plan: Plan,
  faults: Faults,
  seed: number,
): Simulated {
  const steps = plan.steps.filter(isMigration);
  return createSimulated(
    {
      context,
      rules: judges,
      seed,
      faults,
      secondsOf: (server, to) =>
        steps.find((step) => step.server === server && step.to === to)?.predicted.seconds ?? someSeconds,
    },
    Date.parse(plan.basedOn.capturedAt),
  );
}
