import { at } from '../../shared/at.ts';
import { omit } from '../../shared/omit.ts';
import type { Backend } from '../backend.ts';
import { checkPrimitives } from '../check-primitives.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import { knowsCells } from '../linear/exact.ts';
import { createSearch } from '../search/heuristic.ts';
import { areSeparable, componentsOf, partOf } from './parts.ts';
import { type Placed, toAnswer } from '../placed.ts';
import {
  firstRounds,
  isProven,
  type Proof,
  prove,
  raisePlainBound,
  searchFor,
  type Solve,
} from '../prove.ts';
import type { PlacementProblem } from '../placement-problem.ts';
import { createRun } from '../run.ts';
import { valueOfStart } from './solve-parts.ts';

/** A part: hosts with which no others exchange servers, and its share of the servers that can move. */
interface Bin {
  readonly hosts: readonly number[];
  readonly share: number;
}

/** More parts than this are put together, so that no more states than this are kept at once. */
const mostBins = 8;
/** Clouds with fewer servers that can move are small enough as they are. */
const fewestServers = 200;
/** Rounds that parts of equal size get each before the search goes on with the whole, and the least of any. */
const roundsPerBin = 40;
const leastRounds = 12;

const withoutLimits = (problem: CompiledProblem): CompiledProblem => ({
  ...problem,
  maxMoves: Infinity,
  maxGiB: Infinity,
});

/** The parts of a cloud that do not limit each other, limits on moves aside; about equally large, one where there are none. */
export function binsOf(problem: CompiledProblem): readonly Bin[] {
  const movable = new Float64Array(problem.hosts.length);
  let total = 0;
  for (const { members } of problem.classes)
    for (const v of members) {
      const h = at(problem.start, v);
      movable[h] = at(movable, h) + 1;
      total += 1;
    }
  if (total < fewestServers || problem.objective.couples) return [];
  const components = componentsOf(problem);
  if (!areSeparable(withoutLimits(problem), components)) return [];
  const sized = components
    .map((hosts) => ({ hosts, size: hosts.reduce((sum, h) => sum + at(movable, h), 0) }))
    .filter(({ size }) => size > 0)
    .sort((a, b) => b.size - a.size);
  const bins: { hosts: number[]; size: number }[] = [];
  for (const { hosts, size } of sized) {
    const [smallest] = bins.toSorted((a, b) => a.size - b.size);
    if (smallest === undefined || bins.length < mostBins) bins.push({ hosts: [...hosts], size });
    else {
      smallest.hosts.push(...hosts);
      smallest.size += size;
    }
  }
  return bins.map(({ hosts, size }) => ({ hosts: hosts.sort((a, b) => a - b), share: size / total }));
}

/**
 * Solves parts side by side, each as if it were a cloud of its own with the others standing still, and joins them in
 * order:
 *
 *     bound = today's value + Σ over parts of (bound of the part − today's value)
 *
 * Limits on moves and GiB bind all parts together: parts are solved without them, which can only make the bound lower;
 * where the joined answer breaks one, `whole` tells to go on with the whole. What a part took counts by its share.
 * A part that time cut short, and those after it, are not heeded, so that the run can be repeated.
 */
export async function proveByParts(
  solve: Solve,
  bins: readonly Bin[],
  backend: Backend,
): Promise<Proof | 'whole'> {
  const { compiled, run, search } = solve;
  if (!run.hasEffort() || isProven(solve)) return 'done';
  const parts = bins.map(({ hosts, share }) => partSolve(solve, hosts, share * bins.length));
  const proofs = await Promise.all(parts.map((part) => provePart(part, backend)));
  const placed: Placed = {
    at: Int32Array.from(compiled.start),
    picks: new Int32Array(compiled.servers.length * compiled.cellFits.length).fill(-1),
  };
  if (proofs.includes('infeasible')) return 'infeasible';
  const base = valueOfStart(compiled);
  let bound = base;
  for (const [i, part] of parts.entries()) {
    const cost = Math.max(1, Math.ceil(part.run.rounds * at(bins, i).share));
    if (part.run.stoppedBy === 'time' || part.run.stoppedBy === 'cancel') run.stop(part.run.stoppedBy);
    if (part.run.stoppedBy === 'time' || cost > run.effortLeft) break;
    for (const method of part.run.methods) run.use(method);
    bound += (part.run.bound ?? -Infinity) - base;
    const found = bestOf(part);
    if (found !== undefined) adopt(part.compiled, found, placed);
    run.countRounds(cost, search.best?.objective);
    if (i < parts.length - 1) continue;
    run.use(`${parts.length} parts`);
    run.raiseBound(bound);
    return offer(solve, placed);
  }
  offer(solve, placed);
  if (run.hasEffort()) run.stop('effort');
  return 'done';
}

function partSolve(solve: Solve, hosts: readonly number[], size: number): Solve {
  const { budget, run, compiled } = solve;
  const { secondsLeft } = run;
  const part = partOf(compiled, hosts, { maxMoves: Infinity, maxGiB: Infinity });
  const own = {
    effort: Math.max(leastRounds, Math.round(roundsPerBin * size)),
    seed: budget.seed,
    now: budget.now,
    ...(budget.signal === undefined ? {} : { signal: budget.signal }),
    ...(budget.pool === undefined ? {} : { pool: budget.pool }),
    ...(secondsLeft === undefined ? {} : { timeLimitSeconds: secondsLeft }),
  };
  return {
    problem: problemOf(solve.problem, compiled, hosts),
    compiled: part,
    budget: own,
    run: createRun(own),
    search: createSearch(part, own.seed),
    solutions: [],
  };
}

/** What the answer of a part has to keep to. */
function problemOf(
  problem: PlacementProblem,
  { hosts: names }: CompiledProblem,
  hosts: readonly number[],
): PlacementProblem {
  const inside = new Set(hosts.map((h) => at(names, h)));
  const mustEmpty = problem.mustEmpty.filter((host) => inside.has(host));
  return { ...omit(problem, 'maxMoves', 'maxGiB'), mustEmpty };
}

async function provePart(part: Solve, backend: Backend): Promise<Proof> {
  await searchFor(part, firstRounds);
  raisePlainBound(part);
  const proof = await prove(part, part.run.spendRounds(backend));
  return proof === 'infeasible' && part.search.best !== undefined ? 'open' : proof;
}

const bestOf = ({ search, solutions }: Solve): Placed | undefined => search.best?.placed ?? solutions.at(-1);

/** Takes over who moves in a part. */
function adopt(part: CompiledProblem, found: Placed, placed: Placed): void {
  const count = part.cellFits.length;
  for (const [v, host] of found.at.entries()) {
    if (host === part.start[v]) continue;
    placed.at[v] = host;
    placed.picks.set(found.picks.subarray(v * count, (v + 1) * count), v * count);
  }
}

/** Takes the joined answer, if it is one. */
function offer(solve: Solve, placed: Placed): Proof | 'whole' {
  const { problem, compiled, run, search } = solve;
  const legal = checkPrimitives(problem, toAnswer(compiled, placed)).length === 0;
  if (legal && knowsCells(compiled, placed)) search.offer(placed);
  else if (legal) solve.solutions.push(placed);
  run.tell(search.best?.objective);
  if (isProven(solve)) return 'done';
  return legal ? 'open' : 'whole';
}
