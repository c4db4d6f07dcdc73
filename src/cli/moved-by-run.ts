import { readJournal } from '../execute/journal/journal-file.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { Plan } from '../plan/plan.ts';
import { homesIn } from '../planning/undrain.ts';
import { type Diagnostic, InputError } from '../shared/diagnostic.ts';
import { journalOf } from './journal-file.ts';
import type { LoadedCloud } from './load.ts';
import { changedIn, plansOfRun } from './plan-chain.ts';

/** The plans of a run in turn, and where they have taken servers from. */
export interface Moved {
  readonly plans: readonly Plan[];
  readonly homes: ReadonlyMap<ServerId, HostId>;
}

/**
 * Where a plan and those that followed it in its run have taken servers from: what their journal says was begun, else
 * all migrations of the plan.
 *
 * @throws InputError when a journal that was named is none of this plan, or the cloud was read before the run's end.
 */
export async function loadMoved(
  plan: Plan,
  planFile: string,
  journal: string | undefined,
  { cloud, file }: Pick<LoadedCloud, 'cloud' | 'file'>,
): Promise<Moved> {
  const path = journal ?? journalOf(planFile);
  const { entries } = await readJournal(path);
  const [first] = entries;
  const last = entries.at(-1);
  if (first?.kind !== 'run-started' || last === undefined) {
    if (journal === undefined) return { plans: [plan], homes: homesIn(plan) };
    const summary = 'there is no journal';
    throw new InputError([{ code: 'run.no-journal', severity: 'error', summary, source: journal }]);
  }
  if (first.plan !== plan.id) {
    const summary = `this is the journal of plan ${first.plan}, not of ${plan.id}`;
    throw new InputError([{ code: 'run.journal', severity: 'error', summary, source: path }]);
  }
  if (!first.simulated && Date.parse(cloud.capturedAt) < Date.parse(last.at))
    throw new InputError([readTooEarly(file, cloud.capturedAt, last.at)]);
  const turns = await plansOfRun(plan, path, entries);
  return { plans: turns.map((turn) => turn.plan), homes: changedIn(turns).homes };
}

/** The cloud does not show where servers are now. */
export const readTooEarly = (source: string, value: string, limit: string): Diagnostic => ({
  code: 'rollback.inventory-too-old',
  severity: 'error',
  summary: 'the inventory was read before the run had ended: it does not show where servers are now',
  source,
  path: '$.capturedAt',
  value,
  limit,
  hint: 'import the cloud again',
});
