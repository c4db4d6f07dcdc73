import type { Plan } from '../../plan/plan.ts';
import { isMigration } from '../../plan/run-steps.ts';
import type { PlanningOutcome, PlanningRequest } from '../planning-request.ts';
import type { Change, WayOut } from './answer.ts';
import { changed } from './change-request.ts';
import { costOf } from './candidates.ts';
import type { Patience } from './patience.ts';

/** What one planning found, without why not. */
export type PlannedOnce =
  | Exclude<PlanningOutcome, { readonly kind: 'impossible' }>
  | { readonly kind: 'impossible'; readonly because: string };

export type PlanOnce = (request: PlanningRequest) => Promise<PlannedOnce>;

/** Effort of one plan: that there is one counts, not how good it is. */
const effort = 16;
/** Of so many of the cheapest changes, pairs are tried. */
const mostPaired = 8;
/** More ways out are not looked for. */
const mostWays = 8;

/**
 * The changes, alone and else in pairs, with which the request can be planned for; each was. What leaves the clash as it
 * is (`breaks`) is not tried.
 */
export async function findWaysOut(
  request: PlanningRequest,
  candidates: readonly Change[],
  breaks: (change: Change) => boolean,
  planOnce: PlanOnce,
  patience: Patience,
): Promise<{ readonly waysOut: readonly WayOut[]; readonly waysOutCutShort: boolean }> {
  const ways: WayOut[] = [];
  let cutShort = false;
  const tryAll = async (sets: readonly (readonly Change[])[]): Promise<void> => {
    for (const changes of sets) {
      if (ways.length >= mostWays) return;
      if (!patience.spend()) {
        cutShort = true;
        return;
      }
      const way = await tryOut(request, changes, planOnce, patience);
      if (way !== undefined) ways.push(way);
    }
  };
  await tryAll(candidates.filter(breaks).map((change) => [change]));
  // A pair costs less than a host.
  if (ways.every(({ changes }) => changes.some(({ kind }) => kind === 'add-host'))) {
    const working = new Set(ways.flatMap(({ changes }) => changes));
    const paired = candidates.filter((change) => !working.has(change)).slice(0, mostPaired);
    await tryAll(pairsOf(paired).filter((pair) => pair.some(breaks)));
  }
  return { waysOut: ways.toSorted(cheaper), waysOutCutShort: cutShort };
}

async function tryOut(
  request: PlanningRequest,
  changes: readonly Change[],
  planOnce: PlanOnce,
  patience: Patience,
): Promise<WayOut | undefined> {
  const next = changed(request, changes);
  const seconds = patience.secondsLeft();
  const outcome = await planOnce({
    ...next,
    options: {
      ...next.options,
      effort: Math.min(effort, next.options.effort),
      ...(seconds !== undefined && { timeLimitSeconds: Math.max(seconds, leastSeconds) }),
    },
  });
  return outcome.kind === 'planned' ? wayOf(changes, outcome.plan) : undefined;
}

const leastSeconds = 0.001;

function wayOf(changes: readonly Change[], { summary, steps }: Plan): WayOut {
  const cold = steps.filter(isMigration).filter(({ kind }) => kind === 'cold');
  return {
    changes,
    moves: summary.moves,
    coldMigrations: summary.coldMigrations,
    downtimeSeconds: Math.round(cold.reduce((sum, { predicted }) => sum + predicted.downtimeMs, 0) / 1000),
    expectedSeconds: summary.expectedSeconds,
  };
}

/** Cheapest first. */
function pairsOf(changes: readonly Change[]): readonly (readonly Change[])[] {
  const pairs = changes.flatMap((a, i) => changes.slice(i + 1).map((b) => [a, b]));
  return pairs.toSorted((a, b) => compareNumbers([dearest(a), total(a)], [dearest(b), total(b)]));
}

const dearest = (changes: readonly Change[]): number => Math.max(...changes.map(costOf));
const total = (changes: readonly Change[]): number =>
  changes.reduce((sum, change) => sum + costOf(change), 0);

/** By the dearest change, then by how many, then by what it does to servers. */
const cheaper = (a: WayOut, b: WayOut): number => compareNumbers(pricesOf(a), pricesOf(b));
const pricesOf = ({ changes, downtimeSeconds, moves }: WayOut): readonly number[] => [
  dearest(changes),
  changes.length,
  total(changes),
  downtimeSeconds,
  moves,
];

/** The first numbers that differ decide. */
const compareNumbers = (a: readonly number[], b: readonly number[]): number =>
  a.map((value, index) => value - (b[index] ?? value)).find((difference) => difference !== 0) ?? 0;
