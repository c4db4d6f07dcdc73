import type { MigrationStep } from '../../plan/plan.ts';
import type { Before } from '../journal/entry.ts';
import { decide, type Decision, theEnd } from './decide.ts';
import { lookAtRunning, newWatch } from './looks.ts';
import { pauseSeconds } from './pace.ts';
import { beforeOf } from './prepare.ts';
import { planAgain } from './replan.ts';
import { requestStep } from './request.ts';
import { restoreServices } from './restore.ts';
import { nextRun, runStateOf, stepState, type RunState } from './run-state.ts';
import { lookAgain, seenNow } from './seen-now.ts';
import type { Running, RunTools } from './tools.ts';

/**
 * Carries a plan out, or goes on with it: what was done is read from the journal. Every request is written down before
 * it is sent, so that whoever comes after a kill knows what to look for. Returns when nothing is on its way any more.
 *
 * The caller has written `run-started` or `run-resumed`.
 */
export async function execute(tools: RunTools): Promise<RunState> {
  const running = begin(tools);
  const { settings, clock, driver } = tools;
  const watch = newWatch();
  for (;;) {
    await heedWish(running);
    await lookAtRunning(running, watch);
    const decision = decide(running.plan, running.state(), settings, clock.now());
    if (decision.kind === 'end') {
      await lookAgain(running);
      await restoreServices(running);
      const { outcome, text } = theEnd(running.plan, running.state());
      await running.tell({ kind: 'run-ended', outcome, text, requests: driver.requests() });
      return running.state();
    }
    if (decision.kind === 'wait') await pause(decision, running);
    else await act(decision, running);
  }
}

function begin(tools: RunTools): Running {
  const { journal, onEvent } = tools;
  let { plan } = tools;
  let state = runStateOf(journal.entries, plan.steps);
  return {
    ...tools,
    get plan() {
      return plan;
    },
    adopt(other) {
      plan = other;
    },
    state: () => state,
    async tell(event) {
      await journal.append(event);
      const entry = journal.entries.at(-1);
      if (entry !== undefined) state = nextRun(state, entry, plan.steps);
      onEvent?.(event, state);
    },
  };
}

/** Seconds between two looks at the clock and at what others want, while nothing is on its way. */
const idleSeconds = 10;

async function pause(
  { until, text = '' }: Extract<Decision, { kind: 'wait' }>,
  { plan, clock, settings, state, tell }: Running,
): Promise<void> {
  if (until === undefined) return clock.sleep(pauseSeconds(plan, state(), settings, clock.now()));
  const time = new Date(until).toISOString();
  if (state().waiting?.until !== time) await tell({ kind: 'waiting', until: time, text });
  const left = (until - clock.now()) / 1000;
  await clock.sleep(Math.min(left, Math.max(settings.pollSeconds, idleSeconds)));
}

async function heedWish(running: Running): Promise<void> {
  const wish = await running.wish();
  if (wish === 'go-on') return;
  const { stopping } = running.state();
  const abort = wish === 'abort';
  if (stopping !== undefined && (stopping.abort || !abort)) return;
  await running.tell({
    kind: 'stopping',
    text: abort ? 'somebody aborted it' : 'somebody stopped it',
    abort,
  });
}

async function act(decision: Exclude<Decision, { kind: 'wait' | 'end' }>, running: Running): Promise<void> {
  switch (decision.kind) {
    case 'stop':
      return running.tell({ kind: 'stopping', text: decision.text, abort: false });
    case 'recheck':
      return recheck(decision.because, running);
    case 'replan':
      return planAgain(decision.because, running);
    case 'request':
      return requestStep(decision.step, running);
    case 'end-early':
      return endEarly(decision.step, decision.call, running);
    case 'give-up': {
      const { text, read, step } = decision;
      const seen = await seenNow(step, running);
      return running.tell({ kind: 'step-failed', step: step.id, text, read, ...seen });
    }
  }
}

/** The rest of the plan was made for other cells: where nobody can tell that it holds all the same, it goes no further. */
async function recheck(because: string, running: Running): Promise<void> {
  const { recheck: replay, plan, state, tell, settings } = running;
  if (replay !== undefined) return tell({ kind: 'rechecked', problems: await replay(plan, state()) });
  if (settings.onFailure === 'replan') return planAgain(because, running);
  await tell({ kind: 'stopping', text: `${because}; plan again`, abort: false });
}

/** Whether a request arrived whose answer is lost, and how the migration ends, is told by the looks that follow. */
async function endEarly(
  step: MigrationStep,
  call: 'abort' | 'force-complete',
  { driver, state, tell, clock, settings }: Running,
): Promise<void> {
  const { migration, attempts } = stepState(state(), step.id);
  if (migration === undefined) return;
  const attempt = Math.max(1, attempts);
  const before = await newestOf(step, driver);
  if (before === undefined) return clock.sleep(settings.pollSeconds);
  await tell({ kind: 'calling', step: step.id, call, attempt, before });
  const answer = await driver.request({ kind: call, server: step.server, migration });
  const text = answer.kind === 'accepted' ? {} : { text: answer.text };
  await tell({ kind: 'answered', step: step.id, call, attempt, answer: answer.kind, ...text });
}

/** What is newest of a server; undefined when the cloud cannot be read now. */
async function newestOf({ server }: MigrationStep, driver: Running['driver']): Promise<Before | undefined> {
  try {
    return beforeOf(await driver.look(server));
  } catch {
    return undefined;
  }
}
