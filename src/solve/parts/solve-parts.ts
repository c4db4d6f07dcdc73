import { at } from '../../shared/at.ts';
import { createRng } from '../../shared/rng.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import { isSmallEnough, solveExactly } from '../linear/exact.ts';
import { curveCostsToday } from '../linear/load-rows.ts';
import { areSeparable, componentsOf, partOf, windowsOf } from './parts.ts';
import type { Placed } from '../placed.ts';
import type { Solver } from '../run.ts';
import { isFlat } from '../search/flat/flat-problem.ts';

/** What came of solving a cloud part by part. */
export interface PartsAnswer {
  readonly placed: Placed;
  /** Only where the parts do not limit each other. */
  readonly bound?: number;
  readonly infeasible: boolean;
}

/** Hosts of a window; models of that size take a second or so. */
const windowSize = 40;
/** Windows are a heuristic: a gap like this is not worth more time. */
const windowGap = 2e-3;

/** How a cloud is cut. */
interface Cut {
  readonly parts: readonly (readonly number[])[];
  /** Nobody may move from one part to another. */
  readonly whole: boolean;
  /** Nor do parts limit each other. */
  readonly separable: boolean;
}

function cut(problem: CompiledProblem, solver: Solver, seed: number): Cut {
  const components = componentsOf(problem);
  const separable = areSeparable(problem, components);
  if (components.every((hosts) => isSmallEnough(partOf(problem, hosts), solver.id)))
    return { parts: components, whole: true, separable };
  const rng = createRng(seed, windowStream);
  const paysForLoad = problem.objective.curves.length > 0;
  // Where hosts alone are paid for windows are no use: each rounds up the hosts that it keeps. Nor are they where the
  // search anneals over flat arrays: it is at the same value in a fraction of the time.
  const parts =
    paysForLoad && !isFlat(problem)
      ? components.flatMap((hosts) => windowsOf(problem, hosts, windowSize, rng))
      : [];
  return { parts, whole: false, separable };
}

/**
 * Solves parts of a cloud that is too large for one model, and puts the answers together. Where nobody may move between
 * them, parts are components and their bounds add up to one; else they are windows, which only limit where servers may
 * go:
 *
 *     bound = today's value + Σ over parts of (bound of the part − today's value)
 */
export async function solveParts(
  problem: CompiledProblem,
  solver: Solver,
  { seed, goesOn }: { readonly seed: number; readonly goesOn: () => boolean },
): Promise<PartsAnswer> {
  const { parts, whole, separable } = cut(problem, solver, seed);
  const placed: Placed = {
    at: Int32Array.from(problem.start),
    picks: new Int32Array(problem.servers.length * problem.cellFits.length).fill(-1),
  };
  const provable = whole && separable && problem.noGoods.every(({ proven }) => proven);
  const base = valueOfStart(problem);
  const left = { maxMoves: problem.maxMoves, maxGiB: problem.maxGiB };
  let bound = provable ? base : -Infinity;
  for (const hosts of parts) {
    const part = partOf(problem, hosts, left);
    if (part.classes.length === 0) continue;
    if (!isSmallEnough(part, solver.id)) continue;
    if (!goesOn()) return { placed, infeasible: false };
    const answer = await solveExactly(part, solver, whole ? {} : { gap: windowGap });
    if (answer.kind === 'infeasible' && provable) return { placed, infeasible: true };
    bound += (answer.kind === 'answered' ? (answer.bound ?? -Infinity) : -Infinity) - base;
    if (answer.kind === 'answered' && answer.placed !== undefined) adopt(part, placed, answer.placed, left);
  }
  return { placed, infeasible: false, ...(bound > -Infinity ? { bound } : {}) };
}

/** Takes over what moves in a part, and takes it off the limits. */
function adopt(
  part: CompiledProblem,
  placed: Placed,
  found: Placed,
  left: { maxMoves: number; maxGiB: number },
): void {
  const count = part.cellFits.length;
  for (const [v, host] of found.at.entries()) {
    if (host === part.start[v]) continue;
    placed.at[v] = host;
    placed.picks.set(found.picks.subarray(v * count, (v + 1) * count), v * count);
    left.maxMoves -= 1;
    left.maxGiB -= at(part.gib, v);
  }
}

/** What the goal says of today's assignment, where the value is a sum over hosts and moves. */
export function valueOfStart(problem: CompiledProblem): number {
  const { start, objective } = problem;
  let value = 0;
  for (const h of new Set(start)) value += at(objective.hostPrice, h);
  for (const cost of curveCostsToday(problem)) value += cost;
  return value;
}

/** Chance that cuts windows is a stream of its own. */
const windowStream = 2_000_000;
