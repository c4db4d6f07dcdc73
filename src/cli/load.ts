import { readInventory } from '../inventory/inventory-file.ts';
import { inventoryDigest } from '../inventory/print.ts';
import { toCloud } from '../inventory/to-cloud.ts';
import type { Cloud } from '../model/cloud.ts';
import { parsePlan } from '../plan/plan-file.ts';
import type { Plan } from '../plan/plan.ts';
import { readTextFile } from './files.ts';

/** A cloud, and the digest of the document that it was read from. */
export interface LoadedCloud {
  readonly cloud: Cloud;
  readonly digest: string;
}

/**
 * The cloud of an inventory file.
 *
 * @throws InputError with every problem.
 */
export function loadCloud(file: string): LoadedCloud {
  const inventory = readInventory(file);
  return { cloud: toCloud(inventory), digest: inventoryDigest(inventory) };
}

/**
 * The plan of a file.
 *
 * @throws InputError with every problem.
 */
export async function loadPlan(file: string): Promise<Plan> {
  const text = await readTextFile(file, 'make one with `planner rebalance` or `planner drain`');
  return parsePlan(text, file);
}
