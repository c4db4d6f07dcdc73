import type { Rule, Violation } from '../constraints/rule.ts';
import type { StateView } from '../constraints/state-view.ts';

/** Everything that is broken in a state, in the order of the rules. */
export const auditAll = (state: StateView, rules: readonly Rule[]): readonly Violation[] =>
  rules.flatMap((rule) => rule.audit(state));

/** Violations that a plan makes: new ones, raised ones, and those that a server was added to. */
export function worsened(before: readonly Violation[], after: readonly Violation[]): readonly Violation[] {
  const known = new Map(before.map((violation) => [`${violation.rule} ${violation.key}`, violation]));
  return after.filter((violation) => {
    const old = known.get(`${violation.rule} ${violation.key}`);
    if (old === undefined || violation.measured > old.measured) return true;
    const servers = new Set(old.servers);
    return violation.servers.some((server) => !servers.has(server));
  });
}

/** Violations that a plan ends. */
export function mended(before: readonly Violation[], after: readonly Violation[]): readonly Violation[] {
  const left = new Set(after.map(({ rule, key }) => `${rule} ${key}`));
  return before.filter(({ rule, key }) => !left.has(`${rule} ${key}`));
}
