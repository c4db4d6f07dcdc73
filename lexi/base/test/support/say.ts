import type { Arrival } from '../../src/constraints/arrival.ts';
import type { RuleContext } from '../../src/constraints/context.ts';
import type { Primitive } from '../../src/constraints/primitive.ts';
import type { Rule } from '../../src/constraints/rule.ts';
import type { StateView } from '../../src/constraints/state-view.ts';
import { createState } from '../../src/replay/state.ts';
import { anArrival, serverId } from './builders.ts';

/** What a rule answers to an arrival, as one line: `yes`, its words, or what it assumes and lacks. */
export function say(
  rule: Rule,
  context: RuleContext,
  server: string,
  to: string,
  over: Partial<Arrival> = {},
  state: StateView = createState(context),
): string {
  const verdict = rule.judge(anArrival(context, server, to, over), state);
  switch (verdict.kind) {
    case 'yes':
      return 'yes';
    case 'no':
      return rule.describe(verdict);
    case 'unknown':
      return `unknown, safe ${verdict.safe}: ${verdict.assumption} [${verdict.missing.join(', ')}]`;
  }
}

/** What a rule finds broken, one line each, with the servers that take part. */
export const broken = (rule: Rule, state: StateView): readonly string[] =>
  rule.audit(state).map((violation) => `${rule.describe(violation)} (${violation.servers.join(', ')})`);

/** The hosts to which the pair masks of a rule let a server move; `any` when none names it. */
export function allowedHosts(primitives: readonly Primitive[], server: string): readonly string[] | 'any' {
  const sets = primitives
    .flatMap((primitive) => (primitive.kind === 'pairMask' ? primitive.sets : []))
    .filter(({ servers }) => servers.includes(serverId(server)));
  const [first, ...rest] = sets;
  if (first === undefined) return 'any';
  return [...first.hosts].filter((host) => rest.every(({ hosts }) => hosts.has(host))).toSorted();
}

/** The servers that a rule fixes. */
export const fixedServers = (primitives: readonly Primitive[]): readonly string[] =>
  primitives.flatMap((primitive) => (primitive.kind === 'fixed' ? primitive.servers : []));
