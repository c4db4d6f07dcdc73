import { at } from '../../shared/at.ts';
import { groupBy } from '../../shared/collections.ts';
import { locationsOf } from '../compile/classes.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import { addSegments, loadToday, type UseTerms } from '../linear/load-rows.ts';
import { createModel, type LinearModel, type ModelBuilder } from '../linear/linear-model.ts';
import { add, type Terms } from '../linear/row-terms.ts';

/**
 * Shedding: a relaxation that forgets who arrives where. Servers leave hosts at their price; what they weigh arrives
 * somewhere, as an amount that can be split at will:
 *
 *     minimise  Σ cost·leave + Σ cost of load
 *     so that   load(h, r) = today − Σ leave·held + arrive(h, r),   Σ over h of arrive(h, r) >= Σ leave·least demand(r)
 *
 * with leave ∈ 0 … count by class, location and run. One column a resident at most, whatever the number of hosts.
 * Undefined when the goal does not pay for load.
 */
export function buildSheddingModel(problem: CompiledProblem): LinearModel | undefined {
  const { curves, resources } = problem.objective;
  if (curves.length === 0) return undefined;
  const builder = createModel('shedding');
  const leaving = addLeaving(builder, problem);
  const reachable = new Uint8Array(problem.hosts.length);
  for (const { allowed } of problem.classes)
    for (const [h, flag] of allowed.entries()) if (flag === 1) reachable[h] = 1;
  const byHost = groupBy(leaving, ({ host }) => host);
  const today = loadToday(problem);
  const uses = problem.hosts.map((): UseTerms[] => []);
  for (const [r, resource] of resources.entries()) {
    const moved: Terms = { indices: [], values: [] };
    for (const { column, load } of leaving) add(moved, [column], -at(load, r));
    for (let h = 0; h < problem.hosts.length; h += 1) {
      const used: Terms = { indices: [], values: [] };
      for (const { column, holding } of byHost.get(h) ?? [])
        add(used, [column], -at(at(problem.holdings, holding).load, r));
      if (problem.mustEmpty[h] === 0 && reachable[h] === 1) {
        const arriving = addArriving(builder, r, h);
        add(moved, [arriving], 1);
        add(used, [arriving], 1);
      }
      uses[h]?.push({ terms: used, today: at(today, h * resources.length + r) });
    }
    builder.addRow({ name: `moved ${resource}`, lower: 0, upper: Infinity, ...moved });
  }
  for (const curve of curves)
    for (const [h, own] of uses.entries())
      addSegments(
        builder,
        curve,
        h,
        curve.parts.map(({ resource }) => at(own, resource)),
      );
  return builder.build();
}

interface Leaving {
  readonly column: number;
  readonly host: number;
  readonly holding: number;
  /** The least that one weighs elsewhere, by resource. */
  readonly load: Float64Array;
}

function addLeaving(builder: ModelBuilder, problem: CompiledProblem): Leaving[] {
  const moves: Terms = { indices: [], values: [] };
  const volume: Terms = { indices: [], values: [] };
  const leaving = locationsOf(problem).flatMap((locations) =>
    locations.flatMap(({ classIndex, host, holding, runs }) => {
      const [modern, legacy] = at(problem.classes, classIndex).load;
      const load = modern.map((amount, r) => Math.min(amount, at(legacy, r)));
      return runs.map(({ cost, gib, count }): Leaving => {
        const lower = problem.mustEmpty[host] === 1 ? count : 0;
        const name = `leave ${classIndex} ${at(problem.hosts, host)} ${holding}`;
        const column = builder.addVariable({ name, lower, upper: count, kind: 'integer', cost });
        add(moves, [column], 1);
        add(volume, [column], gib);
        return { column, host, holding, load };
      });
    }),
  );
  if (problem.maxMoves < Infinity)
    builder.addRow({ name: 'max moves', lower: -Infinity, upper: problem.maxMoves, ...moves });
  if (problem.maxGiB < Infinity)
    builder.addRow({ name: 'max GiB', lower: -Infinity, upper: problem.maxGiB, ...volume });
  return leaving;
}

const addArriving = (builder: ModelBuilder, r: number, h: number): number =>
  builder.addVariable({ name: `arrive ${r} ${h}`, lower: 0, upper: Infinity, kind: 'continuous', cost: 0 });
