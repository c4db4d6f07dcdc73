import type { Goal } from '../../objective/goal.ts';
import type { History } from './history.ts';

/** How evenly hosts are loaded with a resource, in percent of what servers may take of each. */
export interface Balance {
  readonly resource: string;
  readonly before: Loads;
  readonly after: Loads;
}

/** Of the hosts that have any of the resource. */
export interface Loads {
  readonly highest: number;
  readonly lowest: number;
  /** Of all hosts together. */
  readonly mean: number;
}

/** The loads that a goal is about, before a plan and after it; none where it is about none. */
export function balanceOf(history: History, goal: Goal): readonly Balance[] {
  const { resources, hosts, total, used, events } = history;
  const after = [...used];
  for (const { changes } of events)
    for (const { meter, by } of changes) after[meter] = (after[meter] ?? 0) + by;
  return [...balancedResources(goal)].flatMap((resource) => {
    const at = resources.findIndex(({ name }) => name === resource);
    const meters = hosts
      .flatMap(({ cells }) => cells.filter(({ id }) => id === undefined))
      .flatMap((cell) => cell.meters.filter((one) => one.resource === at).map(({ meter }) => meter))
      .filter((meter) => (total[meter] ?? 0) > 0);
    if (meters.length === 0) return [];
    return [{ resource, before: loadsOf(meters, used, total), after: loadsOf(meters, after, total) }];
  });
}

const balancedResources = ({ terms }: Goal): ReadonlySet<string> =>
  new Set(
    terms.flatMap((term): readonly string[] => {
      if (term.kind === 'load-above' || term.kind === 'load-above-mean') return term.resources;
      return term.kind === 'highest-load' ? [term.resource] : [];
    }),
  );

function loadsOf(meters: readonly number[], used: readonly number[], total: readonly number[]): Loads {
  const sum = (amounts: readonly number[]): number =>
    meters.reduce((all, meter) => all + (amounts[meter] ?? 0), 0);
  const loads = meters.map((meter) => (100 * (used[meter] ?? 0)) / (total[meter] ?? 1));
  return {
    highest: loads.reduce((most, load) => Math.max(most, load), 0),
    lowest: loads.reduce((least, load) => Math.min(least, load), Infinity),
    mean: (100 * sum(used)) / sum(total),
  };
}
