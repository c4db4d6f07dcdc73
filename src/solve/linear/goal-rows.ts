import { at } from '../../shared/at.ts';
import type { Columns } from './assignment-columns.ts';
import type { NearCost, Places, SetCost } from '../compile/compiled-objective.ts';
import type { ModelBuilder } from './linear-model.ts';
import { addPeakRows, addSlotCostRows } from './peak-rows.ts';
import { type Amount, constraint, emptyAmount, enter, type GoalRows, valueOf } from './row-amounts.ts';

/**
 * The goal's terms that are no sum over hosts or moves: sets of servers, who is near to whom, the most moved, highest
 * loads and free slots.
 *
 * @returns what sets their columns, once all others are known
 */
export function addGoalRows(
  builder: ModelBuilder,
  columns: Columns,
): readonly ((values: Float64Array) => void)[] {
  const rows: GoalRows = { builder, columns, derive: [] };
  addSets(rows);
  for (const [i, cost] of columns.problem.objective.nearness.entries()) addNear(rows, cost, i);
  addMoved(rows);
  addPeakRows(rows);
  addSlotCostRows(rows);
  return rows.derive;
}

/** Members of sets by place: today + Σ arrive − Σ leave. */
function countMembers(
  { columns }: GoalRows,
  sets: readonly { readonly members: readonly number[]; readonly places: Places }[],
  setsOf: (classIndex: number) => readonly number[],
): Amount[][] {
  const { start } = columns.problem;
  const counts = sets.map(({ members, places }) => {
    const amounts = Array.from({ length: places.count }, () => emptyAmount());
    for (const v of members) at(amounts, at(places.placeOf, at(start, v))).constant += 1;
    return amounts;
  });
  const count = (classIndex: number, h: number, own: readonly number[], sign: number): void => {
    for (const s of setsOf(classIndex))
      enter(at(at(counts, s), at(at(sets, s).places.placeOf, h)), own, sign);
  };
  for (const arrival of columns.arrivals) count(arrival.classIndex, arrival.host, arrival.columns, 1);
  for (const leaving of columns.departures.flat())
    count(leaving.classIndex, leaving.host, leaving.columns, -1);
  return counts;
}

function addSets(rows: GoalRows): void {
  const { classes, objective } = rows.columns.problem;
  const { sets } = objective;
  const counts = countMembers(rows, sets, (c) => at(classes, c).membership.sets);
  for (const [s, cost] of sets.entries())
    ({ short: addShort, scattered: addScattered, crowded: addCrowded })[cost.kind](
      rows,
      cost,
      at(counts, s),
      `${cost.kind} ${s}`,
    );
}

/** in[d] <= n(d), in[d] <= 1, z >= limit − Σ in: exact although `in` is continuous, since n is whole. */
function addShort(rows: GoalRows, { weight, limit }: SetCost, counts: readonly Amount[], name: string): void {
  const occupied = addOccupied(rows, counts, name);
  const short = emptyAmount(limit);
  enter(short, occupied, -1);
  addPenalty(rows, short, weight, name);
}

/** A column a place: 1 at most, and 0 where nobody is. */
function addOccupied(rows: GoalRows, counts: readonly Amount[], name: string): readonly number[] {
  return counts.map((count, d) => {
    const column = rows.builder.addVariable({
      name: `${name} in ${d}`,
      lower: 0,
      upper: 1,
      kind: 'continuous',
      cost: 0,
    });
    constraint(rows, `${name} in ${d}`, [{ column, value: 1 }], count, -1);
    rows.derive.push((values) => (values[column] = Math.min(1, valueOf(count, values))));
    return column;
  });
}

/** n(d) <= |S|·u[d] with u[d] ∈ {0, 1}, z >= Σ u − 1. */
function addScattered(
  rows: GoalRows,
  { weight, members }: SetCost,
  counts: readonly Amount[],
  name: string,
): void {
  const beyond = emptyAmount(-1);
  for (const [d, count] of counts.entries()) {
    if (count.indices.length === 0 && count.constant === 0) continue;
    const column = rows.builder.addVariable({
      name: `${name} at ${d}`,
      lower: 0,
      upper: 1,
      kind: 'integer',
      cost: 0,
    });
    constraint(rows, `${name} at ${d}`, [{ column, value: -members.length }], count, 1);
    rows.derive.push((values) => (values[column] = valueOf(count, values) > 0.5 ? 1 : 0));
    enter(beyond, [column], 1);
  }
  addPenalty(rows, beyond, weight, name);
}

/** z[d] >= n(d) − limit. */
function addCrowded(
  rows: GoalRows,
  { weight, limit }: SetCost,
  counts: readonly Amount[],
  name: string,
): void {
  for (const [d, count] of counts.entries()) {
    const above = emptyAmount(count.constant - limit);
    above.indices.push(...count.indices);
    above.values.push(...count.values);
    if (above.indices.length > 0 || above.constant > 0) addPenalty(rows, above, weight, `${name} ${d}`);
  }
}

/** z[pair, d] >= n(a, d) − |a|·in(b, d). */
function addNear(rows: GoalRows, { weight, places, sets, pairs }: NearCost, term: number): void {
  const { classes } = rows.columns.problem;
  const counts = countMembers(
    rows,
    sets.map((members) => ({ members, places })),
    (c) => at(classes, c).membership.near[term] ?? [],
  );
  const occupied = new Map<number, readonly number[]>();
  for (const [p, { a, b }] of pairs.entries()) {
    const near = occupied.get(b) ?? addOccupied(rows, at(counts, b), `near ${term} ${b}`);
    occupied.set(b, near);
    for (const [d, count] of at(counts, a).entries()) {
      if (count.indices.length === 0 && count.constant === 0) continue;
      const alone = emptyAmount(count.constant);
      alone.indices.push(...count.indices);
      alone.values.push(...count.values);
      enter(alone, [at(near, d)], -at(sets, a).length);
      addPenalty(rows, alone, weight, `alone ${term} ${p} ${d}`);
    }
  }
}

/** z >= Σ leave of each set. */
function addMoved(rows: GoalRows): void {
  const { columns, builder } = rows;
  const { classes, objective } = columns.problem;
  for (const [term, { weight, sets }] of objective.moved.entries()) {
    const leaving = sets.map(() => emptyAmount());
    for (const departure of columns.departures.flat())
      for (const s of at(classes, departure.classIndex).membership.moved[term] ?? [])
        enter(at(leaving, s), departure.columns, 1);
    const most = leaving.filter(({ indices }) => indices.length > 0);
    if (most.length === 0) continue;
    const name = `most moved ${term}`;
    const column = builder.addVariable({ name, lower: 0, upper: Infinity, kind: 'continuous', cost: weight });
    for (const amount of most) constraint(rows, name, [{ column, value: -1 }], amount, 1);
    rows.derive.push(
      (values) => (values[column] = most.reduce((max, amount) => Math.max(max, valueOf(amount, values)), 0)),
    );
  }
}

/** z >= amount, z >= 0, at a price a unit. */
function addPenalty(rows: GoalRows, amount: Amount, weight: number, name: string): void {
  const column = rows.builder.addVariable({
    name,
    lower: 0,
    upper: Infinity,
    kind: 'continuous',
    cost: weight,
  });
  constraint(rows, name, [{ column, value: -1 }], amount, 1);
  rows.derive.push((values) => (values[column] = Math.max(0, valueOf(amount, values))));
}
