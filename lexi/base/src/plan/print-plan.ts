import { canonicalJson } from '../shared/canonical-json.ts';
import { compareText } from '../shared/collections.ts';
import type { Plan } from './plan.ts';

/**
 * The plan as JSON text: members sorted as in canonical JSON, one step a line, so that two plans can be compared line
 * by line. Equal plans, equal text.
 */
export function printPlan(plan: Plan): string {
  const members = Object.entries(plan)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => compareText(a, b))
    .map(([member, value]) => `${JSON.stringify(member)}:${printMember(value)}`);
  return `{\n${members.join(',\n')}\n}\n`;
}

function printMember(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return canonicalJson(value);
  return `[\n${value.map((item) => canonicalJson(item)).join(',\n')}\n]`;
}
