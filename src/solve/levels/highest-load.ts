import { amountsOn } from '../../constraints/demand.ts';
import type { Capacity } from '../../constraints/primitive.ts';
import type { ServerId } from '../../model/ids.ts';
import type { Goal, HighestLoad } from '../../objective/goal.ts';
import { loadTable } from '../../objective/loads.ts';
import { at } from '../../shared/at.ts';
import { compileProblem } from '../compile/compile.ts';
import { amountTolerance, type CompiledProblem } from '../compile/compiled.ts';
import { findHostCovers } from '../linear/cover.ts';
import type { PlacementProblem } from '../placement-problem.ts';
import { cheapestShed } from '../bounds/shed.ts';

/**
 * A problem whose hosts may be loaded up to a common level. Loads are whole parts of capacities, so only some levels
 * differ; under each the rest of the goal is an ordinary problem, with limits where the price was.
 */
export interface Levels {
  readonly term: HighestLoad;
  /** Compiled with one capacity more, whose limits `under` sets. */
  readonly compiled: CompiledProblem;
  /** Percent a part of a unit; 0 for hosts that do not count. */
  readonly scale: Float64Array;
  readonly foreign: Float64Array;
  /** First slot of the capacity. */
  readonly first: number;
}

/** The term on the highest load where the goal pays for that, and besides for moves alone. */
export function highestLoadOf({ terms }: Goal): HighestLoad | undefined {
  const [highest, second] = terms.filter((term) => term.kind === 'highest-load');
  const others = terms.every(({ kind }) => kind === 'highest-load' || kind === 'migration-cost');
  return others && second === undefined ? highest : undefined;
}

export function createLevels(problem: PlacementProblem, term: HighestLoad): Levels {
  const { cloud, demands, start } = problem;
  const table = loadTable(cloud, demands, problem.goal.loads);
  const receivers = table.receivers(term.resource);
  const parts = table.parts(term.resource);
  const demand = new Map<ServerId, number>();
  const held = new Map<ServerId, number>();
  for (const [server, host] of start) {
    const asked = demands.get(server);
    const facts = cloud.hosts.get(host);
    if (asked === undefined || facts === undefined) continue;
    // Where hosts would count a server differently the less: the level is then a relaxation.
    const partsOf = (units: number): number =>
      Math.round(parts * table.counted(server, term.resource, units));
    const least = partsOf(
      Math.min(asked.amounts[term.resource] ?? 0, asked.legacyAmounts[term.resource] ?? 0),
    );
    const own = Math.round(parts * table.amount(server, host, term.resource));
    demand.set(server, least);
    if (own !== least || partsOf(amountsOn(asked, facts)[term.resource] ?? 0) !== own) held.set(server, own);
  }
  const capacity: Capacity = {
    kind: 'capacity',
    rule: 'highest-load',
    resource: `highest-load ${term.resource}`,
    unit: term.resource,
    bothEnds: false,
    limits: new Map(
      receivers.map((host) => [host, (unlimitedPercent / 100) * parts * table.capacity(host, term.resource)]),
    ),
    demand,
    held,
  };
  const terms = problem.goal.terms.filter(({ kind }) => kind !== 'highest-load');
  const compiled = compileProblem({
    ...problem,
    goal: { ...problem.goal, terms },
    primitives: [...problem.primitives, capacity],
  });
  const scale = new Float64Array(compiled.hosts.length);
  const foreign = new Float64Array(compiled.hosts.length);
  const isReceiver = new Set(receivers);
  for (const [h, host] of compiled.hosts.entries()) {
    if (!isReceiver.has(host)) continue;
    scale[h] = 100 / (parts * table.capacity(host, term.resource));
    foreign[h] = parts * table.foreign(host, term.resource);
  }
  const first = (compiled.capacityCount - 1) * compiled.hosts.length;
  return { term, compiled, scale, foreign, first };
}

/** Finite, so that the capacity counts as one that limits; far above what anybody could use. */
const unlimitedPercent = 100_000;

/** Room for rounding in percent. */
const levelTolerance = 1e-9;

/** The problem with no host above the level. */
export function under({ compiled, scale, foreign, first }: Levels, level: number): CompiledProblem {
  const limit = Float64Array.from(compiled.limit);
  for (const [h, percent] of scale.entries())
    if (percent > 0) limit[first + h] = Math.max(0, unitsUnder(percent, level) - at(foreign, h));
  return { ...compiled, limit };
}

const unitsUnder = (percent: number, level: number): number =>
  Math.floor((level + levelTolerance) / percent + levelTolerance);

/** The next level above this one at which some host may hold a part more. */
export function nextLevel({ scale }: Levels, level: number): number {
  let next = Infinity;
  for (const percent of scale)
    if (percent > 0) next = Math.min(next, percent * (unitsUnder(percent, level) + 1));
  return next;
}

/** The highest load that an answer has. */
export function levelOf({ compiled, scale, foreign, first }: Levels, hosts: Int32Array): number {
  const used = Float64Array.from(foreign);
  const resource = compiled.capacityCount - 1;
  for (const [v, h] of hosts.entries()) {
    if (h === compiled.start[v]) {
      const { slots, amounts } = at(compiled.holdings, at(compiled.holdingOf, v));
      const i = slots.indexOf(first + h);
      used[h] = at(used, h) + (i < 0 ? 0 : at(amounts, i));
    } else {
      const { capacities, amounts } = at(compiled.classes, at(compiled.classOf, v));
      const i = capacities.indexOf(resource);
      used[h] = at(used, h) + (i < 0 ? 0 : at(amounts, i));
    }
  }
  return scale.reduce((most, percent, h) => Math.max(most, percent * at(used, h)), 0);
}

/** How finely the lowest level is looked for before levels are tried one by one, in percent. */
const coarse = 1 / 8;

/** No answer has a lower level: at it all sets of hosts are big enough for those who cannot be elsewhere. */
export function lowestLevel(levels: Levels): number {
  const covers = findHostCovers(levels.compiled).filter(
    ({ capacity }) => capacity === levels.compiled.capacityCount - 1,
  );
  const hasRoom = (level: number): boolean => {
    const { limit } = under(levels, level);
    return covers.every(({ hosts, amount }) => {
      let room = amountTolerance;
      for (const h of hosts) room += at(limit, levels.first + h);
      return room >= amount;
    });
  };
  let level = 0;
  let high = unlimitedPercent;
  if (!hasRoom(high)) return high;
  while (high - level > coarse) {
    const middle = (level + high) / 2;
    if (hasRoom(middle)) high = middle;
    else level = middle;
  }
  while (!hasRoom(level)) level = nextLevel(levels, level);
  return level;
}

/** Who leaves hosts above a level, at the least cost; undefined when some host cannot get below it. */
export function shedTo(
  levels: Levels,
  level: number,
): { readonly bound: number; readonly leavers: number[] } | undefined {
  const { compiled, first } = levels;
  const { limit } = under(levels, level);
  const byHost: number[][] = compiled.hosts.map(() => []);
  for (const [v, h] of compiled.start.entries()) if (compiled.fixed[v] === 0) byHost[h]?.push(v);
  let bound = 0;
  const leavers: number[] = [];
  for (const [h, residents] of byHost.entries()) {
    const excess = at(compiled.usedToday, first + h) - at(limit, first + h);
    if (excess <= amountTolerance) continue;
    const loads = residents.map((v) => {
      const { slots, amounts } = at(compiled.holdings, at(compiled.holdingOf, v));
      const i = slots.indexOf(first + h);
      return { amount: i < 0 ? 0 : at(amounts, i), cost: at(compiled.cost, v) };
    });
    const shed = cheapestShed(loads, excess);
    if (shed.chosen === undefined) return undefined;
    bound += shed.bound;
    for (const i of shed.chosen) leavers.push(at(residents, i));
  }
  return { bound, leavers };
}
