import type { Assignment } from '../model/cloud.ts';
import type { ServerId } from '../model/ids.ts';
import { at } from '../shared/at.ts';
import type { CompiledProblem } from './compile/compiled.ts';

/** An assignment in numbers, with a witness of its cells. */
export interface Placed {
  /** Host by server. */
  readonly at: Int32Array;
  /** Option (`GuestShape.options`) by server × cell fits + cell fit; -1 at home, and where none is known. */
  readonly picks: Int32Array;
}

/** An assignment with, for servers that move, the NUMA cells that their guest cells could get. */
export interface Answer {
  readonly assignment: Assignment;
  /** NUMA cell ids by guest cell, by cell fit in the order of the primitives; undefined where none is known. */
  readonly cells: ReadonlyMap<ServerId, readonly (readonly number[] | undefined)[]>;
}

/** An answer in the ids of the cloud. When nothing moves, its assignment is `start` itself. */
export function toAnswer(problem: CompiledProblem, placed: Placed): Answer {
  const { servers, hosts, start, classes, classOf, cellFits } = problem;
  const moved = servers.map((_, v) => v).filter((v) => placed.at[v] !== start[v]);
  if (moved.length === 0) return { assignment: problem.today, cells: new Map() };
  const cells = new Map<ServerId, readonly (readonly number[] | undefined)[]>();
  for (const v of moved) {
    const host = at(placed.at, v);
    const witness = cellFits.map((fit, f) => {
      const pick = at(placed.picks, v * cellFits.length + f);
      const shape = at(classes, at(classOf, v)).guests[f];
      if (pick < 0 || shape === undefined) return undefined;
      return shape
        .options(at(fit.cellCount, host))
        .list[pick]?.cells.map((i) => at(at(fit.cellIds, host), i));
    });
    if (witness.some((ids) => ids !== undefined)) cells.set(at(servers, v), witness);
  }
  return { assignment: new Map(servers.map((server, v) => [server, at(hosts, at(placed.at, v))])), cells };
}
