import { timesIn } from '../../objective/host-terms.ts';
import { at } from '../../shared/at.ts';
import type { SlotCost } from '../compile/compiled-objective.ts';
import { loadToday, useOf } from './load-rows.ts';
import { type Amount, constraint, emptyAmount, enter, type GoalRows, valueOf } from './row-amounts.ts';

/** z >= constant(h) + factor(h)·used(h) for every host that counts. */
export function addPeakRows(rows: GoalRows): void {
  const { builder, columns } = rows;
  const today = loadToday(columns.problem);
  for (const [i, { weight, resource, factor, constant }] of columns.problem.objective.peaks.entries()) {
    const name = `highest ${i}`;
    const column = builder.addVariable({ name, lower: 0, upper: Infinity, kind: 'continuous', cost: weight });
    const loads: Amount[] = [];
    for (const [h, percent] of factor.entries()) {
      if (percent === 0) continue;
      const use = useOf(columns, today, h, resource);
      const load = emptyAmount(at(constant, h) + percent * use.today);
      for (const [k, index] of use.terms.indices.entries())
        enter(load, [index], percent * at(use.terms.values, k));
      constraint(rows, `${name} ${h}`, [{ column, value: -1 }], load, 1);
      loads.push(load);
    }
    rows.derive.push(
      (values) => (values[column] = loads.reduce((most, load) => Math.max(most, valueOf(load, values)), 0)),
    );
  }
}

/** slots[h] whole, z >= wanted − Σ slots. */
export function addSlotCostRows(rows: GoalRows): void {
  const { builder, columns } = rows;
  const today = loadToday(columns.problem);
  for (const [i, cost] of columns.problem.objective.slots.entries()) {
    const short = emptyAmount(cost.wanted);
    for (const [h, flag] of cost.counts.entries()) {
      if (flag === 0) continue;
      const column = addSlotsOfHost(rows, cost, h, today, `slots ${i} ${h}`);
      if (column !== undefined) enter(short, [column], -1);
    }
    const column = builder.addVariable({
      name: `slots missing ${i}`,
      lower: 0,
      upper: Infinity,
      kind: 'continuous',
      cost: cost.weight,
    });
    constraint(rows, `slots missing ${i}`, [{ column, value: -1 }], short, 1);
    rows.derive.push((values) => (values[column] = Math.max(0, valueOf(short, values))));
  }
}

/**
 * amount·slots + used <= room for each resource. Where more than the room may be used, a host may be full[h] ∈ {0, 1}:
 * then the row allows all that may be used, and there are no slots.
 *
 * @returns the column of slots; undefined for a host that never has any
 */
function addSlotsOfHost(
  rows: GoalRows,
  { parts }: SlotCost,
  h: number,
  today: Float64Array,
  name: string,
): number | undefined {
  const { builder, columns } = rows;
  const most = parts.reduce(
    (least, { room, amount }) => Math.min(least, timesIn(at(room, h), amount)),
    Infinity,
  );
  if (most === 0) return undefined;
  const slots = builder.addVariable({ name, lower: 0, upper: most, kind: 'integer', cost: 0 });
  const uses = parts.map(({ resource, amount, room }) => {
    const use = useOf(columns, today, h, resource);
    const free = emptyAmount(at(room, h) - use.today);
    for (const [k, index] of use.terms.indices.entries()) enter(free, [index], -at(use.terms.values, k));
    return { amount, free, over: reachOf(rows, h, resource, use.today) - at(room, h) };
  });
  const full = uses.some(({ over }) => over > 0)
    ? builder.addVariable({ name: `${name} full`, lower: 0, upper: 1, kind: 'integer', cost: 0 })
    : undefined;
  for (const { amount, free, over } of uses) {
    const own = [{ column: slots, value: amount }];
    if (full !== undefined && over > 0) own.push({ column: full, value: -over });
    constraint(rows, name, own, free, -1);
  }
  if (full !== undefined)
    constraint(
      rows,
      `${name} full`,
      [
        { column: slots, value: 1 },
        { column: full, value: most },
      ],
      emptyAmount(),
      1,
      most,
    );
  rows.derive.push((values) => {
    const free = uses.map((use) => ({ amount: use.amount, free: valueOf(use.free, values) }));
    values[slots] = Math.min(most, ...free.map((use) => timesIn(use.free, use.amount)));
    if (full !== undefined) values[full] = free.some((use) => use.free < 0) ? 1 : 0;
  });
  return slots;
}

/** The most of a resource that could ever be used on a host. */
function reachOf({ columns }: GoalRows, h: number, r: number, today: number): number {
  const { problem, arrivalsByHost } = columns;
  let reach = today;
  for (const { classIndex, upper } of at(arrivalsByHost, h))
    reach += upper * at(at(at(problem.classes, classIndex).load, at(problem.objective.kindOf, h)), r);
  return reach;
}
