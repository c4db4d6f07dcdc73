import type { Step } from '../../plan/plan.ts';
import type { Seen } from '../journal/entry.ts';
import { isServerStep } from './judge.ts';
import { atRest } from './own.ts';
import { stepState } from './run-state.ts';
import type { Running } from './tools.ts';
import { seenOf } from './verdict.ts';

/** The server of a step as it is now, for a failure that was not told by a look; nothing where it cannot be read. */
export async function seenNow(
  step: Step,
  { driver }: Pick<Running, 'driver'>,
): Promise<{ readonly seen?: Seen }> {
  if (!isServerStep(step)) return {};
  try {
    const { server } = await driver.look(step.server);
    return server === undefined ? {} : { seen: seenOf(server) };
  } catch {
    return {};
  }
}

/** Steps that were given up while their servers were on their way: Nova may have brought those to an end since. */
export async function lookAgain(running: Running): Promise<void> {
  for (const step of running.plan.steps) {
    const { phase, seen: before } = stepState(running.state(), step.id);
    if (phase !== 'failed' || before === undefined || atRest({ status: before.status })) continue;
    const { seen } = await seenNow(step, running);
    if (seen === undefined || (seen.host === before.host && seen.status === before.status)) continue;
    await running.tell({ kind: 'seen-again', step: step.id, seen });
  }
}
