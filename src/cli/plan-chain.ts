import { dirname, join } from 'node:path';
import type { JournalEntry } from '../execute/journal/entry.ts';
import { runStateOf } from '../execute/runner/run-state.ts';
import { allChanged, type Changed, changedBy } from '../execute/way-back.ts';
import type { Plan } from '../plan/plan.ts';
import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import { loadPlan } from './load.ts';

/** A plan of a run, with all lines of the journal up to the end of its turn. */
export interface PlanTurn {
  readonly plan: Plan;
  readonly entries: readonly JournalEntry[];
}

/** Where the n-th plan for what is left of a run goes: `plan.replan-1.json` beside `plan.journal.jsonl`. */
export const replanFile = (journal: string, n: number): string =>
  `${journal.replace(/(\.journal)?\.jsonl$/, '')}.replan-${n}.json`;

/**
 * The plans of a run in turn, from the first on; all but that are read from the files that the journal names.
 *
 * @throws InputError when the journal is none of the first, or one of them is not there or another than it tells.
 */
export async function plansOfRun(
  first: Plan,
  journal: string,
  entries: readonly JournalEntry[],
): Promise<readonly PlanTurn[]> {
  const begun = entries.find((entry) => entry.kind === 'run-started');
  if (begun !== undefined && begun.plan !== first.id)
    throw new InputError([journalOfAnother(journal, begun.plan, first.id)]);
  const turns: PlanTurn[] = [];
  let plan = first;
  for (const [index, entry] of entries.entries()) {
    if (entry.kind !== 'replanned') continue;
    turns.push({ plan, entries: entries.slice(0, index) });
    const source = join(dirname(journal), entry.file);
    plan = await loadPlan(source);
    if (plan.id !== entry.plan) throw new InputError([otherPlan(source, plan.id, entry.plan)]);
  }
  return [...turns, { plan, entries }];
}

/** The plan that a run is at. */
export async function planAtWork(
  first: Plan,
  journal: string,
  entries: readonly JournalEntry[],
): Promise<Plan> {
  return (await plansOfRun(first, journal, entries)).at(-1)?.plan ?? first;
}

/** What all plans of a run have changed together. */
export async function changedByRun(
  first: Plan,
  journal: string,
  entries: readonly JournalEntry[],
): Promise<Changed> {
  return changedIn(await plansOfRun(first, journal, entries));
}

/** What plans have changed together, as far as each was carried out in its turn. */
export const changedIn = (turns: readonly PlanTurn[]): Changed =>
  allChanged(turns.map(({ plan, entries }) => changedBy(plan, runStateOf(entries, plan.steps))));

const journalOfAnother = (source: string, found: string, wanted: string): Diagnostic => ({
  code: 'run.journal',
  severity: 'error',
  summary: `this is the journal of plan ${found}, not of ${wanted}`,
  source,
  hint: 'name the right plan and journal',
});

const otherPlan = (source: string, value: string, limit: string) =>
  ({
    code: 'run.other-plan',
    severity: 'error',
    summary: 'this is not the plan that the journal names',
    source,
    path: '$.id',
    value,
    limit,
    hint: 'put back the file that the run has written',
  }) as const;
