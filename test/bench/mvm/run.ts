import { solveTimetable } from '../../../src/schedule/timetable/solve-timetable.ts';
import { type Spent, startMeter } from '../support/meter.ts';
import { toTimetable } from './adapter.ts';
import { checkMvm, type MvmVerdict, type Scheduled } from './check.ts';
import type { MvmInstance } from './instance.ts';

export interface MvmResult {
  readonly migrations: readonly Scheduled[];
  readonly outcome: string;
  readonly bound: number;
  readonly boundBy: string;
  readonly verdict: MvmVerdict;
  readonly spent: Spent;
}

/** Starts that may be tried: enough to prove ten migrations many times over. */
const effort = 200_000;

/** Solves an instance, and has it judged by a checker of its own. */
export function runMvm(instance: MvmInstance): MvmResult {
  const meter = startMeter();
  const problem = toTimetable(instance);
  const answer = solveTimetable(problem, { effort, seed: 1 });
  const spent = meter();
  if (answer.kind !== 'timetable') throw new Error(`the schedule is ${answer.kind}`);
  const migrations = problem.tasks.map(({ id, seconds }): Scheduled => {
    const start = answer.starts.get(id) ?? 0;
    return { vm: id, start, end: start + seconds };
  });
  return {
    migrations,
    outcome: answer.outcome,
    bound: answer.bound.seconds,
    boundBy: answer.bound.by,
    verdict: checkMvm(instance, migrations),
    spent,
  };
}
