import { at } from '../../shared/at.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import { createModel, type LinearModel } from '../linear/linear-model.ts';
import type { Pattern, Prices } from './slot-patterns.ts';
import type { Site } from './slot-sites.ts';

/** Which patterns hosts follow, as a linear model, and where its rows and columns are. */
export interface SlotMaster {
  readonly model: LinearModel;
  /** Column of each pattern. */
  readonly columns: readonly number[];
  /** What the duals of its relaxation say things are worth. */
  pricesFrom(duals: Float64Array): Prices;
  /** What a host of a site is worth by these duals: patterns that cost less than this are of use. */
  worthOf(site: number, duals: Float64Array): number;
}

/**
 *     minimise  Σ cost(p)·x[p] + Σ over slot terms t of weight(t)·missing[t],   x[p] whole
 *     so that   as many of each class come as leave,
 *               missing[t] + Σ gain(p, t)·x[p] >= wanted(t) − free slots today,
 *               Σ moves(p)·x[p] <= maxMoves,  Σ gib(p)·x[p] <= maxGiB,
 *               Σ over patterns of a site <= its hosts   (the others stay as they are)
 */
export function buildSlotMaster(
  { classes, objective, maxMoves, maxGiB }: CompiledProblem,
  sites: readonly Site[],
  patterns: readonly Pattern[],
  slotsToday: readonly number[],
): SlotMaster {
  const builder = createModel('slot patterns');
  const columns = patterns.map((pattern, p) =>
    builder.addVariable({
      name: `pattern ${p}`,
      lower: 0,
      upper: at(sites, pattern.site).hosts.length,
      kind: 'integer',
      cost: pattern.cost,
    }),
  );
  const missing = objective.slots.map(({ weight }, t) =>
    builder.addVariable({
      name: `missing ${t}`,
      lower: 0,
      upper: Infinity,
      kind: 'continuous',
      cost: weight,
    }),
  );
  const balance = classes.map(() => emptyTerms());
  const gains = objective.slots.map((_, t) => ({ indices: [at(missing, t)], values: [1] }));
  const moves = emptyTerms();
  const gib = emptyTerms();
  const bySite = sites.map(() => emptyTerms());
  const enter = (terms: Terms, column: number, value: number): void => {
    if (value === 0) return;
    terms.indices.push(column);
    terms.values.push(value);
  };
  for (const [p, pattern] of patterns.entries()) {
    const column = at(columns, p);
    const { residents } = at(sites, pattern.site);
    for (const [k, count] of pattern.leaving) enter(at(balance, at(residents, k).classIndex), column, -count);
    for (const [c, count] of pattern.arriving) enter(at(balance, c), column, count);
    for (const [t, gain] of pattern.gains.entries()) enter(at(gains, t), column, gain);
    enter(moves, column, pattern.moves);
    enter(gib, column, pattern.gib);
    enter(at(bySite, pattern.site), column, 1);
  }
  const balanceRows = balance.map((terms, c) =>
    builder.addRow({ name: `class ${c}`, lower: 0, upper: 0, ...terms }),
  );
  const gainRows = gains.map((terms, t) =>
    builder.addRow({
      name: `slots ${t}`,
      lower: at(objective.slots, t).wanted - at(slotsToday, t),
      upper: Infinity,
      ...terms,
    }),
  );
  const moveRow = builder.addRow({ name: 'max moves', lower: -Infinity, upper: maxMoves, ...moves });
  const gibRow = builder.addRow({ name: 'max GiB', lower: -Infinity, upper: maxGiB, ...gib });
  const siteRows = bySite.map((terms, s) =>
    builder.addRow({ name: `site ${s}`, lower: -Infinity, upper: at(sites, s).hosts.length, ...terms }),
  );
  return {
    model: builder.build(),
    columns,
    pricesFrom: (duals) => ({
      place: Float64Array.from(balanceRows, (row) => at(duals, row)),
      move: at(duals, moveRow),
      gib: at(duals, gibRow),
      slot: gainRows.map((row) => at(duals, row)),
    }),
    worthOf: (site, duals) => at(duals, at(siteRows, site)),
  };
}

interface Terms {
  readonly indices: number[];
  readonly values: number[];
}

const emptyTerms = (): Terms => ({ indices: [], values: [] });
