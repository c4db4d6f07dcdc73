/** The public API: read a cloud, plan, verify and print. Everything else may change without notice. */
export { loadCatalog } from './catalog/catalog.ts';
export { parseRules, rulesJsonSchema } from './catalog/rules-file.ts';
export type { Disruption, RuleContext } from './constraints/context.ts';
export { createContext } from './constraints/create-context.ts';
export type { OperatorRule, RulesDocument } from './constraints/operator/document.ts';
export { operatorRules } from './constraints/operator/operator-rules.ts';
export { rules } from './constraints/registry.ts';
export type { Rule, Verdict, Violation } from './constraints/rule.ts';
export type { Notice, WarningRule } from './constraints/warning-rule.ts';
export { warningRules } from './replay/warnings/registry.ts';
export { importBundle } from './inventory/bundle.ts';
export { readInventory, writeInventory } from './inventory/inventory-file.ts';
export { inventoryJsonSchema } from './inventory/json-schema.ts';
export { toCloud } from './inventory/to-cloud.ts';
export type { Assignment, Cloud } from './model/cloud.ts';
export type { Profile } from './model/profile.ts';
export type { Evaluation } from './objective/evaluation.ts';
export { createObjective } from './objective/evaluate.ts';
export type { Goal } from './objective/goal.ts';
export type { Finding } from './plan/finding.ts';
export type { Plan, Step } from './plan/plan.ts';
export { parsePlan } from './plan/plan-file.ts';
export { printPlan } from './plan/print-plan.ts';
export { type Verification, verifyPlan } from './plan/verify-plan.ts';
export { explainServer, type Question } from './planning/explain/explain.ts';
export type { Explanation } from './planning/explain/explanation.ts';
export { planCloud } from './planning/plan-cloud.ts';
export type {
  PlanningOptions,
  PlanningOutcome,
  PlanningRequest,
  PlanningTools,
} from './planning/planning-request.ts';
export { createState, type State } from './replay/state.ts';
export { type Diagnostic, formatDiagnostic, InputError } from './shared/diagnostic.ts';
export type { Backend, BackendId } from './solve/backend.ts';
export { createSearchPool } from './solve/backends/pool/create-search-pool.ts';
export { createBackend } from './solve/backends/registry.ts';
export type { SearchPool } from './solve/search/search-pool.ts';
