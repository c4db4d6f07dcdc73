import { at } from '../../../src/shared/at.ts';
import { groupBy } from '../../../src/shared/collections.ts';
import { amountsPerHost, type Instance } from './generator.ts';

/**
 * Cells for servers that an answer puts on hosts; those that stay keep theirs. An arrival takes whichever cell lets
 * all arrivals of its host in: biggest first, with backtracking. An arrival without a cell gets cell 0, and the
 * generator's verdict then counts it as broken.
 *
 * @returns host × 2 + cell by server
 */
export function chooseCells(instance: Instance, hosts: Int32Array): Int32Array {
  const { V, loc0, vtype, types } = instance;
  const places = Int32Array.from({ length: V }, (_, v) =>
    at(loc0, v) >> 1 === at(hosts, v) ? at(loc0, v) : at(hosts, v) * 2,
  );
  const byHost = groupBy(places.keys(), (v) => at(places, v) >> 1);
  for (const [h, servers] of byHost) {
    const arrivals = servers.filter((v) => places[v] !== loc0[v] && at(types, at(vtype, v)).k % 2 === 1);
    if (arrivals.length === 0) continue;
    const isArrival = new Set(arrivals);
    const free = Array.from({ length: amountsPerHost }, (_, r) => at(instance.cap, h * amountsPerHost + r));
    for (const v of servers) if (!isArrival.has(v)) take(instance, free, v, at(places, v) & 1, 1);
    const size = (v: number): number => at(types, at(vtype, v)).ram;
    const order = arrivals.toSorted((a, b) => size(b) - size(a));
    const cells = pack(instance, free, order);
    for (const [i, v] of order.entries()) places[v] = h * 2 + (cells?.[i] ?? 0);
  }
  return places;
}

const mostTrials = 100_000;

function pack(instance: Instance, free: number[], order: readonly number[]): readonly number[] | undefined {
  const cells: number[] = [];
  let trials = 0;
  function putNext(): boolean {
    const v = order[cells.length];
    if (v === undefined) return true;
    for (const cell of [0, 1]) {
      trials += 1;
      if (trials > mostTrials) return false;
      take(instance, free, v, cell, 1);
      if (free.every((left) => left >= 0)) {
        cells.push(cell);
        if (putNext()) return true;
        cells.pop();
      }
      take(instance, free, v, cell, -1);
    }
    return false;
  }
  return putNext() ? cells : undefined;
}

function take({ D, vtype }: Instance, free: number[], v: number, cell: number, sign: number): void {
  const first = (at(vtype, v) * 2 + cell) * amountsPerHost;
  for (let r = 0; r < amountsPerHost; r += 1) free[r] = at(free, r) - sign * at(D, first + r);
}
