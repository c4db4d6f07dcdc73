import { at } from '../../../shared/at.ts';
import type { Rng } from '../../../shared/rng.ts';
import type { FlatProblem } from './flat-problem.ts';
import { FlatState } from './flat-state.ts';

/** Kinds of turns and their shares. */
const turns = { move: 0.25, swap: 0.3, goHome: 0.02, sendHome: 0.35 };
/** Heat at the start of a cycle and at its end, in shares of what an average move costs that costs something. */
const hottest = 10;
const coldest = 1e-3;
/** The first cycle only looks for what is good at once. */
const hottestAtFirst = 0.1;
/**
 * Pull of its home on a visitor that takes more where it is than it has left behind, in shares of the heat: many such
 * visitors are more ways to be, and without a pull they would use up the room that better ones need.
 */
const pullOfHome = 3;
/** Turns between changes of the heat. */
const turnsPerHeat = 500;
/** Moves whose costs are looked at to know how hot is hot, and how many are tried for that. */
const samples = 2_000;
const sampleTries = 20_000;
/** Entries of the table of −ln(chance); a power of two. */
const drawCount = 65_536;
const twoTo32 = 2 ** 32;
/** A total must be lower by more than rounding. */
const leastSaving = 1e-7;

/**
 * Simulated annealing over flat arrays. A turn moves one server to any host or home, lets two change places, or lets
 * one take the place of another, which goes home or to any host: where what is left behind stays taken, only a visitor
 * that goes home makes room. A result that is worse by d stays with the chance exp(−d / heat). Cycles from hot to cold
 * last 1, 2, 4, … rounds, so that a longer run cools more slowly.
 */
export class Annealer {
  /** The total of the best that was found (`FlatState.total`). */
  bestTotal = Infinity;
  /** Host by server of that. */
  readonly best: Int32Array;
  /** Turns so far. */
  turns = 0;
  readonly #flat: FlatProblem;
  readonly #state: FlatState;
  readonly #draws: Float64Array;
  /** Servers that may be elsewhere than in `best`. */
  readonly #changed: Int32Array;
  readonly #isChanged: Uint8Array;
  /** By server, see `pullOfHome`. */
  readonly #pulls: Float64Array;
  #changedCount = 0;
  #heat = 0;
  #unit: number | undefined;
  #cycle = 1;
  #inCycle = 0;

  constructor(flat: FlatProblem) {
    this.#flat = flat;
    this.#state = new FlatState(flat);
    this.best = Int32Array.from(flat.problem.start);
    this.#draws = Float64Array.from({ length: drawCount }, (_, i) => -Math.log((i + 0.5) / drawCount));
    this.#changed = new Int32Array(this.best.length);
    this.#isChanged = new Uint8Array(this.best.length);
    this.#pulls = Float64Array.from(this.best, (_, v) => (leavesLess(flat, v) ? pullOfHome : 0));
  }

  /** Goes on from an answer from elsewhere. @returns its total */
  adopt(hosts: Int32Array): number {
    this.#state.load(hosts);
    this.#changedCount = 0;
    this.#isChanged.fill(0);
    this.best.set(hosts);
    this.bestTotal = this.#state.total;
    return this.bestTotal;
  }

  /** One round of a cycle, of so many turns; tells whether it found something better. */
  anneal(rng: Rng, count: number): boolean {
    if (this.#flat.movable.length === 0) return false;
    const unit = (this.#unit ??= this.#measure(rng));
    const before = this.bestTotal;
    this.#state.load(this.#state.at); // takes away what rounding has left in the sums
    const hot = this.#cycle === 1 ? hottestAtFirst : hottest;
    for (let n = 0; n < count; n += turnsPerHeat) {
      const done = (this.#inCycle + n / count) / this.#cycle;
      this.#run(rng, Math.min(turnsPerHeat, count - n), unit * hot * (coldest / hot) ** done);
    }
    this.turns += count;
    this.#inCycle += 1;
    if (this.#inCycle === this.#cycle) {
      this.#inCycle = 0;
      this.#cycle *= 2;
    }
    return this.bestTotal < before;
  }

  #run(rng: Rng, count: number, heat: number): void {
    const state = this.#state;
    this.#heat = heat;
    for (let n = 0; n < count; n += 1) {
      const draw = rng.nextUint32();
      const limit = heat * (this.#draws[draw % drawCount] ?? 0);
      const kind = (draw >>> 16) / drawCount;
      if (this.#turn(rng, kind, limit) && state.total < this.bestTotal - leastSaving) this.#keep();
    }
  }

  #turn(rng: Rng, kind: number, limit: number): boolean {
    let share = turns.move;
    if (kind < share) return this.#move(this.#drawServer(rng), -1, rng, limit);
    if (kind < (share += turns.swap))
      return this.#change(this.#drawServer(rng), this.#drawServer(rng), -1, limit);
    if (kind < (share += turns.goHome + turns.sendHome)) {
      const w = this.#drawVisitor(rng);
      if (w < 0) return false;
      const home = this.#flat.problem.start[w] ?? -1;
      return kind < share - turns.sendHome
        ? this.#move(w, home, rng, limit)
        : this.#change(this.#drawServer(rng), w, home, limit);
    }
    const w = this.#drawServer(rng);
    return this.#change(this.#drawServer(rng), w, this.#drawHost(w, rng), limit);
  }

  #move(v: number, wanted: number, rng: Rng, limit: number): boolean {
    const to = wanted >= 0 ? wanted : this.#drawHost(v, rng);
    if (!this.#state.tryMove(v, to, limit - this.#pull(v, to))) return false;
    this.#note(v);
    return true;
  }

  /** One takes the place of another, which goes to a third host, or to that of the first where that is -1. */
  #change(v: number, w: number, third: number, limit: number): boolean {
    const state = this.#state;
    const from = state.at[v] ?? 0;
    const swaps = third < 0 || third === from;
    const most = limit - this.#pull(v, state.at[w] ?? 0) - this.#pull(w, swaps ? from : third);
    if (!(swaps ? state.trySwap(v, w, most) : state.tryChain(v, w, third, most))) return false;
    this.#note(v);
    this.#note(w);
    return true;
  }

  /** What is added to the price of a move that takes a server from home, and taken off one that brings it back. */
  #pull(v: number, to: number): number {
    const home = this.#flat.problem.start[v];
    const leaves = Number(to !== home) - Number(this.#state.at[v] !== home);
    return leaves * (this.#pulls[v] ?? 0) * this.#heat;
  }

  #note(v: number): void {
    if (this.#isChanged[v] === 1) return;
    this.#isChanged[v] = 1;
    this.#changed[this.#changedCount] = v;
    this.#changedCount += 1;
  }

  #keep(): void {
    for (let i = 0; i < this.#changedCount; i += 1) {
      const v = this.#changed[i] ?? 0;
      this.best[v] = this.#state.at[v] ?? 0;
      this.#isChanged[v] = 0;
    }
    this.#changedCount = 0;
    this.bestTotal = this.#state.total;
  }

  /** The median of what random moves cost at hosts that cost something there. */
  #measure(rng: Rng): number {
    const state = this.#state;
    const costs: number[] = [];
    for (let n = 0; n < sampleTries && costs.length < samples; n += 1) {
      const v = this.#drawServer(rng);
      const from = at(state.at, v);
      const before = state.hostTotal;
      if (!state.tryMove(v, this.#drawHost(v, rng), Infinity)) continue;
      const cost = state.hostTotal - before;
      state.put(v, from);
      if (cost > 0) costs.push(cost);
    }
    costs.sort((a, b) => a - b);
    return costs[costs.length >> 1] ?? 1;
  }

  #drawServer(rng: Rng): number {
    const { movable } = this.#flat;
    return movable[Math.floor((rng.nextUint32() * movable.length) / twoTo32)] ?? 0;
  }

  #drawVisitor(rng: Rng): number {
    const { visitors, moves } = this.#state;
    const v = visitors[Math.floor((rng.nextUint32() * moves) / twoTo32)] ?? -1;
    return moves === 0 || this.#flat.problem.fixed[v] === 1 ? -1 : v;
  }

  #drawHost(v: number, rng: Rng): number {
    const hosts = this.#flat.targets[this.#flat.targetsOf[v] ?? -1];
    if (hosts === undefined || hosts.length === 0) return this.#state.at[v] ?? 0;
    return hosts[Math.floor((rng.nextUint32() * hosts.length) / twoTo32)] ?? 0;
  }
}

/** Whether a server takes more of some limit when it comes to a host than it frees when it leaves its home. */
function leavesLess({ rows, homeRow, awayRow, hinges, width }: FlatProblem, v: number): boolean {
  for (let k = hinges.count; k < width; k += 1)
    if ((rows[(awayRow[v] ?? 0) + k] ?? 0) > (rows[(homeRow[v] ?? 0) + k] ?? 0)) return true;
  return false;
}
