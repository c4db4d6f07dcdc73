import type { MigrationStep, Step } from '../../plan/plan.ts';
import { isMigration } from '../../plan/run-steps.ts';
import type { Running } from './tools.ts';
import { failureOf, mostTries } from './failure.ts';
import { stepState } from './run-state.ts';
import { seenNow } from './seen-now.ts';
import type { Verdict } from './verdict.ts';

/** Writes down what a look has told of a step. */
export async function settle(step: Step, verdict: Verdict, running: Running): Promise<void> {
  const { tell } = running;
  switch (verdict.kind) {
    case 'wait':
      return;
    case 'progress':
      return tell({ ...verdict, step: step.id });
    case 'reconciled': {
      return reconciled(step, verdict.arrived, running);
    }
    case 'done':
      return done(step, running);
    case 'failed':
      return tell(failureOf(step, verdict, running));
  }
}

/** A request that gets lost each time is not asked for without end. */
async function reconciled(step: Step, arrived: boolean, running: Running): Promise<void> {
  const { tell, state } = running;
  const { open, tries = 0 } = stepState(state(), step.id);
  if (open === undefined) return;
  await tell({ kind: 'reconciled', step: step.id, call: open.call, arrived });
  if (arrived || tries + 1 < mostTries) return;
  const text = `the request was sent ${mostTries} times, and has not arrived: each answer was lost or an error of the service`;
  const seen = await seenNow(step, running);
  await tell({ kind: 'step-failed', step: step.id, text, read: 'nova-api log', ...seen });
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
      return tell({ kind: 'step-failed', step: step.id, text, ...(await seenNow(step, running)) });
    }
  }
  const cells = step.predicted.cells.length === 0 ? undefined : await cellsOf(step, running);
  await tell({ kind: 'step-done', step: step.id, ...(cells !== undefined && { cells }) });
  const predicted = step.predicted.cells.map((cell) => cell.hostCellId);
  if (cells === undefined || cells.join() === predicted.join()) return;
  await tell({
    kind: 'cells-differ',
    step: step.id,
    text: `Nova chose NUMA cells ${cells.join(', ')} on ${step.to} for ${step.serverName}, the plan says ${predicted.join(', ')}`,
  });
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
