import { at } from '../shared/at.ts';
import type { Rng } from '../shared/rng.ts';
import type { AssignmentModel } from './assignment-model.ts';
import type { Backend, Budget } from './backend.ts';
import { restrict } from './restrict.ts';

/** Hosts that are decided anew at once: so few that a solver needs a fraction of a second. */
const windowSize = 8;

/** Columns by the host that they speak of; those of no single host stay free in every window. */
export interface WindowedModel {
  readonly built: AssignmentModel;
  readonly hostOf: Int32Array;
}

/** Prepares a model for `improveWindow`. */
export function toWindows(built: AssignmentModel): WindowedModel {
  const hostOf = new Int32Array(built.model.cost.length).fill(-1);
  const mark = (columns: readonly number[], host: number): void => {
    for (const column of columns) if (column >= 0) hostOf[column] = host;
  };
  const { departures, arrivals, used } = built.columns;
  for (const { columns, host } of departures.flat()) mark(columns, host);
  for (const { columns, host, parts } of arrivals) {
    mark(columns, host);
    for (const part of parts) mark(part.columns.flat(), host);
  }
  for (const [host, column] of used.entries()) mark([column], host);
  for (const { host, column } of built.twins) mark([column], host);
  for (const { host, columns } of built.segments) mark(columns, host);
  return { built, hostOf };
}

/**
 * Large neighbourhood search, one step: decides everything about a few hosts anew, while the others stay as they are
 * in `values`.
 *
 * @returns better values, or undefined
 */
export async function improveWindow(
  { built, hostOf }: WindowedModel,
  values: Float64Array,
  hosts: readonly number[],
  backend: Backend,
  budget: Budget,
): Promise<Float64Array | undefined> {
  const { model } = built;
  const chosen = new Set(hosts);
  const free = Uint8Array.from(hostOf, (host) => (host < 0 || chosen.has(host) ? 1 : 0));
  const part = restrict(model, values, free);
  const start = Float64Array.from(part.columns, (j) => at(values, j));
  const answer = await backend.solve({ model: part.model, start }, budget);
  if (!('values' in answer)) return undefined;
  const before = part.model.cost.reduce((sum, cost, k) => sum + cost * at(start, k), part.model.offset);
  if (answer.objective >= before - leastGain) return undefined;
  const better = Float64Array.from(values);
  for (const [k, j] of part.columns.entries()) better[j] = at(answer.values, k);
  return better;
}

/** Less is rounding. */
const leastGain = 1e-6;

/** Hosts for a window: one by chance among the dearest, the rest of those that are dear, cheap or anything. */
export function drawWindow(price: Float64Array, rng: Rng): readonly number[] {
  const byPrice = [...price.keys()].sort((a, b) => at(price, b) - at(price, a));
  const chosen = new Set<number>();
  const third = Math.max(1, Math.floor(byPrice.length / 3));
  for (let n = 0; n < 4 * windowSize && chosen.size < Math.min(windowSize, byPrice.length); n += 1) {
    const among = n % 3 === 0 ? third : byPrice.length;
    chosen.add(at(byPrice, rng.nextInt(among)));
  }
  return [...chosen];
}
