import { at } from '../../shared/at.ts';
import type { Arrivals, Columns, Departures } from './assignment-columns.ts';
import { amountTolerance } from '../compile/compiled.ts';
import type { ModelBuilder } from './linear-model.ts';
import { add, addDifference, type Terms } from './row-terms.ts';

/** The column that counts all of a class that leave. */
export interface TotalColumn {
  readonly classIndex: number;
  readonly column: number;
}

/**
 * For each class, as many arrive as leave, and on no host more than leave the others:
 *
 *     Σ arrive = Σ leave,    arrive(h) + leave(h) <= Σ leave
 *
 * The second row is what keeps a server from leaving and arriving on one host, which no move can do; it is only
 * needed where that could pay.
 */
export function addFlowRows(
  builder: ModelBuilder,
  { problem, departures, arrivals }: Columns,
): readonly TotalColumn[] {
  const totals: TotalColumn[] = [];
  const byClass: Arrivals[][] = problem.classes.map(() => []);
  for (const arrival of arrivals) byClass[arrival.classIndex]?.push(arrival);
  for (const [c, locations] of departures.entries()) {
    const arriving = at(byClass, c);
    const leaving = locations.flatMap((location) => location.columns);
    const total: Terms = { indices: [], values: [] };
    for (const { columns } of arriving) add(total, columns, 1);
    add(total, leaving, -1);
    builder.addRow({ name: `moved ${c}`, lower: 0, upper: 0, ...total });
    const crossing = arriving.flatMap((arrival) => {
      const here = locations.filter((location) => location.host === arrival.host);
      return here.every((location) => isPlain(problem, location, arrival)) ? [] : [{ arrival, here }];
    });
    if (crossing.length > 0)
      totals.push({ classIndex: c, column: addElsewhereRows(builder, c, leaving, crossing) });
  }
  return totals;
}

function addElsewhereRows(
  builder: ModelBuilder,
  c: number,
  leaving: readonly number[],
  crossing: readonly { readonly arrival: Arrivals; readonly here: readonly Departures[] }[],
): number {
  const all = builder.addVariable({
    name: `leaving ${c}`,
    lower: 0,
    upper: Infinity,
    kind: 'continuous',
    cost: 0,
  });
  addDifference(builder, `leaving ${c}`, leaving, [all], 'equal');
  for (const { arrival, here } of crossing)
    addDifference(
      builder,
      `from elsewhere ${c} ${arrival.host}`,
      [...arrival.columns, ...here.flatMap((location) => location.columns)],
      [all],
      'atMost',
    );
  return all;
}

/** True when leaving and arriving on one host takes what staying takes and costs no less: it never pays. */
function isPlain(problem: Columns['problem'], location: Departures, arrival: Arrivals): boolean {
  const { hosts, holdings, classes, objective, limit } = problem;
  const { slots, amounts, load } = at(holdings, location.holding);
  const ofClass = at(classes, location.classIndex);
  const arriving = at(ofClass.load, at(objective.kindOf, location.host));
  const demand = new Map<number, number>();
  for (const [i, p] of ofClass.capacities.entries()) {
    const slot = p * hosts.length + location.host;
    if (limit[slot] !== Infinity) demand.set(slot, at(ofClass.amounts, i));
  }
  return (
    arrival.parts.length === 0 &&
    location.runs.every(({ cost }) => cost >= 0) &&
    slots.length === demand.size &&
    slots.every((slot, i) => demand.get(slot) === amounts[i]) &&
    load.every((amount, r) => amount === arriving[r])
  );
}

/** Ties the columns of NUMA cells to the number of arrivals (`CellPart`). */
export function addCellRows(builder: ModelBuilder, { arrivals }: Columns): void {
  for (const { columns, parts, classIndex, host } of arrivals) {
    const name = `cells ${classIndex} ${host}`;
    for (const part of parts) {
      const groups = part.kind === 'options' ? [part.columns.filter((c) => c >= 0)] : part.columns;
      if (groups.length === 1 && groups[0]?.join() === columns.join()) continue; // the options are what arrives
      for (const group of groups) addDifference(builder, name, group, columns, 'equal');
      if (part.kind === 'options') continue;
      // A guest takes a NUMA cell at most once: such integer flows are sums of injective maps (König).
      const cells = part.columns[0]?.length ?? 0;
      for (let i = 0; i < cells; i += 1)
        addDifference(
          builder,
          name,
          part.columns.map((guestCell) => at(guestCell, i)),
          columns,
          'atMost',
        );
    }
  }
}

/**
 * For each slot, what stays and what arrives is within the limit, which is there only on a used host:
 *
 *     today − Σ leave·held + Σ arrive·demand <= limit − (1 − used)·limit
 */
export function addSlotRows(builder: ModelBuilder, columns: Columns): void {
  const { problem, used, fixedUse } = columns;
  for (const [h, host] of problem.hosts.entries()) {
    const rows = new Map<number, Terms & { reach: number }>();
    const enter = (slot: number, column: readonly number[], value: number, most: number): void => {
      if (at(problem.limit, slot) === Infinity) return;
      const row = rows.get(slot) ?? { indices: [], values: [], reach: 0 };
      rows.set(slot, row);
      row.reach += most * Math.max(0, value);
      add(row, column, value);
    };
    for (const arrival of at(columns.arrivalsByHost, h)) enterArrivals(columns, arrival, enter);
    for (const { columns: leaving, holding } of at(columns.departuresByHost, h)) {
      const { slots, amounts } = at(problem.holdings, holding);
      for (const [i, slot] of slots.entries())
        if (rows.has(slot) || at(problem.usedToday, slot) > at(problem.limit, slot) + amountTolerance)
          enter(slot, leaving, -at(amounts, i), 0);
    }
    const y = at(used, h);
    for (const [slot, { reach, ...terms }] of rows) {
      const limit = at(problem.limit, slot);
      const today = at(problem.usedToday, slot);
      if (y >= 0) add(terms, [y], at(fixedUse, slot) - limit);
      else if (today + reach <= limit + amountTolerance) continue;
      builder.addRow({
        name: `slot ${slot} ${host}`,
        lower: -Infinity,
        upper: y >= 0 ? at(fixedUse, slot) - today : limit - today,
        ...terms,
      });
    }
  }
}

function enterArrivals(
  { problem }: Columns,
  arrival: Arrivals,
  enter: (slot: number, columns: readonly number[], value: number, most: number) => void,
): void {
  const ofClass = at(problem.classes, arrival.classIndex);
  for (const [i, p] of ofClass.capacities.entries())
    enter(p * problem.hosts.length + arrival.host, arrival.columns, at(ofClass.amounts, i), arrival.upper);
  for (const part of arrival.parts) {
    const { base, cellCount, quantities } = at(problem.cellFits, part.fit);
    const first = at(base, arrival.host);
    const shape = ofClass.guests[part.fit];
    if (shape === undefined) continue;
    if (part.kind === 'options') {
      const { list } = shape.options(at(cellCount, arrival.host));
      for (const [o, column] of part.columns.entries()) {
        const { offsets, amounts } = at(list, o);
        if (column >= 0)
          for (const [i, offset] of offsets.entries())
            enter(first + offset, [column], at(amounts, i), arrival.upper);
      }
    } else {
      for (const [g, cells] of part.columns.entries())
        for (const [i, column] of cells.entries())
          for (const [q, amount] of at(shape.needs, g))
            enter(first + i * quantities + q, [column], amount, arrival.upper);
    }
  }
}

/**
 * A host is used while anybody is on it: stay <= count·used for every location, and arrive <= upper·used where no
 * limited amount says so already.
 */
export function addUsedRows(builder: ModelBuilder, columns: Columns): void {
  const { problem, used } = columns;
  for (const [h, y] of used.entries()) {
    if (y < 0) continue;
    for (const { columns: leaving, count, classIndex } of at(columns.departuresByHost, h)) {
      const terms: Terms = { indices: [y], values: [count] };
      add(terms, leaving, 1);
      builder.addRow({ name: `used ${h} stay ${classIndex}`, lower: count, upper: Infinity, ...terms });
    }
    for (const { columns: arriving, upper, classIndex } of at(columns.arrivalsByHost, h)) {
      const { capacities } = at(problem.classes, classIndex);
      if (capacities.some((p) => at(problem.limit, p * problem.hosts.length + h) < Infinity)) continue;
      const terms: Terms = { indices: [y], values: [-upper] };
      add(terms, arriving, 1);
      builder.addRow({ name: `used ${h} arrive ${classIndex}`, lower: -Infinity, upper: 0, ...terms });
    }
  }
}

/** maxMoves and maxGiB: Σ leave <= maxMoves, Σ gib·leave <= maxGiB. */
export function addVolumeRows(builder: ModelBuilder, { problem, departures }: Columns): void {
  const row = (name: string, upper: number, weigh: (run: { readonly gib: number }) => number): void => {
    if (upper === Infinity) return;
    const terms: Terms = { indices: [], values: [] };
    for (const { columns, runs } of departures.flat())
      for (const [i, column] of columns.entries()) add(terms, [column], weigh(at(runs, i)));
    builder.addRow({ name, lower: -Infinity, upper, ...terms });
  };
  row('max moves', problem.maxMoves, () => 1);
  row('max GiB', problem.maxGiB, ({ gib }) => gib);
}
