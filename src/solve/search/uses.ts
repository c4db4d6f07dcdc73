import { at } from '../../shared/at.ts';
import type { CompiledProblem } from '../compile/compiled.ts';

/** What is used of the goal's resources: resource r on host h at h × count + r. */
export class Uses {
  readonly used: Float64Array;
  readonly count: number;
  /** Nothing of each. */
  readonly none: Float64Array;
  readonly #problem: CompiledProblem;

  constructor(problem: CompiledProblem) {
    this.#problem = problem;
    this.count = problem.objective.resources.length;
    this.used = new Float64Array(problem.hosts.length * this.count);
    this.none = new Float64Array(this.count);
  }

  /** What a server uses on the host. */
  of(v: number, h: number): Float64Array {
    const { start, holdings, holdingOf, classes, classOf, objective } = this.#problem;
    if (h === start[v]) return at(holdings, holdingOf[v] ?? -1).load;
    const { load } = at(classes, classOf[v] ?? -1);
    return objective.kindOf[h] === 1 ? load[1] : load[0];
  }

  book(v: number, h: number, sign: number): void {
    const load = this.of(v, h);
    const base = h * this.count;
    for (let r = 0; r < this.count; r += 1)
      this.used[base + r] = (this.used[base + r] ?? 0) + sign * (load[r] ?? 0);
  }
}
