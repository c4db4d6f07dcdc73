import type { SolveOutcome } from '../../../src/solve/placement-problem.ts';
import { solvePlacement } from '../../../src/solve/solve.ts';
import { createMeteredBackend } from '../support/backend.ts';
import { type Clock, clockOf, type Spent, startMeter } from '../support/meter.ts';
import { orderMoves, toProblem } from './adapter.ts';
import { judgeMoves, type MovesVerdict } from './check.ts';
import { type Move, readSnapshot, type Snapshot } from './snapshot.ts';

export interface Vmr2lResult {
  readonly moves: readonly Move[];
  readonly outcome: SolveOutcome['kind'];
  readonly method: string;
  readonly start: number;
  readonly verdict: MovesVerdict;
  readonly spent: Spent;
}

const effort = 100_000;

export async function runVmr2l(
  path: string,
  mostMoves: number,
  timeSeconds: number,
  clock: Clock,
): Promise<Vmr2lResult> {
  const snapshot = readSnapshot(path);
  const backend = createMeteredBackend(clock);
  const meter = startMeter();
  const outcome = await solvePlacement(toProblem(snapshot, mostMoves), backend, {
    effort,
    seed: 1,
    timeLimitSeconds: timeSeconds,
    now: clockOf(clock),
  });
  const spent = meter();
  await backend.close();
  const moves = 'assignment' in outcome ? orderMoves(snapshot, outcome.assignment) : [];
  return {
    moves,
    // What is proven for the problem as it was stated says nothing of servers that it holds where they are.
    outcome: outcome.kind === 'optimal' && holdsSome(snapshot) ? 'feasible' : outcome.kind,
    method: outcome.method,
    start: judgeMoves(snapshot, [], 0).fragment,
    verdict: judgeMoves(snapshot, moves, mostMoves),
    spent,
  };
}

const holdsSome = ({ servers }: Snapshot): boolean =>
  servers.some(({ pieces, mayMove }) => mayMove && pieces.length > 1);
