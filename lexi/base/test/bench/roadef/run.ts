import type { SolveOutcome } from '../../../src/solve/placement-problem.ts';
import { solvePlacement } from '../../../src/solve/solve.ts';
import { createMeteredBackend } from '../support/backend.ts';
import { type Clock, clockOf, type Spent, startMeter } from '../support/meter.ts';
import { machinesOf, toProblem } from './adapter.ts';
import { judgeReassignment, type ReassignmentVerdict } from './check.ts';
import { parseModel, readNumbers } from './model.ts';

export interface RoadefResult {
  readonly assignment: readonly number[];
  readonly outcome: SolveOutcome['kind'];
  readonly method: string;
  readonly initial: number;
  readonly verdict: ReassignmentVerdict;
  readonly spent: Spent;
}

const effort = 100_000;

export async function runRoadef(
  modelPath: string,
  assignmentPath: string,
  timeSeconds: number,
  clock: Clock,
): Promise<RoadefResult> {
  const meter = startMeter();
  const now = clockOf(clock);
  const begin = now();
  const model = parseModel(readNumbers(modelPath));
  const initial = readNumbers(assignmentPath);
  const start = judgeReassignment(model, initial, initial);
  const problem = toProblem(model, initial);
  const backend = createMeteredBackend(clock);
  const outcome = await solvePlacement(problem, backend, {
    effort,
    seed: 1,
    timeLimitSeconds: Math.max(0, timeSeconds - (now() - begin)),
    now,
  });
  await backend.close();
  const found = 'assignment' in outcome ? machinesOf(outcome.assignment) : initial;
  const judged = judgeReassignment(model, initial, found);
  // A broken dependency is a price to the planner; then nothing moves.
  const assignment = judged.broken.length === 0 ? found : initial;
  return {
    assignment,
    outcome: outcome.kind,
    method: outcome.method,
    initial: start.cost,
    verdict: judgeReassignment(model, initial, assignment),
    spent: meter(),
  };
}
