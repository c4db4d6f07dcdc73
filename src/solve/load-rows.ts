import { at } from '../shared/at.ts';
import type { Columns } from './assignment-columns.ts';
import { type CompiledProblem, loadCost, type LoadCost } from './compiled.ts';
import type { ModelBuilder } from './linear-model.ts';
import { add, type Terms } from './row-terms.ts';

/** The segments of the cost of one resource's load on one host. */
export interface LoadSegments {
  readonly row: number;
  readonly columns: readonly number[];
}

/**
 * The cost of load for each resource of the goal and each host that counts:
 *
 *     used = today − Σ leave·held + Σ arrive·load
 */
export function addLoadRows(builder: ModelBuilder, columns: Columns): readonly LoadSegments[] {
  const { problem } = columns;
  return problem.objective.loads.flatMap((cost, r) => {
    const today = loadToday(problem, r);
    return problem.hosts.flatMap((_, h) => {
      const used: Terms = { indices: [], values: [] };
      for (const arrival of at(columns.arrivalsByHost, h)) {
        const { load } = at(problem.classes, arrival.classIndex);
        add(used, arrival.columns, at(at(load, at(problem.objective.kindOf, h)), r));
      }
      for (const { columns: leaving, holding } of at(columns.departuresByHost, h))
        add(used, leaving, -at(at(problem.holdings, holding).load, r));
      return addSegments(builder, cost, h, used, at(today, h));
    });
  });
}

/**
 * Load above levels l1 < l2 < … with slopes s1, s2, …, as segments seg[t] ∈ 0 … l(t+1) − l(t) (the last without end):
 *
 *     scale·(foreign + used) <= l1 + Σ seg[t],   cost Σ (s1 + … + st)·seg[t]
 *
 * Slopes are not negative, so segments fill in order and the cost is exact. `used` is a constant plus terms.
 */
export function addSegments(
  builder: ModelBuilder,
  price: LoadCost,
  h: number,
  used: Terms,
  constant: number,
): LoadSegments[] {
  const { levels, slopes, scale, foreign, resource } = price;
  const percent = at(scale, h);
  if (percent === 0 || levels.length === 0) return [];
  if (used.indices.length === 0) {
    builder.addOffset(loadCost(price, h, constant));
    return [];
  }
  const name = `load ${resource} ${h}`;
  let cost = 0;
  const columns = Array.from(levels, (level, t) => {
    cost += at(slopes, t);
    const upper = t + 1 < levels.length ? at(levels, t + 1) - level : Infinity;
    return builder.addVariable({ name: `${name} above ${level}`, lower: 0, upper, kind: 'continuous', cost });
  });
  const terms: Terms = { indices: [...used.indices], values: used.values.map((value) => percent * value) };
  add(terms, columns, -1);
  const upper = at(levels, 0) - percent * (at(foreign, h) + constant);
  return [{ row: builder.addRow({ name, lower: -Infinity, upper, ...terms }), columns }];
}

/** What servers put on each host today of a resource of the goal. */
export function loadToday({ holdingOf, holdings, hosts }: CompiledProblem, r: number): Float64Array {
  const used = new Float64Array(hosts.length);
  for (const index of holdingOf) {
    const { host, load } = at(holdings, index);
    used[host] = at(used, host) + at(load, r);
  }
  return used;
}
