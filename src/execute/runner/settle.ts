import type { MigrationStep, Step } from '../../plan/plan.ts';
import { isMigration } from '../../plan/run-steps.ts';
import type { Running } from './tools.ts';
import { failedCheck } from './check-guest.ts';
import { failureOf, mostTries, revertedOf } from './failure.ts';
import type { ServerStep } from './judge.ts';
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
    case 'reverted':
      return step.kind === 'confirm' ? tell(revertedOf(step, verdict)) : undefined;
    case 'done':
      return done(step, running);
    case 'failed':
      return tell(failureOf(step, verdict, running));
  }
}

/** A request that gets lost each time is not asked for without end. */
async function reconciled(step: Step, arrived: boolean, running: Running): Promise<void> {
  const { tell, state } = running;
  const { open, ending, tries = 0 } = stepState(state(), step.id);
  const call = open?.call ?? ending?.call;
  if (call === undefined) return;
  await tell({ kind: 'reconciled', step: step.id, call, arrived });
  if (open === undefined || arrived || tries + 1 < mostTries) return;
  const text = `the request was sent ${mostTries} times, and has not arrived: each answer was lost or an error of the service`;
  const seen = await seenNow(step, running);
  await tell({ kind: 'step-failed', step: step.id, text, read: 'nova-api log', ...seen });
}

/** The host is the plan's; the guest and its NUMA cells are compared before the step counts as done. */
async function done(step: Step, running: Running): Promise<void> {
  const { tell } = running;
  if (isCheckedAtItsEnd(step, running)) {
    const why = await failedCheck(step, 'after', running);
    if (why !== undefined) {
      const text = `${step.serverName} does not pass its check after ${step.id}: ${why}`;
      await tell({ kind: 'step-failed', step: step.id, text, ...(await seenNow(step, running)) });
      // Whatever the policy: who goes on may break the next guest in the same way.
      return tell({ kind: 'stopping', text, abort: false });
    }
  }
  if (!isMigration(step)) return tell({ kind: 'step-done', step: step.id });
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

/** A cold migration is checked before it is confirmed, where it can be taken back still; but not with `auto`. */
const isCheckedAtItsEnd = (step: Step, { settings, plan }: Running): step is ServerStep =>
  step.kind === 'live' ||
  step.kind === 'evacuate' ||
  (step.kind === 'confirm' && (settings.confirm ?? step.confirmPolicy) === 'auto') ||
  (step.kind === 'cold' && !plan.steps.some((other) => other.kind === 'confirm' && other.of === step.id));

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
