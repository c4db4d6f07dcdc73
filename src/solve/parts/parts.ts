import { at } from '../../shared/at.ts';
import type { Rng } from '../../shared/rng.ts';
import type { CompiledProblem } from '../compile/compiled.ts';
import { curveCostsToday } from '../linear/load-rows.ts';

/**
 * The problem with only the servers of some hosts to move, and only among these hosts; everybody else stays. Its
 * objective is that of the whole cloud.
 */
export function partOf(
  problem: CompiledProblem,
  hosts: readonly number[],
  limits: { readonly maxMoves: number; readonly maxGiB: number } = problem,
): CompiledProblem {
  const inside = new Uint8Array(problem.hosts.length);
  for (const h of hosts) inside[h] = 1;
  const moves = (v: number): boolean => inside[at(problem.start, v)] === 1;
  const masks = new Map<number, Uint8Array>();
  const narrowed = (index: number, allowed: Uint8Array): Uint8Array => {
    const mask = masks.get(index) ?? allowed.map((flag, h) => flag & at(inside, h));
    masks.set(index, mask);
    return mask;
  };
  const classOf = new Int32Array(problem.servers.length).fill(-1);
  const classes = problem.classes
    .map((ofClass) => ({ ...ofClass, members: ofClass.members.filter(moves) }))
    .filter(({ members }) => members.length > 0)
    .map((ofClass, index) => {
      for (const v of ofClass.members) classOf[v] = index;
      return { ...ofClass, index, allowed: narrowed(ofClass.allowedIndex, ofClass.allowed) };
    });
  return {
    ...problem,
    maxMoves: limits.maxMoves,
    maxGiB: limits.maxGiB,
    fixed: problem.fixed.map((flag, v) => (moves(v) ? flag : 1)),
    mustEmpty: problem.mustEmpty.map((flag, h) => flag & at(inside, h)),
    classes,
    classOf,
  };
}

/** Sets of hosts between which nobody may move, by the order of their first hosts. */
export function componentsOf({ hosts, classes, start }: CompiledProblem): readonly (readonly number[])[] {
  const parent = Int32Array.from(hosts.keys());
  const find = (h: number): number => {
    let root = h;
    while (at(parent, root) !== root) root = at(parent, root);
    for (let step = h; step !== root;) {
      const next = at(parent, step);
      parent[step] = root;
      step = next;
    }
    return root;
  };
  const join = (a: number, b: number): void => {
    const [low, high] = [find(a), find(b)].sort((x, y) => x - y);
    parent[high ?? 0] = low ?? 0;
  };
  const firstOf = new Map<number, number>();
  for (const { allowed, allowedIndex, members } of classes) {
    if (!firstOf.has(allowedIndex)) {
      const first = allowed.indexOf(1);
      firstOf.set(allowedIndex, first);
      for (const [h, flag] of allowed.entries()) if (flag === 1) join(first, h);
    }
    const first = firstOf.get(allowedIndex) ?? -1;
    if (first >= 0) for (const v of members) join(first, at(start, v));
  }
  const components = new Map<number, number[]>();
  for (const h of hosts.keys()) components.set(find(h), [...(components.get(find(h)) ?? []), h]);
  return [...components.values()];
}

/**
 * Cuts hosts into windows of about equal size with dear and cheap hosts in each: hosts by what their load costs today
 * are dealt out in turn, each turn in a random order.
 */
export function windowsOf(
  problem: CompiledProblem,
  hosts: readonly number[],
  size: number,
  rng: Rng,
): readonly (readonly number[])[] {
  const price = curveCostsToday(problem);
  const count = Math.max(1, Math.round(hosts.length / size));
  const windows: number[][] = Array.from({ length: count }, () => []);
  const dearest = hosts.toSorted((a, b) => at(price, b) - at(price, a));
  for (let first = 0; first < dearest.length; first += count)
    for (const [i, h] of rng.shuffle(dearest.slice(first, first + count)).entries()) windows[i]?.push(h);
  return windows;
}

/** True when what happens in one of the parts cannot break a limit, or change a price, in another. */
export function areSeparable(problem: CompiledProblem, parts: readonly (readonly number[])[]): boolean {
  if (problem.objective.couples || problem.spareRoom !== undefined) return false;
  if (problem.maxMoves < Infinity || problem.maxGiB < Infinity) return false;
  const partIndex = new Int32Array(problem.hosts.length);
  for (const [i, hosts] of parts.entries()) for (const h of hosts) partIndex[h] = i;
  const inOnePart = (members: readonly number[]): boolean =>
    new Set(members.map((v) => partIndex[at(problem.start, v)])).size <= 1;
  return (
    problem.domains.every(
      ({ per, atLeast, members }) => (per === 'host' && atLeast === 0) || inOnePart(members),
    ) && problem.togethers.every(({ members }) => inOnePart(members))
  );
}
