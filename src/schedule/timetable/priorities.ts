import { at } from '../../shared/at.ts';
import { tailsOf } from './bound.ts';
import type { Compiled } from './compiled.ts';

/** Orders in which a list schedule may start tasks: the least number first. Ranks decide among equals. */
export function priorityRules(problem: Compiled): readonly Float64Array[] {
  const tails = tailsOf(problem);
  const loads = busiestLoads(problem);
  const { tasks } = problem;
  const byRule = (valueOf: (index: number) => number): Float64Array =>
    Float64Array.from(tasks, ({ rank }, index) => valueOf(index) + rank * rankStep);
  return [
    byRule((index) => -at(tails, index) - at(loads, index)),
    byRule((index) => -at(tails, index)),
    byRule((index) => -at(loads, index) + at(tasks, index).seconds * shareOfSeconds),
    byRule((index) => -at(loads, index) - at(tasks, index).seconds * shareOfSeconds),
    byRule((index) => at(tasks, index).seconds),
  ];
}

/** Small enough to decide among equal tasks only. */
const rankStep = 1e-6;
const shareOfSeconds = 1e-3;

/** For each task, seconds of all work for the busiest of its resources. */
function busiestLoads({ tasks, capacities }: Compiled): Float64Array {
  const loads = new Float64Array(capacities.length);
  for (const { uses } of tasks)
    for (const { resource, amount, seconds } of uses)
      loads[resource] = at(loads, resource) + (amount * seconds) / at(capacities, resource);
  return Float64Array.from(tasks, ({ uses }) =>
    uses.reduce((most, { resource }) => Math.max(most, at(loads, resource)), 0),
  );
}
