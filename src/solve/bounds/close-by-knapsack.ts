import type { RelaxedHosts } from './bound.ts';
import { checkPrimitives } from '../check-primitives.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import { knowsCells } from '../linear/exact.ts';
import type { Search } from '../search/heuristic.ts';
import { packExactly } from './pack-exactly.ts';
import { toAnswer } from '../placed.ts';
import type { PlacementProblem } from '../placement-problem.ts';
import type { Run, Solver } from '../run.ts';

/**
 * Sets of hosts to keep that are tried, fewer where a model of the whole decides anyhow, and how many of them without
 * a proof that the one before fails.
 */
const maxSets = { small: 1, large: 12 };
const maxUnproven = 6;

interface Closing {
  readonly problem: PlacementProblem;
  readonly compiled: CompiledProblem;
  readonly run: Run;
  readonly search: Search;
}

/**
 * The closing knapsack as master: empties the hosts that it would close. Where that takes more moves than the knapsack
 * counts, a small model says whether it must; if so the knapsack learns of it and names the next best hosts.
 */
export async function closeByKnapsack(
  { problem, compiled, run, search }: Closing,
  hosts: RelaxedHosts,
  solver: Solver,
  { isSmall, isProven }: { readonly isSmall: boolean; readonly isProven: () => boolean },
): Promise<void> {
  const isOver = (): boolean => isProven() || !run.hasEffort();
  let { keep } = hosts;
  let unproven = 0;
  for (
    let n = 0;
    n < (isSmall ? maxSets.small : maxSets.large) && keep !== undefined && unproven < maxUnproven;
    n += 1
  ) {
    search.pack(keep);
    run.finishRound(search.best?.objective);
    if (isOver()) return;
    const fails = await cannotBePacked({ problem, compiled, run, search }, keep, solver);
    if (isOver()) return;
    if (!fails) unproven += 1;
    const next = await hosts.another?.(keep, fails);
    run.raiseBound(next?.bound);
    if (isOver() || isSame(keep, next?.keep)) return;
    keep = next?.keep;
  }
}

/** Packs as exactly as one can; true when that is proven to be impossible. */
async function cannotBePacked(
  { problem, compiled, run, search }: Closing,
  keep: Uint8Array,
  solver: Solver,
): Promise<boolean> {
  const packing = await packExactly(compiled, keep, solver);
  const isLegal =
    typeof packing === 'object' &&
    knowsCells(compiled, packing) &&
    checkPrimitives(problem, toAnswer(compiled, packing)).length === 0;
  if (isLegal) search.offer(packing);
  run.tell(search.best?.objective);
  return packing === 'infeasible';
}

const isSame = (before: Uint8Array, after: Uint8Array | undefined): boolean =>
  after?.every((flag, h) => flag === before[h]) ?? false;
