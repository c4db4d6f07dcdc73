import { execFile } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
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
  readonly check?: string;
  readonly recheck?: NonNullable<RunTools['recheck']>;
  /** Whether lines are written as things happen. */
  readonly tells: boolean;
}

/** Carries a plan out, says what happens, and stops politely at the first interrupt. */
export async function runPlan(work: RunWork, context: CliContext): Promise<RunState> {
  const { plan, driver, journal, clock, settings, check, recheck, tells } = work;
  const words = stepWordsOf(plan);
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
    return await execute({
      plan,
      driver,
      journal,
      clock,
      settings,
      wish: () => (interrupted ? 'stop' : work.wish()),
      ...(check !== undefined && { check: checkBy(check) }),
      ...(recheck !== undefined && { recheck }),
      ...(tells && { onEvent: tell }),
    });
  } finally {
    forget();
  }
}

/** Seconds that a check may take. */
const checkSeconds = 120;

/** A command that looks at a guest; it passes when it ends with 0. */
function checkBy(command: string): Check {
  return ({ id, name }, when) =>
    new Promise((resolve) => {
      const env = { ...process.env, SERVER_ID: id, SERVER_NAME: name, CHECK_WHEN: when };
      execFile('/bin/sh', ['-c', command], { env, timeout: checkSeconds * 1000 }, (error, stdout, stderr) => {
        if (error === null) resolve({ ok: true });
        else resolve({ ok: false, text: firstText(stderr, stdout, error.message) });
      });
    });
}

/** Characters of a check's words that go into the journal. */
const mostCharacters = 500;

const firstText = (...texts: readonly string[]): string =>
  (texts.map((text) => text.trim()).find((text) => text !== '') ?? '').slice(0, mostCharacters);

/** Asks on the terminal; no answer is a no. */
export const askYes = async (question: string): Promise<boolean> =>
  /^y(es)?$/i.test((await askLine(question)).trim());

/** A line of the terminal. */
export async function askLine(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}
