import { at } from '../../../shared/at.ts';
import type { CompiledProblem } from '../../compile/compiled.ts';
import { type Hinges, hingesOf } from './hinges.ts';

/**
 * A compiled problem whose limits are amounts on whole hosts and whose load is paid host by host, as flat arrays:
 * all that one host or one server brings lies together.
 *
 * What a server puts on a host is a *row* of `width` numbers: by how much it raises each hinge, then what it takes of
 * each limit. Equal rows are stored once. Which row counts depends on whether the host is its home, and else on the
 * kind of host (`CompiledObjective.kindOf`).
 */
export interface FlatProblem {
  readonly problem: CompiledProblem;
  readonly hinges: Hinges;
  readonly limitCount: number;
  readonly width: number;
  readonly rows: Float64Array;
  /** Offset of a server's row at home. */
  readonly homeRow: Int32Array;
  /** Offset of a server's row elsewhere: kind of the host × servers + server. */
  readonly awayRow: Int32Array;
  /** Limits by host × limitCount + limit. */
  readonly limit: Float64Array;
  readonly movable: Int32Array;
  /** Hosts that a class may move to, by `ServerClass.allowedIndex`; none that is to be empty. */
  readonly targets: readonly Int32Array[];
  /** -1 for servers that no answer moves. */
  readonly targetsOf: Int32Array;
  /** 1 where servers with these targets may be: by index × hosts + host. */
  readonly mayTarget: Uint8Array;
}

/** The problem in flat arrays; undefined where something in it has no place there. */
export function flatten(problem: CompiledProblem): FlatProblem | undefined {
  if (!isFlat(problem)) return undefined;
  const hinges = hingesOf(problem);
  if (hinges === undefined) return undefined;
  const hostCount = problem.hosts.length;
  const limited = limitedCapacities(problem);
  const rows = rowsOf(problem, hinges, limited);
  const limit = new Float64Array(hostCount * limited.length);
  for (let h = 0; h < hostCount; h += 1)
    for (const [i, p] of limited.entries())
      limit[h * limited.length + i] = problem.limit[p * hostCount + h] ?? Infinity;
  return {
    problem,
    hinges,
    limitCount: limited.length,
    width: hinges.count + limited.length,
    ...rows,
    limit,
    movable: Int32Array.from([...problem.fixed.keys()].filter((v) => problem.fixed[v] === 0)),
    ...targetsOf(problem),
  };
}

/** No NUMA cells, no rules on sets in one place, on batches or on room after a loss, no price of a host or of the cloud as a whole. */
export function isFlat(problem: CompiledProblem): boolean {
  const { togethers, noGoods, hasTwin, spareRoom, classes, objective, hosts, capacityCount, holdings } =
    problem;
  if (togethers.length > 0 || noGoods.length > 0 || hasTwin || spareRoom !== undefined) return false;
  if (objective.paysForHosts || objective.peaks.length + objective.slots.length + objective.sets.length > 0)
    return false;
  const cells = capacityCount * hosts.length;
  if (holdings.some(({ slots }) => slots.some((slot) => slot >= cells))) return false;
  return classes.every(({ guests }) => guests.every((guest) => guest === undefined));
}

/** Capacities that limit anything anywhere. */
function limitedCapacities({ capacityCount, hosts, limit }: CompiledProblem): number[] {
  const limits = (p: number): boolean => hosts.some((_, h) => limit[p * hosts.length + h] !== Infinity);
  return Array.from({ length: capacityCount }, (_, p) => p).filter(limits);
}

function rowsOf(problem: CompiledProblem, hinges: Hinges, limited: readonly number[]) {
  const { servers, classes, classOf, holdings, holdingOf, hosts, fixed } = problem;
  const position = new Map(limited.map((p, i) => [p, hinges.count + i]));
  const table = createTable(hinges.count + limited.length);
  const put = (load: Float64Array, capacities: Int32Array, amounts: Float64Array): number => {
    const row = table.blank();
    hinges.rise(load, row);
    for (const [i, p] of capacities.entries()) {
      const k = position.get(p);
      if (k !== undefined) row[k] = (row[k] ?? 0) + at(amounts, i);
    }
    return table.add(row);
  };
  const ofClass = classes.map(({ load, capacities, amounts }) =>
    load.map((own) => put(own, capacities, amounts)),
  );
  const ofHolding = holdings.map(({ load, slots, amounts }) =>
    put(
      load,
      slots.map((slot) => Math.floor(slot / hosts.length)),
      amounts,
    ),
  );
  return {
    homeRow: Int32Array.from(servers, (_, v) => at(ofHolding, at(holdingOf, v))),
    awayRow: Int32Array.from({ length: 2 * servers.length }, (_, k) => {
      const v = k % servers.length;
      return fixed[v] === 1 ? 0 : (ofClass[at(classOf, v)]?.[k < servers.length ? 0 : 1] ?? 0);
    }),
    rows: table.all(),
  };
}

/** Rows of one width, equal ones stored once; `add` tells where. */
function createTable(width: number) {
  const known = new Map<string, number>();
  const rows: Float64Array[] = [];
  return {
    blank: () => new Float64Array(width),
    add(row: Float64Array): number {
      const key = row.join();
      const found = known.get(key) ?? rows.push(row) - 1;
      known.set(key, found);
      return found * width;
    },
    all(): Float64Array {
      const all = new Float64Array(rows.length * width);
      for (const [i, row] of rows.entries()) all.set(row, i * width);
      return all;
    },
  };
}

function targetsOf({ servers, classes, classOf, hosts, mustEmpty, fixed }: CompiledProblem) {
  const masks = new Map<number, Uint8Array>();
  for (const { allowed, allowedIndex } of classes)
    masks.set(
      allowedIndex,
      allowed.map((flag, h) => (flag === 1 && mustEmpty[h] === 0 ? 1 : 0)),
    );
  const size = 1 + Math.max(-1, ...masks.keys());
  const mayTarget = new Uint8Array(size * hosts.length);
  for (const [index, mask] of masks) mayTarget.set(mask, index * hosts.length);
  return {
    mayTarget,
    targets: Array.from({ length: size }, (_, index) => {
      const mask = masks.get(index);
      return Int32Array.from([...hosts.keys()].filter((h) => mask?.[h] === 1));
    }),
    targetsOf: Int32Array.from(servers, (_, v) =>
      fixed[v] === 1 ? -1 : at(classes, at(classOf, v)).allowedIndex,
    ),
  };
}
