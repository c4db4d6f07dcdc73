import { at } from '../../shared/at.ts';
import { alwaysUsed } from './assignment-columns.ts';
import type { CompiledProblem, CompiledSpareRoom } from '../compile/compiled.ts';
import { leastOf } from './cover.ts';
import type { ModelBuilder } from './linear-model.ts';

/** Sets the columns that the rows bring along from those of hosts. */
export type DeriveLargest = (values: Float64Array) => void;

/**
 * What the loss of any one host leaves must hold everybody who is to be evacuated, of each capacity that limits every
 * host; the largest of the used hosts may be the one that is lost:
 *
 *     Σ over h of limit(h)·used(h) + limits of hosts that stay open anyhow − largest >= Σ least(v)
 *     largest >= limit(h)·used(h)        for each host that runs servers today, but those whose loss is not survived
 *
 * Hosts that become empty and are kept open count with the largest limits of their zone.
 */
export function addSpareRoomRows(
  builder: ModelBuilder,
  problem: CompiledProblem,
  used: ArrayLike<number>,
): readonly DeriveLargest[] {
  const { spareRoom } = problem;
  if (spareRoom === undefined || spareRoom.keptOpen === Infinity) return [];
  const { evacuation } = spareRoom;
  const runs = new Uint8Array(problem.hosts.length);
  for (const h of problem.start) runs[h] = 1;
  return [...Array(evacuation.capacityCount).keys()].flatMap((p) => {
    const limits = problem.hosts.map((_, h) => at(spareRoom.fullLimit, p * problem.hosts.length + h));
    if (limits.some((limit) => !Number.isFinite(limit))) return [];
    let amount = 0;
    for (const v of problem.start.keys())
      if (at(spareRoom.weight, v) > 0) amount += leastOf(evacuation, v, p);
    const sure = limits.reduce((sum, limit, h) => sum + (isSure(problem, runs, h) ? limit : 0), 0);
    const kept = mostKeptOpen(spareRoom, runs, limits);
    if (amount === 0) return [];
    return [addRows(builder, { p, limits, amount: amount - sure - kept, runs, used }, problem)];
  });
}

/** Hosts that run nobody today and take servers: they stay open. */
const isSure = ({ mustEmpty }: CompiledProblem, runs: Uint8Array, h: number): boolean =>
  runs[h] === 0 && mustEmpty[h] === 0;

/** The most that hosts give which become empty and are kept open. */
function mostKeptOpen(
  { keptOpen, zoneOf }: CompiledSpareRoom,
  runs: Uint8Array,
  limits: readonly number[],
): number {
  const byZone = new Map<number, number[]>();
  for (const [h, limit] of limits.entries())
    if (runs[h] === 1) byZone.set(at(zoneOf, h), [...(byZone.get(at(zoneOf, h)) ?? []), limit]);
  let most = 0;
  for (const zone of byZone.values())
    for (const limit of zone.sort((a, b) => b - a).slice(0, keptOpen)) most += limit;
  return most;
}

/** Whether nobody will be there at the end, nor come when another host is lost. */
const isDrained = ({ mustEmpty, fixed, start }: CompiledProblem, h: number): boolean =>
  mustEmpty[h] === 1 && !start.some((at, v) => at === h && fixed[v] === 1);

interface Asked {
  readonly p: number;
  readonly limits: readonly number[];
  readonly amount: number;
  readonly runs: Uint8Array;
  readonly used: ArrayLike<number>;
}

function addRows(
  builder: ModelBuilder,
  { p, limits, amount, runs, used }: Asked,
  problem: CompiledProblem,
): DeriveLargest {
  const { spareRoom } = problem;
  const name = `spare room ${p}`;
  const top = Math.max(0, ...limits);
  const isAsked = (h: number): boolean =>
    runs[h] === 1 && (spareRoom?.broken[h] ?? 0) === 0 && !isDrained(problem, h);
  const sure = Math.max(0, ...limits.filter((_, h) => isAsked(h) && used[h] === alwaysUsed));
  const largest = builder.addVariable({ name, lower: sure, upper: top, kind: 'continuous', cost: 0 });
  const indices = [largest];
  const values = [-1];
  let least = amount;
  const lost: { readonly column: number; readonly limit: number }[] = [];
  for (const [h, limit] of limits.entries()) {
    const column = at(used, h);
    if (runs[h] === 0 || limit === 0 || isDrained(problem, h)) continue;
    if (column < 0) {
      least -= limit; // what is counted too much makes the row weaker
      continue;
    }
    indices.push(column);
    values.push(limit);
    if (!isAsked(h)) continue;
    lost.push({ column, limit });
    builder.addRow({
      name: `${name} ${h}`,
      lower: 0,
      upper: Infinity,
      indices: [largest, column],
      values: [1, -limit],
    });
  }
  builder.addRow({ name, lower: least, upper: Infinity, indices, values });
  return (columns) => {
    columns[largest] = Math.max(sure, ...lost.map(({ column, limit }) => limit * at(columns, column)));
  };
}
