import type { Cloud } from '../../model/cloud.ts';
import type { Diagnostic } from '../../shared/diagnostic.ts';
import type { Rule } from '../rule.ts';
import type { RulesDocument } from './document.ts';
import { resolveRules } from './resolve.ts';
import { ruleOf } from './rule-of.ts';

/** An operator's document as rules of a cloud, and what in it names nothing there. */
export function operatorRules(
  document: RulesDocument | undefined,
  cloud: Cloud,
): { readonly rules: readonly Rule[]; readonly problems: readonly Diagnostic[] } {
  if (document === undefined) return { rules: [], problems: [] };
  const { rules, problems } = resolveRules(document, cloud);
  return { rules: rules.map(ruleOf), problems };
}
