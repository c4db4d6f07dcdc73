import type { Rng } from '../shared/rng.ts';
import { at } from '../shared/at.ts';
import type { CompiledProblem } from './compiled.ts';
import { solveExactly } from './exact.ts';
import type { Placed } from './placed.ts';
import type { Solver } from './run.ts';
import { cutWindow, pasteWindow } from './window.ts';

/** Hosts of a window, at least and at most: models of that size take some tens of milliseconds. */
const fewestHosts = 6;
const mostHosts = 16;

/**
 * One step of a search by small models: draws a few hosts, solves exactly who of those on them should be where, and
 * keeps that when it is no worse.
 *
 * @returns the better answer; undefined when there is none
 */
export async function improveWindow(
  problem: CompiledProblem,
  placed: Placed,
  solver: Solver,
  rng: Rng,
): Promise<Placed | undefined> {
  const hosts = drawHosts(problem, placed, rng);
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

/** A host and some of those with which it exchanged servers, then others at random. */
function drawHosts(problem: CompiledProblem, placed: Placed, rng: Rng): readonly number[] {
  const { hosts, start, mustEmpty } = problem;
  const size = Math.min(hosts.length, fewestHosts + rng.nextInt(mostHosts - fewestHosts + 1));
  const seed = rng.nextInt(hosts.length);
  const related = new Set<number>([seed]);
  if (rng.nextInt(2) === 0)
    for (const [v, h] of placed.at.entries()) {
      const home = at(start, v);
      if (h === home) continue;
      if (h === seed) related.add(home);
      if (home === seed) related.add(h);
    }
  const drawn = new Set(
    rng
      .shuffle([...related])
      .slice(0, size >> 1)
      .concat(seed),
  );
  while (drawn.size < size) drawn.add(rng.nextInt(hosts.length));
  return [...drawn].filter((h) => mustEmpty[h] === 0 && h < problem.arrivable).sort((a, b) => a - b);
}
