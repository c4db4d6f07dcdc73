import { at } from '../../shared/at.ts';
import { amountTolerance, type CompiledProblem } from '../compile/compiled.ts';
import type { Placed } from '../placed.ts';
import { Amounts } from './amounts.ts';
import { SideConditions } from './side-conditions.ts';
import type { Tracker } from './tracker.ts';
import { createTrackers } from './trackers.ts';
import { Uses } from './uses.ts';

/**
 * Servers on hosts while a search moves them about: what is used, counted and paid is kept up to date by `lift` and
 * `place`. A lifted server is on no host; an answer has none of those and is not short of spread.
 */
export class SearchState {
  readonly problem: CompiledProblem;
  /** Host of each server; -1 while it is lifted. */
  readonly at: Int32Array;
  readonly serversOn: readonly number[][];
  /** 1 for hosts that take nobody. */
  readonly shut: Uint8Array;
  readonly amounts: Amounts;
  readonly side: SideConditions;
  moves = 0;
  gib = 0;
  /** Of moves, routes included. */
  migration = 0;
  /** Of hosts that are used. */
  hostPrice = 0;
  lifted = 0;
  /** How many hosts have been looked at for a server: the measure of effort. */
  looks = 0;
  readonly #position: Int32Array;
  readonly #uses: Uses;
  readonly #trackers: readonly Tracker[];

  constructor(problem: CompiledProblem) {
    const { hosts, servers, start } = problem;
    this.problem = problem;
    this.at = new Int32Array(servers.length).fill(-1);
    this.serversOn = hosts.map(() => []);
    this.shut = Uint8Array.from(problem.mustEmpty);
    this.amounts = new Amounts(problem);
    this.side = new SideConditions(problem);
    this.#uses = new Uses(problem);
    this.#trackers = createTrackers(problem, this.#uses);
    this.#position = new Int32Array(servers.length);
    this.lifted = servers.length;
    for (let v = 0; v < servers.length; v += 1) this.place(v, at(start, v));
  }

  /** The goal's value, without the migration of lifted servers. */
  get objective(): number {
    let sum = this.hostPrice + this.migration;
    for (let i = 0; i < this.#trackers.length; i += 1) sum += this.#trackers[i]?.total ?? 0;
    return sum;
  }

  /** Whether the goal pays for more than moves and used hosts. */
  get paysForMore(): boolean {
    return this.#trackers.length > 0 || this.problem.objective.routes !== undefined;
  }

  /** True when nothing stands between this state and an answer. */
  get complete(): boolean {
    return this.lifted === 0 && this.side.shortOfSpread === 0 && this.side.broken === 0;
  }

  /** Whether a lifted server may go to the host as it is now. */
  canPlace(v: number, h: number): boolean {
    if (this.shut[h] === 1) return false;
    const { start, classes, classOf, maxMoves, maxGiB, gib } = this.problem;
    if (h !== start[v]) {
      if (classes[classOf[v] ?? -1]?.allowed[h] !== 1 || this.moves >= maxMoves) return false;
      if (this.gib + (gib[v] ?? 0) > maxGiB + amountTolerance) return false;
    }
    return this.amounts.fits(v, h) && this.side.allow(v, h, at(this.serversOn, h));
  }

  /** What the goal pays when a lifted server goes to the host: migration, the host if it is empty, load. */
  price(v: number, h: number): number {
    let price = h === this.problem.start[v] ? 0 : this.#moveCost(v, h);
    if (this.serversOn[h]?.length === 0) price += this.problem.objective.hostPrice[h] ?? 0;
    for (let i = 0; i < this.#trackers.length; i += 1) price += this.#trackers[i]?.ofArrival(v, h) ?? 0;
    return price;
  }

  /** How much of what the goal pays lies at this host, as far as one can say; for a guess where to begin. */
  costOf(h: number): number {
    let sum = 0;
    for (let i = 0; i < this.#trackers.length; i += 1) sum += this.#trackers[i]?.ofHost(h) ?? 0;
    return sum;
  }

  /** Takes a server from its host; it must be on one. */
  lift(v: number): void {
    const h = at(this.at, v);
    const on = at(this.serversOn, h);
    const last = on.pop() ?? v;
    const position = at(this.#position, v);
    if (last !== v) {
      on[position] = last;
      this.#position[last] = position;
    }
    if (on.length === 0) this.hostPrice -= this.problem.objective.hostPrice[h] ?? 0;
    this.#book(v, h, -1);
    this.at[v] = -1;
  }

  /** Puts a lifted server on a host, on the cells that the last `canPlace` found for it. */
  place(v: number, h: number): void {
    const { cellFits, start } = this.problem;
    for (let f = 0; f < cellFits.length; f += 1)
      this.amounts.picks[v * cellFits.length + f] = h === start[v] ? -1 : at(this.amounts.found, f);
    this.#join(v, h);
  }

  /** Puts a lifted server back where it was with the options that it had; nothing is tested. */
  restore(v: number, h: number, picks: Int32Array): void {
    this.amounts.picks.set(picks, v * picks.length);
    this.#join(v, h);
  }

  /** The options that the server has now. */
  picksOf(v: number): Int32Array {
    const count = this.problem.cellFits.length;
    return this.amounts.picks.slice(v * count, (v + 1) * count);
  }

  /** As `picksOf`, into an array that is there already. */
  copyPicks(v: number, target: Int32Array): void {
    for (let f = 0; f < target.length; f += 1) target[f] = this.amounts.picks[v * target.length + f] ?? -1;
  }

  /** Where everybody is now. */
  snapshot(): Placed {
    return { at: Int32Array.from(this.at), picks: Int32Array.from(this.amounts.picks) };
  }

  /** Goes back to a snapshot, whatever is lifted now. */
  load(snapshot: Placed): void {
    const count = this.problem.cellFits.length;
    const differing: number[] = [];
    for (let v = 0; v < this.at.length; v += 1) {
      const same = (f: number): boolean =>
        this.amounts.picks[v * count + f] === snapshot.picks[v * count + f];
      let equal = this.at[v] === snapshot.at[v];
      for (let f = 0; equal && f < count; f += 1) equal = same(f);
      if (!equal) differing.push(v);
    }
    for (const v of differing) if (at(this.at, v) >= 0) this.lift(v);
    for (const v of differing)
      if (at(snapshot.at, v) >= 0)
        this.restore(v, at(snapshot.at, v), snapshot.picks.subarray(v * count, (v + 1) * count));
    this.#resum();
  }

  /** Takes away what rounding has left in the sums. */
  #resum(): void {
    this.hostPrice = 0;
    this.migration = 0;
    for (const [h, on] of this.serversOn.entries()) {
      if (on.length > 0) this.hostPrice += this.problem.objective.hostPrice[h] ?? 0;
      for (const v of on) if (h !== this.problem.start[v]) this.migration += this.#moveCost(v, h);
    }
    for (const tracker of this.#trackers) tracker.settle();
  }

  #join(v: number, h: number): void {
    const on = at(this.serversOn, h);
    if (on.length === 0) this.hostPrice += this.problem.objective.hostPrice[h] ?? 0;
    this.#position[v] = on.push(v) - 1;
    this.at[v] = h;
    this.#book(v, h, 1);
  }

  #book(v: number, h: number, sign: 1 | -1): void {
    const { start, gib } = this.problem;
    this.lifted -= sign;
    this.amounts.book(v, h, sign);
    this.side.count(v, h, sign);
    this.#uses.book(v, h, sign);
    for (let i = 0; i < this.#trackers.length; i += 1) this.#trackers[i]?.book(v, h, sign);
    if (h === start[v]) return;
    this.moves += sign;
    this.gib += sign * (gib[v] ?? 0);
    this.migration += sign * this.#moveCost(v, h);
  }

  #moveCost(v: number, h: number): number {
    const { cost, objective, start } = this.problem;
    const { routes } = objective;
    if (routes === undefined) return cost[v] ?? 0;
    return (cost[v] ?? 0) + (routes.rows[routes.rowOf[start[v] ?? -1] ?? -1]?.[h] ?? 0);
  }
}
