import type { Plan } from '../../plan/plan.ts';
import { isMigration } from '../../plan/run-steps.ts';
import type { PlanningOutcome, PlanningRequest } from '../planning-request.ts';
import type { Change, WayOut } from './answer.ts';
import { changed } from './change-request.ts';
import { type Candidate, costOf } from './candidates.ts';
import { fewestHosts } from '../place-drained.ts';
import type { Patience } from './patience.ts';

/** What one planning found, without why not. */
export type PlannedOnce =
  | Exclude<PlanningOutcome, { readonly kind: 'impossible' | 'too-late' }>
  | { readonly kind: 'impossible'; readonly because: string };

/** Two ways to plan for a changed request; what comes back of either has been verified. */
export interface Planner {
  /** The servers one by one, where they fit today: quick, and no proof where it finds nothing. */
  readonly placed: (request: PlanningRequest) => Planned | undefined;
  readonly solved: (request: PlanningRequest) => Promise<PlannedOnce>;
}

type Planned = Extract<PlannedOnce, { readonly kind: 'planned' }>;

/** Effort of one plan: that there is one counts, not how good it is. */
const effort = 60;
/** Of so many of the cheapest changes, pairs are tried. */
const mostPaired = 8;
/** More ways out are not looked for. */
const mostWays = 8;

/** What a search for ways out works on. */
interface Search {
  readonly request: PlanningRequest;
  readonly breaks: (change: Change) => boolean;
  readonly planner: Planner;
  readonly patience: Patience;
  readonly ways: WayOut[];
  cutShort: boolean;
}

/**
 * The changes, alone and else in pairs, with which the request can be planned for; each was. What leaves the clash as it
 * is (`breaks`) is not tried. Each is tried one server after the other first, and by the solver where that finds nothing
 * and would be cheaper than what is known. Of changes made together none could be left out.
 */
export async function findWaysOut(
  request: PlanningRequest,
  candidates: readonly Candidate[],
  breaks: (change: Change) => boolean,
  planner: Planner,
  patience: Patience,
): Promise<{ readonly waysOut: readonly WayOut[]; readonly waysOutCutShort: boolean }> {
  const search: Search = { request, breaks, planner, patience, ways: [], cutShort: false };
  await tryAll(search, candidates);
  // A pair costs less than a host.
  if (search.ways.every(({ changes }) => changes.some(({ kind }) => kind === 'add-host'))) {
    const working = new Set(search.ways.flatMap(({ changes }) => changes));
    const open = candidates.filter((candidate) => candidate.every((change) => !working.has(change)));
    await tryAll(search, pairsOf(pairable(open)));
  }
  return { waysOut: search.ways.toSorted(cheaper), waysOutCutShort: search.cutShort };
}

/** Those that are no part of another come first: all locks and all servers to stop at once promise more. */
const pairable = (candidates: readonly Candidate[]): readonly Candidate[] =>
  candidates
    .filter(
      (one) =>
        one.length > 1 ||
        !candidates.some((other) => other.length > 1 && one.every((change) => other.includes(change))),
    )
    .slice(0, mostPaired);

async function tryAll(search: Search, candidates: readonly Candidate[]): Promise<void> {
  const { patience, breaks, ways } = search;
  const open: Candidate[] = [];
  for (const changes of candidates) {
    if (ways.length >= mostWays || patience.isOver()) break;
    if (!changes.some(breaks) || isWithin(changes, ways)) continue;
    const plan = tryPlaced(search, changes);
    if (plan === undefined) open.push(changes);
    else ways.push(await wayOf(search, thinned(search, changes), plan));
  }
  const dearestKnown =
    ways.length === 0 ? Infinity : Math.min(...ways.map(({ changes }) => dearest(changes)));
  for (const changes of open) {
    if (ways.length >= mostWays) return;
    // What costs more than a way that is known is not worth the solver's time.
    if (dearest(changes) > dearestKnown) continue;
    if (!patience.spend()) {
      search.cutShort = true;
      return;
    }
    const outcome = await search.planner.solved(easier(search, changes));
    if (outcome.kind === 'planned') ways.push(await wayOf(search, changes, outcome));
  }
  if (patience.isOver()) search.cutShort = true;
}

/** Whether a way that is known needs no more than these. */
const isWithin = (changes: Candidate, ways: readonly WayOut[]): boolean =>
  ways.some((way) => way.changes.every((change) => changes.includes(change)));

const tryPlaced = (search: Search, changes: Candidate): Planned | undefined =>
  search.planner.placed(easier(search, changes));

/** The changed request, with what effort and time one question may take. */
function easier({ request, patience }: Search, changes: Candidate): PlanningRequest {
  const next = changed(request, changes);
  const seconds = patience.secondsLeft();
  return {
    ...next,
    options: {
      ...next.options,
      effort: Math.min(effort, next.options.effort),
      ...(seconds !== undefined && { timeLimitSeconds: Math.max(seconds, leastSeconds) }),
    },
  };
}

/** Changes that work together, without those that are not needed. */
function thinned(search: Search, changes: Candidate): Candidate {
  let kept = changes;
  for (const change of changes) {
    if (kept.length < 2) break;
    const rest = kept.filter((other) => other !== change);
    if (tryPlaced(search, rest) !== undefined) kept = rest;
  }
  return kept;
}

const leastSeconds = 0.001;

/** A way out with its price: a limit that is lifted is set as strictly as a plan could be found for. */
async function wayOf(search: Search, changes: Candidate, planned: Planned): Promise<WayOut> {
  const [only] = changes;
  if (changes.length > 1 || only?.kind !== 'lift')
    return priced(changes, await asCommanded(search, changes, again(search, changes, planned)));
  for (const to of stricter(only, planned.plan)) {
    const tight = [{ ...only, to }];
    const plan = tryPlaced(search, tight) ?? (await solvedOnce(search, tight));
    if (plan !== undefined) return priced(tight, await asCommanded(search, tight, plan));
  }
  return priced(changes, planned);
}

/** The plan of changes of which some were left out since. */
const again = (search: Search, changes: Candidate, planned: Planned): Planned =>
  changes.length === 1 ? planned : (tryPlaced(search, changes) ?? planned);

/** What the command would plan: in a small cloud that is the solver's plan. */
const asCommanded = async (search: Search, changes: Candidate, planned: Planned): Promise<Planned> =>
  search.request.cloud.hosts.size >= fewestHosts ? planned : ((await solvedOnce(search, changes)) ?? planned);

async function solvedOnce(search: Search, changes: Candidate): Promise<Planned | undefined> {
  if (!search.patience.spend()) return undefined;
  const outcome = await search.planner.solved(easier(search, changes));
  return outcome.kind === 'planned' ? outcome : undefined;
}

/** Values of a limit to try instead of none, the strictest first. */
function stricter(
  { option, value }: Extract<Change, { kind: 'lift' }>,
  { summary }: Plan,
): readonly number[] {
  const set = Number(value);
  switch (option) {
    case '--max-moves':
      return [summary.moves];
    case '--max-gib':
      // The summary is rounded.
      return [summary.memoryGiB + summary.diskGiB, summary.memoryGiB + summary.diskGiB + 1];
    case '--headroom':
      return [0.8, 0.6, 0.4, 0.2].map((part) => Math.floor(part * set)).filter((to) => to > 0);
    case '--exclude':
    case '--only':
    case '--rules':
    case '--survive-host-loss':
      return [];
  }
}

function priced(changes: Candidate, { plan: { summary, steps } }: Planned): WayOut {
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
function pairsOf(candidates: readonly Candidate[]): readonly Candidate[] {
  const pairs = candidates.flatMap((a, i) => candidates.slice(i + 1).map((b) => [...a, ...b]));
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
