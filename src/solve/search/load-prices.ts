import { at } from '../../shared/at.ts';
import { type CompiledProblem, loadCost } from '../compiled.ts';

/** What the goal pays for load, kept up to date server by server. */
export class LoadPrices {
  total = 0;
  readonly #problem: CompiledProblem;
  readonly #used: Float64Array;
  readonly #costs: Float64Array;

  constructor(problem: CompiledProblem) {
    const { objective, hosts } = problem;
    this.#problem = problem;
    this.#used = new Float64Array(objective.loads.length * hosts.length);
    this.#costs = new Float64Array(objective.loads.length * hosts.length);
    for (const [r, cost] of objective.loads.entries())
      for (let h = 0; h < hosts.length; h += 1) {
        const price = loadCost(cost, h, 0);
        this.#costs[r * hosts.length + h] = price;
        this.total += price;
      }
  }

  /** What the host's load costs now. */
  ofHost(h: number): number {
    const { objective, hosts } = this.#problem;
    let sum = 0;
    for (let r = 0; r < objective.loads.length; r += 1) sum += this.#costs[r * hosts.length + h] ?? 0;
    return sum;
  }

  /** What the server's load would add on the host. */
  ofArrival(v: number, h: number): number {
    const { objective, hosts } = this.#problem;
    if (objective.loads.length === 0) return 0;
    const load = this.#loadOf(v, h);
    let sum = 0;
    for (let r = 0; r < objective.loads.length; r += 1) {
      const slot = r * hosts.length + h;
      const used = (this.#used[slot] ?? 0) + (load[r] ?? 0);
      sum += loadCost(at(objective.loads, r), h, used) - (this.#costs[slot] ?? 0);
    }
    return sum;
  }

  book(v: number, h: number, sign: number): void {
    const { objective, hosts } = this.#problem;
    if (objective.loads.length === 0) return;
    const load = this.#loadOf(v, h);
    for (let r = 0; r < objective.loads.length; r += 1) {
      const slot = r * hosts.length + h;
      const used = (this.#used[slot] ?? 0) + sign * (load[r] ?? 0);
      const price = loadCost(at(objective.loads, r), h, used);
      this.total += price - (this.#costs[slot] ?? 0);
      this.#used[slot] = used;
      this.#costs[slot] = price;
    }
  }

  #loadOf(v: number, h: number): Float64Array {
    const { start, holdings, holdingOf, classes, classOf, objective } = this.#problem;
    if (h === start[v]) return at(holdings, at(holdingOf, v)).load;
    return at(at(classes, at(classOf, v)).load, at(objective.kindOf, h));
  }
}
