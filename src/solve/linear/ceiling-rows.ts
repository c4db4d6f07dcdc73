import { at } from '../../shared/at.ts';
import { type Columns, neverUsed, routePrice } from './assignment-columns.ts';
import type { Ceiling } from '../compile/compiled.ts';
import { addGoalRows } from './goal-rows.ts';
import type { ModelBuilder } from './linear-model.ts';
import { addLoadRows, type LoadSegments } from './load-rows.ts';
import { add, type Terms } from './row-terms.ts';

/**
 * Σ of what terms cost <= most: they get the columns and rows that they would have in the objective, and what these
 * would cost there makes one row.
 */
export function addCeiling(
  builder: ModelBuilder,
  columns: Columns,
  { of, most }: Ceiling,
): {
  readonly segments: readonly LoadSegments[];
  readonly derive: readonly ((values: Float64Array) => void)[];
} {
  const prices = createPriceRow(builder);
  const own: Columns = { ...columns, problem: of };
  for (const { columns: leaving, members } of columns.departures.flat())
    add(prices.terms, leaving, at(of.cost, at(members, 0))); // equal for all of a location
  for (const { columns: arriving, classIndex, host } of columns.arrivals) {
    const [first] = at(of.classes, classIndex).members;
    add(prices.terms, arriving, routePrice(of, at(of.start, first ?? 0), host));
  }
  for (const [h, price] of of.objective.hostPrice.entries()) {
    const column = at(columns.used, h);
    if (column >= 0) add(prices.terms, [column], price);
    else if (column !== neverUsed) prices.builder.addOffset(price);
  }
  const segments = addLoadRows(prices.builder, own);
  const derive = addGoalRows(prices.builder, own);
  prices.addRow(most);
  return { segments, derive };
}

/** A builder whose prices go to a row instead of the objective. */
function createPriceRow(builder: ModelBuilder) {
  const terms: Terms = { indices: [], values: [] };
  let constant = 0;
  const priced: ModelBuilder = {
    ...builder,
    addVariable(variable) {
      const column = builder.addVariable({ ...variable, cost: 0 });
      add(terms, [column], variable.cost);
      return column;
    },
    addOffset(amount) {
      constant += amount;
    },
  };
  return {
    builder: priced,
    terms,
    addRow: (most: number): void => {
      builder.addRow({ name: 'ceiling', lower: -Infinity, upper: most - constant, ...terms });
    },
  };
}
