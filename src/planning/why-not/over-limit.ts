import type { ServerId } from '../../model/ids.ts';
import { amountTolerance } from '../../solve/compile/compiled.ts';
import type { PlacementProblem } from '../../solve/placement-problem.ts';
import type { Shrunk } from './delete-each.ts';
import type { Element } from './reduced-problem.ts';

type Limited = Pick<PlacementProblem, 'start' | 'mustEmpty' | 'volumeOf' | 'maxMoves' | 'maxGiB'>;

/**
 * A limit that those who must leave go beyond by themselves, with as few of them as do, the largest first: without any
 * one of these the others keep to it.
 */
export function overLimit(problem: Limited): Shrunk<Element> | undefined {
  const { maxMoves = Infinity, maxGiB = Infinity } = problem;
  const leaving = leavingServers(problem);
  if (leaving.length > maxMoves) return clashOf(leaving.slice(0, maxMoves + 1), '--max-moves');
  const gib = (id: ServerId): number => {
    const { memoryMiB, diskGiB } = problem.volumeOf(id);
    return memoryMiB / 1024 + diskGiB;
  };
  const largest = leaving.toSorted((a, b) => gib(b) - gib(a));
  let sum = 0;
  for (const [n, id] of largest.entries()) {
    sum += gib(id);
    if (sum > maxGiB + amountTolerance) return clashOf(largest.slice(0, n + 1), '--max-gib');
  }
  return undefined;
}

function leavingServers({ start, mustEmpty }: Limited): readonly ServerId[] {
  const drained = new Set(mustEmpty);
  return [...start].filter(([, host]) => drained.has(host)).map(([server]) => server);
}

const clashOf = (servers: readonly ServerId[], option: '--max-moves' | '--max-gib'): Shrunk<Element> => ({
  elements: [{ kind: 'limit', option }, ...servers.map((server) => ({ kind: 'server', server }) as const)],
  irreducible: true,
});
