import type { MigrationStep, Plan, Step } from '../../plan/plan.ts';
import { isMigration } from '../../plan/run-steps.ts';
import type { JournalEvent } from '../journal/entry.ts';
import type { Running } from './tools.ts';
import { type RunState, stepState } from './run-state.ts';
import type { Verdict } from './verdict.ts';

/** Writes down what a look has told of a step. */
export async function settle(step: Step, verdict: Verdict, running: Running): Promise<void> {
  const { tell, state } = running;
  switch (verdict.kind) {
    case 'wait':
      return;
    case 'progress':
      return tell({ ...verdict, step: step.id });
    case 'reconciled': {
      const { open } = stepState(state(), step.id);
      if (open !== undefined)
        await tell({ kind: 'reconciled', step: step.id, call: open.call, arrived: verdict.arrived });
      return;
    }
    case 'done':
      return done(step, running);
    case 'failed':
      return tell(failure(step, verdict, running));
  }
}

/** The host is the plan's; the guest and its NUMA cells are compared before the step counts as done. */
async function done(step: Step, running: Running): Promise<void> {
  const { tell, check } = running;
  if (!isMigration(step)) return tell({ kind: 'step-done', step: step.id });
  // A cold migration is checked before it is confirmed.
  if (check !== undefined && step.kind === 'live') {
    const result = await check({ id: step.server, name: step.serverName }, 'after');
    if (!result.ok) {
      const text = `${step.serverName} is on ${step.to}, but does not pass its check: ${result.text}`;
      return tell({ kind: 'step-failed', step: step.id, text });
    }
  }
  const cells = step.predicted.cells.length === 0 ? undefined : await cellsOf(step, running);
  await tell({ kind: 'step-done', step: step.id, ...(cells !== undefined && { cells }) });
  const predicted = step.predicted.cells.map((cell) => cell.hostCellId);
  if (cells === undefined || cells.join() === predicted.join()) return;
  await otherCells(step, cells, predicted, running);
}

async function cellsOf(
  { server }: MigrationStep,
  { driver }: Running,
): Promise<readonly number[] | undefined> {
  try {
    return await driver.cells(server);
  } catch {
    return undefined;
  }
}

/** The rest of the plan was made for other cells: it is replayed on the cloud as it is now, or goes no further. */
async function otherCells(
  step: MigrationStep,
  cells: readonly number[],
  predicted: readonly number[],
  { plan, recheck, state, tell }: Running,
): Promise<void> {
  const text = `Nova chose NUMA cells ${cells.join(', ')} on ${step.to} for ${step.serverName}, the plan says ${predicted.join(', ')}`;
  await tell({ kind: 'note', step: step.id, text });
  if (!concernsRest(step, plan, state())) return;
  if (recheck === undefined) return tell({ kind: 'stopping', text: `${text}; plan again`, abort: false });
  const problems = await recheck(state());
  if (problems.length > 0)
    await tell({
      kind: 'stopping',
      text: `${text}; the rest is not legal any more: ${problems.join('; ')}`,
      abort: false,
    });
}

const concernsRest = ({ to }: MigrationStep, { steps }: Plan, run: RunState): boolean =>
  steps.some(
    (step) =>
      isMigration(step) && stepState(run, step.id).phase !== 'done' && (step.to === to || step.from === to),
  );

/** A host that was left a moment ago may not have told the scheduler yet. */
function failure(
  step: Step,
  { text, read, noRoom }: Extract<Verdict, { kind: 'failed' }>,
  { plan, state, settings, clock }: Running,
): JournalEvent {
  const failed: JournalEvent = {
    kind: 'step-failed',
    step: step.id,
    text,
    ...(read !== undefined && { read }),
  };
  if (noRoom !== true || !isMigration(step)) return failed;
  const { attempts, askedAt = 0 } = stepState(state(), step.id);
  const released = lastRelease(step.to, plan, state());
  if (released === undefined || askedAt > released + settings.resourceIntervalSeconds * 1000) return failed;
  const seconds = Math.min(
    firstRetrySeconds * 2 ** Math.max(0, attempts - 1),
    settings.resourceIntervalSeconds,
  );
  const notBefore = new Date(clock.now() + seconds * 1000).toISOString();
  return { kind: 'step-retry', step: step.id, text, notBefore };
}

const firstRetrySeconds = 5;

/** When somebody last left a host in this run, in milliseconds since 1970. */
function lastRelease(host: string, { steps }: Plan, run: RunState): number | undefined {
  const times = steps.flatMap((step) => {
    const { phase, endedAt } = stepState(run, step.id);
    return phase === 'done' && endedAt !== undefined && leaves(step, steps) === host ? [endedAt] : [];
  });
  return times.length === 0 ? undefined : Math.max(...times);
}

/** The host that a step frees when it ends. */
function leaves(step: Step, steps: readonly Step[]): string | undefined {
  if (step.kind === 'live') return step.from;
  if (step.kind !== 'confirm') return undefined;
  const migration = steps.find(({ id }) => id === step.of);
  return migration !== undefined && isMigration(migration) ? migration.from : undefined;
}
