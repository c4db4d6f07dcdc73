import type { Plan } from '../../plan/plan.ts';
import type { FailedServer } from '../journal/entry.ts';
import { endsToRemember } from './earlier.ts';
import { restoreServices } from './restore.ts';
import { type RunState, stepState } from './run-state.ts';
import type { Running } from './tools.ts';

/**
 * Plans the rest again and goes on with that. Hosts that the old plan has disabled and not finished with are enabled
 * before: the new plan is made for the cloud as it was found, and disables what it wants itself.
 */
export async function planAgain(because: string, running: Running): Promise<void> {
  const { replan, plan, state, tell, adopt, settings, clock } = running;
  if (replan === undefined) return tell({ kind: 'stopping', text: `${because}; plan again`, abort: false });
  await restoreServices(running);
  const failed = failedServers(plan, state());
  const answer = await replan({ plan, run: state(), because, failed });
  if (answer.kind === 'no')
    return tell({ kind: 'stopping', text: `${because}; ${answer.text}`, abort: false });
  const ended = endsToRemember(plan, state(), settings, clock.now());
  await tell({
    ...{ kind: 'replanned', plan: answer.plan.id, file: answer.file, text: because, failed },
    ...(ended.length > 0 && { ended }),
  });
  adopt(answer.plan);
}

/** How often steps of each server have failed in this run, those of earlier plans included; ascending by server. */
function failedServers({ steps }: Plan, run: RunState): readonly FailedServer[] {
  const times = new Map(run.failedBefore.map((one) => [one.server, one.times]));
  for (const step of steps) {
    if (!('server' in step) || stepState(run, step.id).phase !== 'failed') continue;
    times.set(step.server, (times.get(step.server) ?? 0) + 1);
  }
  return [...times]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([server, count]) => ({ server, times: count }));
}
