import type { Arrival } from '../constraints/arrival.ts';
import { storageOf, waysOf } from '../constraints/context.ts';
import { type Breach, breachOf, passes, type Rule, type Unknown } from '../constraints/rule.ts';
import { suppliesOf } from '../model/fact-sources.ts';
import type { StateView } from '../constraints/state-view.ts';

/** A rule that says no, with its words. */
export interface Refusal extends Breach {
  readonly rule: string;
  readonly text: string;
}

/** A rule that lacked facts and was answered by its safe assumption. */
export interface Assumed extends Omit<Unknown, 'kind' | 'safe'> {
  readonly rule: string;
  /** What to record so that nothing needs to be assumed. */
  readonly supply: readonly string[];
}

/** Whether Nova would accept a request now; every refusal is listed, not only the first. */
export interface Legality {
  readonly refusals: readonly Refusal[];
  readonly assumed: readonly Assumed[];
}

/** Asks every rule. An arrival is legal when no rule refuses it. */
export function judgeArrival(arrival: Arrival, state: StateView, rules: readonly Rule[]): Legality {
  const refusals: Refusal[] = [];
  const assumed: Assumed[] = [];
  for (const rule of rules) {
    const verdict = rule.judge(arrival, state);
    if (verdict.kind === 'no') {
      refusals.push({ ...breachOf(verdict), rule: rule.id, text: rule.describe(verdict) });
    } else if (verdict.kind === 'unknown') {
      const { missing, assumption } = verdict;
      if (passes(verdict, state.context)) {
        const supply = suppliesOf(missing);
        assumed.push({ rule: rule.id, missing, supply, assumption });
      } else refusals.push(refusalOf(rule, arrival, verdict));
    }
  }
  return { refusals, assumed };
}

/** True when no rule refuses; stops at the first that does. */
export function isLegal(arrival: Arrival, state: StateView, rules: readonly Rule[]): boolean {
  return rules.every((rule) => passes(rule.judge(arrival, state), state.context));
}

/** What a refusal counts whose rule was not told enough; the facts are its names. */
export const unknownFacts = 'unknown facts';

function refusalOf(rule: Rule, arrival: Arrival, { missing, assumption }: Unknown): Refusal {
  const text = `${assumption} (not known: ${missing.join(', ')})`;
  return {
    rule: rule.id,
    text,
    measured: 1,
    limit: 0,
    unit: unknownFacts,
    where: arrival.to,
    names: missing,
  };
}

/**
 * Why a trip is refused, by that way of travelling which fewest rules refuse, the first of them where that is a draw.
 * Empty when some way is legal.
 */
export function nearestRefusals(
  { server, from, to }: Pick<Arrival, 'server' | 'from' | 'to'>,
  state: StateView,
  rules: readonly Rule[],
): readonly Refusal[] {
  const { context } = state;
  const ways = waysOf(server, context);
  const asked = ways.length > 0 ? ways : [{ method: 'live', storage: storageOf(server, context) } as const];
  const answers = asked.map((way) => judgeArrival({ server, from, to, ...way }, state, rules).refusals);
  return answers.reduce((least, answer) => (answer.length < least.length ? answer : least));
}
