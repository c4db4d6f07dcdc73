import { at } from '../../shared/at.ts';
import type { Arrivals } from './assignment-columns.ts';
import type { AssignmentModel } from './assignment-model.ts';
import type { Placed } from '../placed.ts';
import { enterTogether } from './together-rows.ts';

/**
 * The values of a model's columns that say what an assignment says: a start for the solver, and the way to compare
 * the model with `evaluate`. Undefined when an arrival has no column, which the model holds to be impossible.
 */
export function encode(built: AssignmentModel, placed: Placed): Float64Array | undefined {
  const { columns, model } = built;
  const { problem, departures, arrivals, used } = columns;
  const values = new Float64Array(model.cost.length);
  const renamed = renameHosts(built, placed);
  for (const { members, runs, columns: leaving } of departures.flat()) {
    let next = 0;
    for (const [run, { count }] of runs.entries()) {
      const here = members.slice(next, next + count);
      values[at(leaving, run)] = here.filter((v) => placed.at[v] !== problem.start[v]).length;
      next += count;
    }
  }
  const byPlace = new Map(arrivals.map((arrival) => [`${arrival.classIndex} ${arrival.host}`, arrival]));
  for (const [v, host] of placed.at.entries()) {
    const to = at(renamed, host);
    if (used[to] !== undefined && used[to] >= 0) values[used[to]] = 1;
    if (host === problem.start[v]) continue;
    const arrival = byPlace.get(`${at(problem.classOf, v)} ${to}`);
    if (arrival === undefined || !enterArrival(built, arrival, v, placed, values)) return undefined;
  }
  enterDerived(built, placed, renamed, values);
  return values;
}

/** Counts one arrival in; false when the model has no column for it. */
function enterArrival(
  built: AssignmentModel,
  arrival: Arrivals,
  v: number,
  placed: Placed,
  values: Float64Array,
): boolean {
  const { problem } = built.columns;
  const count = (column: number | undefined): boolean => {
    if (column === undefined || column < 0) return false;
    values[column] = (values[column] ?? 0) + 1;
    return true;
  };
  const [single] = arrival.columns;
  const [part] = arrival.parts;
  const isOptions = arrival.parts.length === 1 && part?.kind === 'options';
  if (!isOptions && !count(single)) return false;
  return arrival.parts.every((part) => {
    const pick = at(placed.picks, v * problem.cellFits.length + part.fit);
    if (part.kind === 'options') return count(part.columns[pick]);
    const cellCount = at(at(problem.cellFits, part.fit).cellCount, arrival.host);
    const option = at(problem.classes, arrival.classIndex).guests[part.fit]?.options(cellCount).list[pick];
    return option?.cells.every((cell, g) => count(part.columns[g]?.[cell])) ?? false;
  });
}

/** Columns that follow from the others: totals, spread, togethers, twins, segments of load. */
function enterDerived(
  built: AssignmentModel,
  placed: Placed,
  renamed: Int32Array,
  values: Float64Array,
): void {
  const { problem, departures } = built.columns;
  for (const { classIndex, column } of built.totals) {
    const leaving = at(departures, classIndex).flatMap((location) => location.columns);
    values[column] = leaving.reduce((sum, c) => sum + (values[c] ?? 0), 0);
  }
  for (const [d, spread] of built.spread.entries()) {
    const { members, domainOf } = at(problem.domains, d);
    const occupied = new Set(members.map((v) => at(domainOf, at(renamed, at(placed.at, v)))));
    for (const [i, column] of spread.entries()) values[column] = occupied.has(i) ? 1 : 0;
  }
  const renamedAt = placed.at.map((host) => at(renamed, host));
  for (const [t, together] of built.togethers.entries())
    enterTogether(together, at(problem.togethers, t), renamedAt, values);
  for (const { source, host, column } of built.twins)
    values[column] = [...placed.at].some(
      (h, v) =>
        h === host && h !== problem.start[v] && problem.covered[v] === 1 && problem.start[v] === source,
    )
      ? 1
      : 0;
  for (const { row, columns: segments } of built.segments) {
    let above = activityAbove(built, row, values);
    for (const column of segments) {
      const part = Math.min(Math.max(0, above), at(built.model.upper, column));
      values[column] = part;
      above -= part;
    }
  }
  for (const derive of built.derive) derive(values);
}

/** How far a row is above its upper limit. */
function activityAbove({ model }: AssignmentModel, row: number, values: Float64Array): number {
  let sum = -at(model.rowUpper, row);
  for (let k = at(model.rowStarts, row); k < at(model.rowStarts, row + 1); k += 1)
    sum += at(model.coefficients, k) * at(values, at(model.columns, k));
  return sum;
}

/** Among empty hosts that differ in nothing, those that an assignment uses come first (`symmetry-rows`). */
function renameHosts({ columns: { problem }, symmetric }: AssignmentModel, placed: Placed): Int32Array {
  const renamed = Int32Array.from(problem.hosts, (_, h) => h);
  const occupied = new Set(placed.at);
  for (const group of symmetric) {
    const usedFirst = [...group.filter((h) => occupied.has(h)), ...group.filter((h) => !occupied.has(h))];
    for (const [i, h] of usedFirst.entries()) renamed[h] = at(group, i);
  }
  return renamed;
}
