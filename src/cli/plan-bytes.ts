import { createHash } from 'node:crypto';
import { parsePlan } from '../plan/plan-file.ts';
import type { Plan } from '../plan/plan.ts';
import { readTextAndBytes } from './files.ts';

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
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { plan: parsePlan(text, file), sha256 };
}
