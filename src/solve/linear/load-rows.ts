import { at } from '../../shared/at.ts';
import type { Columns } from './assignment-columns.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import { curveCost, type HostCurve } from '../compile/compiled-objective.ts';
import type { ModelBuilder } from './linear-model.ts';
import { add, type Terms } from './row-terms.ts';

/** The segments of the cost of one curve on one host. */
export interface LoadSegments {
  readonly row: number;
  readonly columns: readonly number[];
}

/** What is used of one resource on one host: a constant plus terms. */
export interface UseTerms {
  readonly terms: Terms;
  readonly today: number;
}

/** used(h, r) = today − Σ leave·held + Σ arrive·load, by host and resource of the goal. */
export function useOf(columns: Columns, today: Float64Array, h: number, r: number): UseTerms {
  const { problem } = columns;
  const terms: Terms = { indices: [], values: [] };
  for (const arrival of at(columns.arrivalsByHost, h)) {
    const { load } = at(problem.classes, arrival.classIndex);
    add(terms, arrival.columns, at(at(load, at(problem.objective.kindOf, h)), r));
  }
  for (const { columns: leaving, holding } of at(columns.departuresByHost, h))
    add(terms, leaving, -at(at(problem.holdings, holding).load, r));
  return { terms, today: at(today, h * problem.objective.resources.length + r) };
}

/** The cost of each curve on each host that counts. */
export function addLoadRows(builder: ModelBuilder, columns: Columns): readonly LoadSegments[] {
  const { problem } = columns;
  const today = loadToday(problem);
  return problem.objective.curves.flatMap((curve) =>
    problem.hosts.flatMap((_, h) => {
      if (curve.counts[h] === 0) return [];
      const uses = curve.parts.map(({ resource }) => useOf(columns, today, h, resource));
      return addSegments(builder, curve, h, uses);
    }),
  );
}

/**
 * What is above levels l1 < l2 < … with slopes s1, s2, …, as segments seg[t] ∈ 0 … l(t+1) − l(t) (the last without end):
 *
 *     constant + Σ factor·used <= l1 + Σ seg[t],   cost Σ (s1 + … + st)·seg[t]
 *
 * Slopes are not negative, so segments fill in order and the cost is exact. `uses` are in the order of the parts.
 */
export function addSegments(
  builder: ModelBuilder,
  curve: HostCurve,
  h: number,
  uses: readonly UseTerms[],
): LoadSegments[] {
  const { levels, slopes, parts, constant } = curve;
  if (curve.counts[h] === 0 || levels.length === 0) return [];
  const name = `${curve.name} ${h}`;
  const terms: Terms = { indices: [], values: [] };
  let fixed = at(constant, h);
  for (const [i, use] of uses.entries()) {
    const factor = at(at(parts, i).factor, h);
    fixed += factor * use.today;
    for (const [k, index] of use.terms.indices.entries())
      add(terms, [index], factor * at(use.terms.values, k));
  }
  if (terms.indices.length === 0) {
    let cost = 0;
    for (const [t, level] of levels.entries()) cost += at(slopes, t) * Math.max(0, fixed - level);
    builder.addOffset(cost);
    return [];
  }
  let cost = 0;
  const columns = Array.from(levels, (level, t) => {
    cost += at(slopes, t);
    const upper = t + 1 < levels.length ? at(levels, t + 1) - level : Infinity;
    return builder.addVariable({ name: `${name} above ${level}`, lower: 0, upper, kind: 'continuous', cost });
  });
  add(terms, columns, -1);
  return [
    { row: builder.addRow({ name, lower: -Infinity, upper: at(levels, 0) - fixed, ...terms }), columns },
  ];
}

/** What servers put on each host today: resource r of the goal on host h at h × resources + r. */
export function loadToday({ holdingOf, holdings, hosts, objective }: CompiledProblem): Float64Array {
  const count = objective.resources.length;
  const used = new Float64Array(hosts.length * count);
  for (const index of holdingOf) {
    const { host, load } = at(holdings, index);
    for (let r = 0; r < count; r += 1) used[host * count + r] = at(used, host * count + r) + at(load, r);
  }
  return used;
}

/** What the curves cost on each host today. */
export function curveCostsToday(problem: CompiledProblem): Float64Array {
  const { curves, resources } = problem.objective;
  const today = loadToday(problem);
  return Float64Array.from(problem.hosts, (_, h) =>
    curves.reduce((sum, curve) => sum + curveCost(curve, h, today, h * resources.length), 0),
  );
}
