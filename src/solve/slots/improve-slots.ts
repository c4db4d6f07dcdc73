import { timesIn } from '../../objective/host-terms.ts';
import { at } from '../../shared/at.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import type { Placed } from '../placed.ts';
import type { Solver } from '../run.ts';
import { buildSlotMaster } from './slot-master.ts';
import { slotBound } from './slot-bound.ts';
import { cheapestPatterns, type Depth, type Pattern, type Prices } from './slot-patterns.ts';
import { paysForSlotsAlone, type Site, sitesOf } from './slot-sites.ts';

/** Rounds of new patterns before the whole numbers are asked for. */
const maxRounds = 40;
/** Patterns tried for all sites in one round; the depth is chosen so that there are not more. */
const maxTrials = 4_000_000;
const depths: readonly Depth[] = [
  { leaving: 4, arriving: 4 },
  { leaving: 3, arriving: 4 },
  { leaving: 3, arriving: 3 },
  { leaving: 2, arriving: 3 },
  { leaving: 2, arriving: 2 },
  { leaving: 1, arriving: 2 },
  { leaving: 1, arriving: 1 },
];
/**
 * At the end come patterns that are dearer than their hosts are worth by less than this share of a slot's price, about
 * so many: whole numbers need more of them than the relaxation.
 */
const slackShare = 0.5;
const spareColumns = 1_000;
/** What may be left between the master's answer and its bound, as a share: less than a slot in practice. */
const gap = 1e-4;
/** Rounds of effort that whole numbers may count for: the answer by then is good, its proof may never come. */
const mostEffort = 6;
/** A pattern must be so much cheaper than what its host is worth to be taken. */
const leastSaving = 1e-6;

/**
 * Free slots by patterns: what may happen on one host (a few leave, a few come) is a column of a linear model that
 * picks one a host, so that as many of each class come as leave and the moves keep their limits. Whole slots are won
 * inside of patterns, so that little is lost between the relaxation and whole numbers. Patterns are made as they are
 * needed, at the prices that the relaxation sets.
 *
 * @returns an answer within all limits on room, moves and volume, and a bound for every answer, as far as they were
 * found; neither where the goal pays for more than slots
 */
export async function improveSlots(
  problem: CompiledProblem,
  solver: Solver,
  goesOn: () => boolean,
): Promise<SlotAnswer> {
  if (!paysForSlotsAlone(problem)) return {};
  const sites = sitesOf(problem);
  const depth = depthFor(sites);
  if (depth === undefined) return {};
  const today = slotsToday(problem, sites);
  const { patterns, prices } = await findPatterns(problem, { sites, depth, today }, solver, goesOn);
  const bound = prices === undefined ? undefined : slotBound(problem, sites, today, prices);
  const known = bound === undefined ? {} : { bound };
  if (patterns.length === 0 || !goesOn()) return known;
  const master = buildSlotMaster(problem, sites, patterns, today);
  const answer = await solver.solve({ model: master.model }, gap, mostEffort);
  if (!('values' in answer)) return known;
  const { values } = answer;
  const chosen = patterns.flatMap((pattern, p) =>
    Array.from({ length: Math.round(at(values, at(master.columns, p))) }, () => pattern),
  );
  return { ...known, placed: follow(problem, sites, chosen) };
}

export interface SlotAnswer {
  readonly placed?: Placed;
  readonly bound?: number;
}

interface Known {
  readonly sites: readonly Site[];
  readonly depth: Depth;
  /** Free slots by slot term. */
  readonly today: readonly number[];
}

/** Patterns until the relaxation wants no more, and then those that it nearly wants. */
async function findPatterns(
  problem: CompiledProblem,
  { sites, depth, today }: Known,
  solver: Solver,
  goesOn: () => boolean,
): Promise<{ readonly patterns: readonly Pattern[]; readonly prices?: Prices }> {
  const pool = createPool();
  let last: Prices | undefined;
  const dearest = Math.max(...problem.objective.slots.map(({ weight }) => weight));
  for (let round = 0; round < maxRounds && goesOn(); round += 1) {
    const master = buildSlotMaster(problem, sites, pool.patterns, today);
    const answer = await solver.solve({ model: master.model, relax: true });
    const duals = 'duals' in answer ? answer.duals : undefined;
    if (duals === undefined) break;
    const prices = master.pricesFrom(duals);
    last = prices;
    const add = (slack: number, most: number): boolean => {
      const before = pool.patterns.length;
      for (const [index, site] of sites.entries()) {
        const below = master.worthOf(index, duals) + slack;
        pool.add(cheapestPatterns(problem, site, { index, prices, depth, below, most }));
      }
      return pool.patterns.length > before;
    };
    if (add(-leastSaving, 1)) continue;
    add(slackShare * dearest, Math.ceil(spareColumns / sites.length));
    break;
  }
  return { patterns: pool.patterns, ...(last === undefined ? {} : { prices: last }) };
}

/** Patterns, none twice. */
function createPool() {
  const patterns: Pattern[] = [];
  const known = new Set<string>();
  return {
    patterns,
    add(found: readonly Pattern[]): void {
      for (const pattern of found) {
        const key = `${pattern.site}|${pattern.leaving.join(';')}|${pattern.arriving.join(';')}`;
        if (!known.has(key)) patterns.push(pattern);
        known.add(key);
      }
    },
  };
}

/** The deepest look at patterns that is not too long for all sites together. */
function depthFor(sites: readonly Site[]): Depth | undefined {
  return depths.find(({ leaving, arriving }) => {
    const trials = sites.reduce(
      (sum, site) =>
        sum + waysToTake(leaving, site.residents.length) * waysToTake(arriving, site.arriving.length),
      0,
    );
    return trials <= maxTrials;
  });
}

/** Ways to take up to `most` things of `kinds` kinds:  (kinds + most) choose most. */
function waysToTake(most: number, kinds: number): number {
  let ways = 1;
  for (let i = 1; i <= most; i += 1) ways = (ways * (kinds + i)) / i;
  return ways;
}

function slotsToday({ objective }: CompiledProblem, sites: readonly Site[]): number[] {
  return objective.slots.map(({ counts, parts }) => {
    let sum = 0;
    for (const { hosts, used } of sites) {
      const host = at(hosts, 0);
      if (counts[host] === 0) continue;
      const own = parts.map(({ resource, amount, room }) =>
        timesIn(at(room, host) - at(used, resource), amount),
      );
      sum += hosts.length * Math.min(...own);
    }
    return sum;
  });
}

/** Who leaves goes to a place of its class; no pattern has both on one host. */
function follow(problem: CompiledProblem, sites: readonly Site[], chosen: readonly Pattern[]): Placed {
  const nextHost = new Int32Array(sites.length);
  const leaving: number[][] = problem.classes.map(() => []);
  const places: number[][] = problem.classes.map(() => []);
  for (const { site, leaving: leave, arriving } of chosen) {
    const { hosts, residents } = at(sites, site);
    const n = at(nextHost, site);
    nextHost[site] = n + 1;
    for (const [k, count] of leave) {
      const { classIndex, members } = at(residents, k);
      leaving[classIndex]?.push(...at(members, n).slice(0, count));
    }
    for (const [c, count] of arriving) for (let i = 0; i < count; i += 1) places[c]?.push(at(hosts, n));
  }
  const placed: Placed = {
    at: Int32Array.from(problem.start),
    picks: new Int32Array(problem.servers.length * problem.cellFits.length).fill(-1),
  };
  for (const [c, servers] of leaving.entries())
    for (const [i, v] of servers.entries()) placed.at[v] = at(at(places, c), i);
  return placed;
}
