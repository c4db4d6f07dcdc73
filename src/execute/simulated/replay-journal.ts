import type { Plan, Step } from '../../plan/plan.ts';
import type { Answer, Call } from '../driver.ts';
import type { CallKind, JournalEntry } from '../journal/entry.ts';
import { callOf } from '../runner/calls.ts';
import { initialRun, nextRun, type RunState, stepState } from '../runner/run-state.ts';
import { callSeconds, type Simulated } from './simulated-driver.ts';

/** What a journal tells that this simulated cloud answers otherwise: it is made of something else. */
export interface OtherAnswer {
  readonly seq: number;
  readonly text: string;
}

/**
 * Brings a new simulated cloud to where the run of a journal has left it: every request that was answered is sent again
 * at its time, so that the same inventory, faults and seed come to the same. What was announced and not answered never
 * arrived. Its time is that of the last line.
 *
 * @param planAt the plan of the run at a line, by its index
 * @returns the first answer that is another one than the journal's
 */
export async function replayJournal(
  entries: readonly JournalEntry[],
  planAt: (index: number) => Plan,
  { driver, clock }: Pick<Simulated, 'driver' | 'clock'>,
): Promise<OtherAnswer | undefined> {
  let run = initialRun;
  for (const [index, entry] of entries.entries()) {
    const plan = planAt(index);
    const call = requestIn(entry, plan, run);
    run = nextRun(run, entry, plan.steps);
    const left = Date.parse(entry.at) - clock.now();
    if (call === undefined) continue;
    await clock.sleep(Math.max(0, left / 1000 - callSeconds));
    const other = otherAnswer(entry, await driver.request(call));
    if (other !== undefined) return { seq: entry.seq, text: other };
  }
  const last = entries.at(-1);
  if (last !== undefined) await clock.sleep(Math.max(0, (Date.parse(last.at) - clock.now()) / 1000));
  return undefined;
}

/** The request of which a line tells the answer. */
function requestIn(entry: JournalEntry, { steps, ...plan }: Plan, run: RunState): Call | undefined {
  if (entry.kind === 'service-restored') {
    const step = steps.find((one) => one.kind === 'disable-service' && one.host === entry.host);
    return step?.kind === 'disable-service'
      ? { kind: 'enable', host: step.host, microversion: step.microversion }
      : undefined;
  }
  if (entry.kind !== 'answered') return undefined;
  const step = steps.find(({ id }) => id === entry.step);
  return step === undefined ? undefined : callIn(step, entry.call, { ...plan, steps }, run);
}

function callIn(step: Step, kind: CallKind, plan: Plan, run: RunState): Call | undefined {
  if (kind === 'revert')
    return 'server' in step ? { kind, server: step.server, microversion: step.microversion } : undefined;
  if (kind !== 'abort' && kind !== 'force-complete') return callOf(step, plan);
  const { migration } = stepState(run, step.id);
  return 'server' in step && migration !== undefined ? { kind, server: step.server, migration } : undefined;
}

function otherAnswer(entry: JournalEntry, answer: Answer): string | undefined {
  if (entry.kind !== 'answered') return undefined;
  const id = answer.kind === 'accepted' ? answer.requestId : undefined;
  if (answer.kind === entry.answer && (entry.requestId === undefined || entry.requestId === id))
    return undefined;
  return `${entry.step}: the journal says ${entry.answer}, the simulation ${answer.kind}`;
}
