import type { Driver } from '../execute/driver.ts';
import type { JournalEvent } from '../execute/journal/entry.ts';
import type { Journal } from '../execute/journal/journal-file.ts';
import { execute } from '../execute/runner/execute.ts';
import type { RunState } from '../execute/runner/run-state.ts';
import type { RunSettings } from '../execute/runner/settings.ts';
import type { Check, RunClock, RunTools, Wish } from '../execute/runner/tools.ts';
import type { Plan } from '../plan/plan.ts';
import { runLine, stepWordsOf } from '../report/run-lines.ts';
import type { CliContext } from './context.ts';

/** What carries a plan out here. */
export interface RunWork {
  readonly plan: Plan;
  readonly driver: Driver;
  readonly journal: Journal;
  readonly clock: RunClock;
  readonly settings: RunSettings;
  /** What others want of it. */
  readonly wish: () => Wish | Promise<Wish>;
  readonly check?: Check;
  readonly recheck?: NonNullable<RunTools['recheck']>;
  readonly replan?: NonNullable<RunTools['replan']>;
  /** Whether lines are written as things happen. */
  readonly tells: boolean;
}

/** How a run ended, and the plan that it was at. */
export interface RunEnd {
  readonly state: RunState;
  readonly plan: Plan;
}

/** Carries a plan out, says what happens, and stops politely at the first interrupt. */
export async function runPlan(work: RunWork, context: CliContext): Promise<RunEnd> {
  const { plan, driver, journal, clock, settings, check, recheck, replan, tells } = work;
  let last = plan;
  let words = stepWordsOf(plan);
  let interrupted = false;
  const forget = context.onInterrupt(() => {
    interrupted = true;
    context.err('no more requests; what is on its way is waited for; interrupt again to end at once\n');
  });
  const tell = (event: JournalEvent): void => {
    const line = runLine(event, words, new Date(clock.now()).toISOString().slice(0, 19));
    if (line !== undefined) context.err(`${line}\n`);
  };
  try {
    const state = await execute({
      plan,
      driver,
      journal,
      clock,
      settings,
      wish: () => (interrupted ? 'stop' : work.wish()),
      ...(check !== undefined && { check }),
      ...(recheck !== undefined && { recheck }),
      ...(replan !== undefined && {
        async replan(asked) {
          const answer = await replan(asked);
          if (answer.kind === 'planned') {
            last = answer.plan;
            words = stepWordsOf(last);
          }
          return answer;
        },
      }),
      ...(tells && { onEvent: tell }),
    });
    return { state, plan: last };
  } finally {
    forget();
  }
}
