import { loadCatalog } from '../catalog/catalog.ts';
import type { RuleContext } from '../constraints/context.ts';
import { createContext } from '../constraints/create-context.ts';
import { operatorRules } from '../constraints/operator/operator-rules.ts';
import { rules } from '../constraints/registry.ts';
import type { Rule } from '../constraints/rule.ts';
import { type Faults, noFaults } from '../execute/simulated/faults.ts';
import { parseFaults } from '../execute/simulated/faults-file.ts';
import { createSimulated, type Simulated } from '../execute/simulated/simulated-driver.ts';
import type { Cloud } from '../model/cloud.ts';
import type { Plan } from '../plan/plan.ts';
import { isMigration } from '../plan/run-steps.ts';
import { rulesOf } from '../planning/rules-of.ts';
import { select } from '../planning/selection.ts';
import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import { readTextFile } from './files.ts';
import { didYouMean } from './flag-reader.ts';
import { loadOnlyCloud } from './load.ts';
import { readPlannedOptions } from './planned-options.ts';

/** The cloud of an inventory and the rules of a plan, to simulate it on. */
export interface SimulatedCloud {
  readonly context: RuleContext;
  readonly rules: readonly Rule[];
}

/** What a simulation needs, read from files. */
export async function loadSimulated(plan: Plan, inventory: string): Promise<SimulatedCloud> {
  const { cpuTable } = await loadCatalog();
  const cloud = loadOnlyCloud(inventory);
  const { profile: name, release, rules: own } = plan.basedOn;
  const options = readPlannedOptions(plan.basedOn);
  return {
    context: createContext(cloud, { name, ...release }, cpuTable, options),
    rules: rulesOf(select(cloud, options), rules, options, operatorRules(own, cloud).rules),
  };
}

/**
 * Reads a faults file.
 *
 * @throws InputError with every problem, servers and hosts that the cloud does not have among them.
 */
export async function loadFaults(file: string | undefined, cloud: Cloud): Promise<Faults> {
  if (file === undefined) return noFaults;
  const faults = parseFaults(await readTextFile(file), file);
  const problems = unknownNames(faults, cloud).map((problem) => ({ ...problem, source: file }));
  if (problems.length > 0) throw new InputError(problems);
  return faults;
}

function unknownNames({ faults }: Faults, { hosts, servers }: Cloud): readonly Diagnostic[] {
  const known = {
    host: new Set([...hosts.values()].map(({ id }): string => id)),
    server: new Set([...servers.values()].flatMap(({ id, name }): readonly string[] => [name, id])),
  };
  return faults.flatMap((fault, index): readonly Diagnostic[] => {
    const [what, value] =
      fault.kind === 'host-down' ? (['host', fault.host] as const) : (['server', fault.server] as const);
    if (known[what].has(value)) return [];
    const summary = `the inventory has no ${what} of this name${what === 'server' ? ' or id' : ''}`;
    const place = { path: `$.faults[${index}].${what}`, value, ...didYouMean(value, known[what]) };
    return [{ code: 'faults.unknown', severity: 'error', summary, ...place }];
  });
}

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
