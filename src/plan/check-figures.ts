import type { Evaluation, TermValue } from '../objective/evaluation.ts';
import { allowedAbove, prioritiesOf, valuesOf } from '../objective/priorities.ts';
import type { Finding } from './finding.ts';
import type { Plan, PlanSummary, Proof } from './plan.ts';

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
    ...checkPriorities(plan, value),
    ...checkOutcome(plan, value),
    ...checkSummary(plan.summary, summary),
  ];
}

const tolerance = 1e-6;
const differs = (a: number, b: number): boolean =>
  Math.abs(a - b) > tolerance * Math.max(1, Math.abs(a), Math.abs(b));

const between = (value: number, least: number, most: number): boolean =>
  (value >= least || !differs(value, least)) && (value <= most || !differs(value, most));

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

/** The value of each priority and its proof; the objective has those of the first. */
function checkPriorities({ objective }: Plan, value: Evaluation): readonly Finding[] {
  const { priorities = [] } = objective;
  const measured = value.priorities ?? [];
  if (priorities.map(({ priority }) => priority).join() !== measured.map(({ priority }) => priority).join()) {
    const show = (values: typeof measured): string => list(values.map(({ priority }) => String(priority)));
    const text = `the plan says priorities ${show(priorities)}, the goal has ${show(measured)}`;
    return [{ code: 'objective-differs', text }];
  }
  const [first] = priorities;
  return [
    ...checkBound('', objective, value.after),
    ...(first === undefined || (first.bound === objective.bound && first.gap === objective.gap)
      ? []
      : [
          {
            code: 'bound-differs' as const,
            text: `the plan says bound ${objective.bound ?? 'none'} and gap ${objective.gap ?? 'none'}, of its first priority ${first.bound ?? 'none'} and ${first.gap ?? 'none'}`,
          },
        ]),
    ...priorities.flatMap((said, k) => {
      const name = `priority ${said.priority}`;
      return [
        ...compare(`${name} before`, said.before, measured[k]?.before ?? NaN),
        ...compare(`${name} after`, said.after, measured[k]?.after ?? NaN),
        ...checkBound(` of ${name}`, said, measured[k]?.after ?? NaN),
      ];
    }),
  ];
}

function checkBound(of: string, { bound, gap }: Proof, after: number): readonly Finding[] {
  if (bound === undefined)
    return gap === undefined
      ? []
      : [{ code: 'bound-differs', text: `the plan says gap ${gap}${of} without a bound` }];
  const findings: Finding[] = [];
  if (bound > after && differs(bound, after))
    findings.push({
      code: 'bound-differs',
      text: `the bound ${bound}${of} is above the objective ${after}`,
      measured: bound,
      limit: after,
    });
  const expected = Math.max(0, after - bound) / Math.max(1, Math.abs(after));
  if (gap === undefined || differs(gap, expected))
    findings.push({
      code: 'bound-differs',
      text: `the plan says gap ${gap ?? 'none'}${of}, it is ${expected}`,
      measured: expected,
    });
  return findings;
}

/** A plan is optimal when every priority is at its bound, or above it by no more than it may give away. */
function checkOutcome({ objective, basedOn }: Plan, value: Evaluation): readonly Finding[] {
  if (objective.outcome !== 'optimal') return [];
  const values = objective.priorities ?? [objective];
  const measured = valuesOf(value);
  return prioritiesOf(basedOn.goal).flatMap((priority, k): readonly Finding[] => {
    const { bound } = values[k] ?? {};
    const after = measured[k] ?? NaN;
    const of = values.length === 1 ? '' : ` of priority ${priority.priority}`;
    if (bound === undefined)
      return [{ code: 'bound-differs', text: `the plan says optimal without a bound${of}` }];
    const limit = bound + allowedAbove(priority, bound);
    if (between(after, bound, limit)) return [];
    return [
      {
        code: 'bound-differs',
        text: `the plan says optimal with bound ${bound} and objective ${after}${of}`,
        measured: after,
        limit: bound,
      },
    ];
  });
}

const numbers = [
  'moves',
  'liveMigrations',
  'coldMigrations',
  'evacuations',
  'stopOvers',
  'memoryGiB',
  'diskGiB',
  'expectedSeconds',
  'violationsBefore',
  'violationsAfter',
] as const;

function checkSummary(said: PlanSummary, measured: PlanSummary): readonly Finding[] {
  const figures = numbers
    .map((name) => ({ name, told: said[name] ?? 0, counted: measured[name] ?? 0 }))
    .filter(({ told, counted }) => differs(told, counted))
    .map(({ name, told, counted }): Finding => ({
      code: 'summary-differs',
      text: `the plan says ${name} ${told}, it is ${counted}`,
      measured: counted,
      limit: told,
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
