import { digestOf } from '../shared/digest.ts';
import type { Plan } from './plan.ts';

const idLength = 12;

/** The id that belongs to a plan's content: the first 12 hex digits of the digest of everything but the id. */
export function planId(plan: Omit<Plan, 'id'>): string {
  return digestOf({ ...plan, id: undefined }).slice(0, idLength);
}

/** The plan with the id that belongs to its content. */
export function withPlanId(plan: Omit<Plan, 'id'>): Plan {
  return { ...plan, id: planId(plan) };
}
