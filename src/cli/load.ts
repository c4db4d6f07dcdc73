import { parseRules } from '../catalog/rules-file.ts';
import { contradictionProblems } from '../constraints/operator/contradictions.ts';
import type { RulesDocument } from '../constraints/operator/document.ts';
import { resolveRules } from '../constraints/operator/resolve.ts';
import { readInventory } from '../inventory/inventory-file.ts';
import { inventoryDigest } from '../inventory/print.ts';
import { toCloud } from '../inventory/to-cloud.ts';
import type { Cloud } from '../model/cloud.ts';
import { parsePlan } from '../plan/plan-file.ts';
import type { Plan } from '../plan/plan.ts';
import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import { sha256OfBytes } from '../shared/digest.ts';
import { readTextAndBytes, readTextFile } from './files.ts';

/** A cloud, and the digest of the document that it was read from. */
export interface LoadedCloud {
  readonly cloud: Cloud;
  readonly digest: string;
  readonly file: string;
}

/**
 * The cloud of an inventory file.
 *
 * @throws InputError with every problem.
 */
export function loadCloud(file: string): LoadedCloud {
  const inventory = readInventory(file);
  return { cloud: toCloud(inventory), digest: inventoryDigest(inventory), file };
}

/**
 * The cloud of an inventory file, where nobody asks for the digest, which takes a third of the time.
 *
 * @throws InputError with every problem.
 */
export const loadOnlyCloud = (file: string): Cloud => toCloud(readInventory(file));

/** A plan, and the SHA-256 of the very bytes that it was read from, as 64 hexadecimal digits. */
export interface PlanBytes {
  readonly plan: Plan;
  readonly sha256: string;
}

/**
 * Reads a plan once, so that what was signed is what is carried out.
 *
 * @throws InputError with every problem.
 */
export async function loadPlanBytes(file: string): Promise<PlanBytes> {
  const { bytes, text } = await readTextAndBytes(
    file,
    'make one with `planner rebalance` or `planner drain`',
  );
  return { plan: parsePlan(text, file), sha256: sha256OfBytes(bytes) };
}

/**
 * The plan of a file.
 *
 * @throws InputError with every problem.
 */
export async function loadPlan(file: string): Promise<Plan> {
  return (await loadPlanBytes(file)).plan;
}

/**
 * The rules of a file.
 *
 * @throws InputError with every problem.
 */
export async function loadRules(file: string): Promise<RulesDocument> {
  return parseRules(await readTextFile(file, 'docs/rules.md has an example'), file);
}

/**
 * What in rules names nothing of a cloud that it might name one day.
 *
 * @throws InputError with everything that is wrong with them there: names that do not exist, and contradictions.
 */
export function checkRules(rules: RulesDocument, cloud: Cloud, file: string): readonly Diagnostic[] {
  const { rules: resolved, problems } = resolveRules(rules, cloud, file);
  const errors = problems.filter(({ severity }) => severity === 'error');
  const all = errors.length > 0 ? errors : contradictionProblems(resolved, cloud, file);
  if (all.length > 0) throw new InputError(all);
  return problems;
}
