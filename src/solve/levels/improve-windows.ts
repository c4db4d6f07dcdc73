import type { Rng } from '../../shared/rng.ts';
import { at } from '../../shared/at.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import { solveExactly } from '../linear/exact.ts';
import type { Placed } from '../placed.ts';
import type { Solver } from '../run.ts';
import { cutWindow, pasteWindow } from './window.ts';

/** Hosts of a window, at least and at most: models of that size take some tens of milliseconds. */
const fewestHosts = 6;
const mostHosts = 16;

/**
 * One step of a search by small models: draws a few hosts, solves exactly who of those on them should be where, and
 * keeps that when it is no worse.
 *
 * @param least by host, what leaving it costs at least in any answer: where more is paid there is something to save
 * @returns the better answer; undefined when there is none
 */
export async function improveWindow(
  problem: CompiledProblem,
  placed: Placed,
  solver: Solver,
  rng: Rng,
  least?: Float64Array,
): Promise<Placed | undefined> {
  const hosts = drawHosts(problem, placed, rng, least);
  const window = cutWindow(problem, placed, hosts);
  if (window.problem.classes.length === 0) return undefined;
  const answer = await solveExactly(window.problem, solver, { known: window.placed });
  if (answer.kind !== 'answered' || answer.placed === undefined) return undefined;
  const before = migrationOf(window.problem, window.placed);
  const after = migrationOf(window.problem, answer.placed);
  return after < before - 1e-9 ? pasteWindow(problem, placed, window, answer.placed) : undefined;
}

function migrationOf({ cost, start }: CompiledProblem, placed: Placed): number {
  let sum = 0;
  for (const [v, h] of placed.at.entries()) if (h !== start[v]) sum += at(cost, v);
  return sum;
}

/** Hosts where more is paid than must be, or any; some of those with which the first exchanged servers; others. */
function drawHosts(
  problem: CompiledProblem,
  placed: Placed,
  rng: Rng,
  least: Float64Array | undefined,
): readonly number[] {
  const { hosts, mustEmpty } = problem;
  const size = Math.min(hosts.length, fewestHosts + rng.nextInt(mostHosts - fewestHosts + 1));
  const drawDear = drawerOf(least === undefined ? undefined : overpaid(problem, placed, least), rng);
  const drawn = new Set<number>([drawDear() ?? rng.nextInt(hosts.length)]);
  const [seed = 0] = drawn;
  if (rng.nextInt(2) === 0)
    for (const h of rng.shuffle(partnersOf(problem, placed, seed)).slice(0, size >> 1)) drawn.add(h);
  for (let n = size >> 2; n > 0 && drawn.size < size; n -= 1) drawn.add(drawDear() ?? seed);
  while (drawn.size < size) drawn.add(rng.nextInt(hosts.length));
  return [...drawn].filter((h) => mustEmpty[h] === 0 && h < problem.arrivable).sort((a, b) => a - b);
}

/** Hosts with which one has exchanged servers. */
function partnersOf({ start }: CompiledProblem, placed: Placed, host: number): readonly number[] {
  const partners = new Set<number>();
  for (const [v, h] of placed.at.entries()) {
    const home = at(start, v);
    if (h === home) continue;
    if (h === host) partners.add(home);
    if (home === host) partners.add(h);
  }
  return [...partners];
}

/** By host, what leaving it costs now above the least. */
function overpaid({ start, cost }: CompiledProblem, placed: Placed, least: Float64Array): Float64Array {
  const more = least.map((price) => -price);
  for (const [v, h] of placed.at.entries())
    if (h !== start[v]) more[at(start, v)] = at(more, at(start, v)) + at(cost, v);
  return more.map((price) => Math.max(0, price));
}

/** Draws hosts, each by its share of what is overpaid; three times in four, and only where anything is. */
function drawerOf(more: Float64Array | undefined, rng: Rng): () => number | undefined {
  const total = more?.reduce((sum, price) => sum + price, 0) ?? 0;
  return () => {
    if (more === undefined || total <= 0 || rng.nextInt(4) === 0) return undefined;
    let left = rng.nextFloat() * total;
    const found = more.findIndex((price) => (left -= price) < 0);
    return found < 0 ? undefined : found;
  };
}
