import { at } from '../../shared/at.ts';
import { groupBy } from '../../shared/collections.ts';
import type { Arrivals, Departures } from './assignment-columns.ts';
import type { AssignmentModel } from './assignment-model.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import type { Placed } from '../placed.ts';

/** A place that a class takes on a host: with the option of its cells, by cell fit, where the model tells. */
interface Place {
  readonly host: number;
  readonly picks: readonly (readonly [number, number])[];
}

/**
 * The assignment that a solution of the model stands for. Of each class and location the cheapest leave; they go to
 * the class's places in the order of servers and hosts, but never back to where they come from.
 */
export function decode(built: AssignmentModel, values: Float64Array): Placed {
  const { problem, departures, arrivals } = built.columns;
  const placed = {
    at: Int32Array.from(problem.start),
    picks: new Int32Array(problem.servers.length * problem.cellFits.length).fill(-1),
  };
  const places: Place[][] = problem.classes.map(() => []);
  for (const arrival of arrivals) places[arrival.classIndex]?.push(...placesOf(arrival, values));
  for (const [c, locations] of departures.entries()) {
    const leavers = locations.map((location) => countLeaving(location, values));
    const left = cancelRoundTrips(locations, leavers, at(places, c));
    const leaving = locations.flatMap(({ members }, i) => members.slice(0, at(leavers, i)));
    settle(
      problem,
      placed,
      leaving.sort((a, b) => a - b),
      left,
    );
  }
  return placed;
}

const whole = (values: Float64Array, column: number): number => Math.round(values[column] ?? 0);

const countLeaving = ({ columns }: Departures, values: Float64Array): number =>
  columns.reduce((sum, column) => sum + whole(values, column), 0);

function placesOf(arrival: Arrivals, values: Float64Array): Place[] {
  const { host, columns, parts } = arrival;
  const count = columns.reduce((sum, column) => sum + whole(values, column), 0);
  const places: [number, number][][] = Array.from({ length: count }, () => []);
  for (const part of parts) {
    if (part.kind === 'flow') continue; // whoever checks the answer finds maps for it
    let next = 0;
    for (const [option, column] of part.columns.entries())
      for (let n = column < 0 ? 0 : whole(values, column); n > 0; n -= 1, next += 1)
        places[next]?.push([part.fit, option]);
  }
  return places.map((picks) => ({ host, picks }));
}

/**
 * Where more of a class leave and arrive than the others have places and leavers, the surplus stays: the model lets
 * that happen only where leaving and arriving is the same as staying.
 */
function cancelRoundTrips(
  locations: readonly Departures[],
  leavers: number[],
  places: readonly Place[],
): Place[] {
  const left: Place[] = [];
  const total = leavers.reduce((sum, n) => sum + n, 0);
  for (const [host, here] of groupBy(places, (place) => place.host)) {
    const homes = locations
      .map((location, i) => ({ location, i }))
      .filter(({ location }) => location.host === host);
    const leaving = homes.reduce((sum, { i }) => sum + at(leavers, i), 0);
    let surplus = Math.max(0, here.length + leaving - total);
    left.push(...here.slice(surplus));
    for (const { i } of homes) {
      const stays = Math.min(surplus, at(leavers, i));
      leavers[i] = at(leavers, i) - stays;
      surplus -= stays;
    }
  }
  return left;
}

function settle(problem: CompiledProblem, placed: Placed, leaving: readonly number[], places: Place[]): void {
  const { start, cellFits } = problem;
  for (const [i, v] of leaving.entries()) {
    if (places[i]?.host !== start[v]) continue;
    // Swap with one that neither comes from here nor goes here; there is one, since arrive + leave <= Σ leave.
    const other = leaving.findIndex((w, j) => start[w] !== start[v] && places[j]?.host !== start[v]);
    if (other < 0) continue;
    [places[i], places[other]] = [at(places, other), at(places, i)];
  }
  for (const [i, v] of leaving.entries()) {
    const { host, picks } = at(places, i);
    placed.at[v] = host;
    if (host !== start[v]) for (const [f, option] of picks) placed.picks[v * cellFits.length + f] = option;
  }
}
