import { at } from '../../shared/at.ts';
import { type Location, locationsOf } from '../compile/classes.ts';
import { amountTolerance, type CompiledProblem, type ServerClass } from '../compile/compiled.ts';
import type { ModelBuilder } from './linear-model.ts';

/** A location and the columns that say how many of each of its runs leave. */
export interface Departures extends Location {
  readonly columns: readonly number[];
  /** Number of members. */
  readonly count: number;
}

/** How a class may arrive on a host: the sum of `columns` is the number of servers that do. */
export interface Arrivals {
  readonly classIndex: number;
  readonly host: number;
  readonly columns: readonly number[];
  /** No more than this arrive. */
  readonly upper: number;
  /** By cell fit that limits them there. */
  readonly parts: readonly CellPart[];
}

/** On which NUMA cells the servers of an `Arrivals` are put. */
export type CellPart =
  /** A column an option (`GuestShape.options`); -1 for options that fit on no cell. Their sum is what arrives. */
  | { readonly kind: 'options'; readonly fit: number; readonly columns: readonly number[] }
  /** A column a guest cell and NUMA cell. */
  | { readonly kind: 'flow'; readonly fit: number; readonly columns: readonly (readonly number[])[] };

/** The columns of an assignment model that its rows speak of. */
export interface Columns {
  readonly problem: CompiledProblem;
  readonly departures: readonly (readonly Departures[])[];
  readonly arrivals: readonly Arrivals[];
  readonly arrivalsByHost: readonly (readonly Arrivals[])[];
  readonly departuresByHost: readonly (readonly Departures[])[];
  /** Whether a host is used; `alwaysUsed` or `neverUsed` where that is no question. */
  readonly used: Int32Array;
  /** Amounts that fixed servers take, by slot. */
  readonly fixedUse: Float64Array;
}

/** In `Columns.used`: a host with fixed servers; all hosts when the goal does not pay for them. */
export const alwaysUsed = -1;
/** In `Columns.used`: a host that is empty in every answer. */
export const neverUsed = -2;

/** More ways than this to put a guest on a host's cells are modelled as a flow of guest cells to NUMA cells. */
const maxOptionColumns = 24;

export function addColumns(builder: ModelBuilder, problem: CompiledProblem): Columns {
  const fixedUse = usageOfFixed(problem);
  const departures = locationsOf(problem).map((locations) =>
    locations.map((l) => addDepartures(builder, problem, l)),
  );
  const arrivals = problem.classes.flatMap((ofClass) =>
    addClassArrivals(builder, problem, ofClass, fixedUse),
  );
  const arrivalsByHost: Arrivals[][] = problem.hosts.map(() => []);
  const departuresByHost: Departures[][] = problem.hosts.map(() => []);
  for (const arrival of arrivals) arrivalsByHost[arrival.host]?.push(arrival);
  for (const departure of departures.flat()) departuresByHost[departure.host]?.push(departure);
  const used = addUsed(builder, problem, arrivalsByHost, departuresByHost);
  return { problem, departures, arrivals, arrivalsByHost, departuresByHost, used, fixedUse };
}

function usageOfFixed({ fixed, holdingOf, holdings, limit }: CompiledProblem): Float64Array {
  const use = new Float64Array(limit.length);
  for (const [v, flag] of fixed.entries()) {
    if (flag === 0) continue;
    const { slots, amounts } = at(holdings, at(holdingOf, v));
    for (const [i, slot] of slots.entries()) use[slot] = (use[slot] ?? 0) + at(amounts, i);
  }
  return use;
}

/** leave[location, run] ∈ 0 … count(run); all of them where the host must be empty. */
function addDepartures(builder: ModelBuilder, problem: CompiledProblem, location: Location): Departures {
  const mustLeave = problem.mustEmpty[location.host] === 1;
  const columns = location.runs.map(({ cost, count }, run) =>
    builder.addVariable({
      name: `leave ${location.classIndex} ${at(problem.hosts, location.host)} ${location.holding} ${run}`,
      lower: mustLeave ? count : 0,
      upper: count,
      kind: 'integer',
      cost,
    }),
  );
  return { ...location, columns, count: location.members.length };
}

function addClassArrivals(
  builder: ModelBuilder,
  problem: CompiledProblem,
  ofClass: ServerClass,
  fixedUse: Float64Array,
): Arrivals[] {
  const atHome = new Map<number, number>();
  for (const v of ofClass.members) {
    const host = at(problem.start, v);
    atHome.set(host, (atHome.get(host) ?? 0) + 1);
  }
  const arrivals: Arrivals[] = [];
  for (let host = 0; host < problem.arrivable; host += 1) {
    if (ofClass.allowed[host] !== 1 || problem.mustEmpty[host] === 1) continue;
    const others = ofClass.members.length - (atHome.get(host) ?? 0);
    const upper = Math.min(others, mostThatFit(problem, ofClass, host, fixedUse));
    if (upper > 0) arrivals.push(...addArrivals(builder, problem, ofClass, host, upper, fixedUse));
  }
  return arrivals;
}

/** How many of a class a host could take if all that can leave it left: capacities and domain constraints. */
function mostThatFit(
  problem: CompiledProblem,
  ofClass: ServerClass,
  host: number,
  fixedUse: Float64Array,
): number {
  let most = Infinity;
  for (const [i, p] of ofClass.capacities.entries())
    most = Math.min(
      most,
      timesIn(problem, p * problem.hosts.length + host, at(ofClass.amounts, i), fixedUse),
    );
  for (const d of ofClass.domains) {
    const domain = at(problem.domains, d);
    most = Math.min(most, at(domain.atMost, at(domain.domainOf, host)));
  }
  return most;
}

function timesIn(problem: CompiledProblem, slot: number, amount: number, fixedUse: Float64Array): number {
  return Math.floor((at(problem.limit, slot) - at(fixedUse, slot) + amountTolerance) / amount);
}

function addArrivals(
  builder: ModelBuilder,
  problem: CompiledProblem,
  ofClass: ServerClass,
  host: number,
  upper: number,
  fixedUse: Float64Array,
): Arrivals[] {
  const name = `arrive ${ofClass.index} ${at(problem.hosts, host)}`;
  const column = (suffix: string, most: number, cost = 0): number =>
    builder.addVariable({ name: `${name}${suffix}`, lower: 0, upper: most, kind: 'integer', cost });
  const price = routePrice(problem, at(problem.start, at(ofClass.members, 0)), host);
  const limiting = problem.cellFits.flatMap((fit, f) => {
    const shape = ofClass.guests[f];
    return shape === undefined || at(fit.base, host) < 0 ? [] : [{ fit, f, shape }];
  });
  const parts: CellPart[] = [];
  for (const { fit, f, shape } of limiting) {
    const cells = at(fit.cellCount, host);
    const { list, complete } = shape.options(cells);
    if (list.length === 0) return []; // more guest cells than NUMA cells
    if (!complete || list.length > maxOptionColumns) {
      const columns = shape.needs.map((_, g) =>
        Array.from({ length: cells }, (_cell, i) => column(` ${f} ${g}@${i}`, upper)),
      );
      parts.push({ kind: 'flow', fit: f, columns });
      continue;
    }
    const first = at(fit.base, host);
    const columns = list.map((option) => {
      const most = option.offsets.reduce(
        (least, offset, i) =>
          Math.min(least, timesIn(problem, first + offset, at(option.amounts, i), fixedUse)),
        upper,
      );
      const cost = limiting.length === 1 ? price : 0;
      return most > 0 ? column(` ${f} ${option.cells.join('+')}`, most, cost) : -1;
    });
    if (columns.every((c) => c < 0)) return [];
    parts.push({ kind: 'options', fit: f, columns });
  }
  const [only] = parts;
  const own =
    parts.length === 1 && only?.kind === 'options'
      ? only.columns.filter((c) => c >= 0)
      : [column('', upper, price)];
  return [{ classIndex: ofClass.index, host, columns: own, upper, parts }];
}

/** All of a class come from hosts with the same prices (`compileClasses`). */
export function routePrice({ objective: { routes } }: CompiledProblem, from: number, to: number): number {
  return routes === undefined ? 0 : at(at(routes.rows, at(routes.rowOf, from)), to);
}

/** used[h] ∈ {0, 1} at the goal's price of a host; hosts with fixed servers are used whatever happens. */
function addUsed(
  builder: ModelBuilder,
  problem: CompiledProblem,
  arrivalsByHost: readonly (readonly Arrivals[])[],
  departuresByHost: readonly (readonly Departures[])[],
): Int32Array {
  const { hostPrice } = problem.objective;
  const used = new Int32Array(problem.hosts.length).fill(alwaysUsed);
  const payers = [problem, ...(problem.ceilings ?? []).map(({ of }) => of)];
  if (!payers.some(({ objective }) => objective.paysForHosts)) return used;
  const hasFixed = new Uint8Array(problem.hosts.length);
  for (const [v, flag] of problem.fixed.entries()) if (flag === 1) hasFixed[at(problem.start, v)] = 1;
  for (const [h, host] of problem.hosts.entries()) {
    const reachable = at(arrivalsByHost, h).length + at(departuresByHost, h).length > 0;
    if (hasFixed[h] === 1) builder.addOffset(at(hostPrice, h));
    else if (problem.mustEmpty[h] === 1 || !reachable) used[h] = neverUsed;
    else
      used[h] = builder.addVariable({
        name: `used ${host}`,
        lower: 0,
        upper: 1,
        kind: 'integer',
        cost: at(hostPrice, h),
      });
  }
  return used;
}
