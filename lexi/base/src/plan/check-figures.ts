import type { Evaluation, TermValue } from '../objective/evaluation.ts';
import type { Finding } from './finding.ts';
import type { Plan, PlanSummary } from './plan.ts';

/** Compares every figure of a plan's objective and summary with what replaying gives. */
export function checkFigures(plan: Plan, value: Evaluation, summary: PlanSummary): readonly Finding[] {
  const { objective } = plan;
  const count = Math.max(objective.terms.length, value.terms.length);
  return [
    ...compare('objective before', objective.before, value.before),
    ...compare('objective after', objective.after, value.after),
    ...Array.from({ length: count }, (_, index) =>
      compareTerms(objective.terms[index], value.terms[index]),
    ).flat(),
    ...checkBound(objective, value.after),
    ...checkSummary(plan.summary, summary),
  ];
}

const tolerance = 1e-6;
const differs = (a: number, b: number): boolean =>
  Math.abs(a - b) > tolerance * Math.max(1, Math.abs(a), Math.abs(b));

function compare(name: string, said: number, measured: number): readonly Finding[] {
  if (!differs(said, measured)) return [];
  const text = `the plan says ${name} ${said}, replaying gives ${measured}`;
  return [{ code: 'objective-differs', text, measured, limit: said }];
}

function compareTerms(said: TermValue | undefined, measured: TermValue | undefined): readonly Finding[] {
  if (said === undefined || measured === undefined || said.kind !== measured.kind) {
    const text = `the plan says term ${said?.kind ?? 'none'}, the goal has ${measured?.kind ?? 'none'}`;
    return [{ code: 'objective-differs', text }];
  }
  return [
    ...compare(`${said.kind} before`, said.before, measured.before),
    ...compare(`${said.kind} after`, said.after, measured.after),
  ];
}

function checkBound({ bound, gap, outcome }: Plan['objective'], after: number): readonly Finding[] {
  if (bound === undefined)
    return outcome === 'optimal'
      ? [{ code: 'bound-differs', text: 'the plan says optimal without a bound' }]
      : [];
  const findings: Finding[] = [];
  if (bound > after && differs(bound, after))
    findings.push({
      code: 'bound-differs',
      text: `the bound ${bound} is above the objective ${after}`,
      measured: bound,
      limit: after,
    });
  const expected = Math.max(0, after - bound) / Math.max(1, Math.abs(after));
  if (gap === undefined || differs(gap, expected))
    findings.push({
      code: 'bound-differs',
      text: `the plan says gap ${gap ?? 'none'}, it is ${expected}`,
      measured: expected,
    });
  if (outcome === 'optimal' && differs(after, bound))
    findings.push({
      code: 'bound-differs',
      text: `the plan says optimal with bound ${bound} and objective ${after}`,
      measured: after,
      limit: bound,
    });
  return findings;
}

const numbers = [
  'moves',
  'liveMigrations',
  'coldMigrations',
  'stopOvers',
  'memoryGiB',
  'diskGiB',
  'expectedSeconds',
  'violationsBefore',
  'violationsAfter',
] as const;

function checkSummary(said: PlanSummary, measured: PlanSummary): readonly Finding[] {
  const figures = numbers
    .filter((name) => differs(said[name], measured[name]))
    .map((name): Finding => ({
      code: 'summary-differs',
      text: `the plan says ${name} ${said[name]}, it is ${measured[name]}`,
      measured: measured[name],
      limit: said[name],
    }));
  const lists = (['hostsFreed', 'spareHosts'] as const)
    .filter((name) => said[name].join() !== measured[name].join())
    .map((name): Finding => ({
      code: 'summary-differs',
      text: `the plan says ${name} ${list(said[name])}, it is ${list(measured[name])}`,
    }));
  return [...figures, ...lists];
}

const list = (items: readonly string[]): string => (items.length === 0 ? 'none' : items.join(', '));
