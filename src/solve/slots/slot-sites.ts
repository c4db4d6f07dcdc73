import { at } from '../../shared/at.ts';
import { groupBy } from '../../shared/collections.ts';
import type { CompiledProblem } from '../compile/compiled.ts';

/** Hosts that differ in nothing that free slots and room depend on. */
export interface Site {
  readonly hosts: readonly number[];
  /** What is free of each capacity today. */
  readonly free: Float64Array;
  /** What is used of each of the goal's resources today. */
  readonly used: Float64Array;
  /** Who may leave, equal ones together. */
  readonly residents: readonly Residents[];
  /** Who may leave too, but is tied to others or to NUMA cells: left out of patterns, not of bounds. */
  readonly tied: readonly Residents[];
  /** Classes that may come. */
  readonly arriving: readonly number[];
}

/** Servers of a site's hosts that are equal in all that matters. */
export interface Residents {
  readonly classIndex: number;
  readonly cost: number;
  readonly gib: number;
  readonly amounts: Float64Array;
  readonly load: Float64Array;
  /** By host of the site, in its order; lists are of one length. */
  readonly members: readonly (readonly number[])[];
}

/**
 * Whether free slots and moves are all that the goal pays for, in which case an answer is worth what its hosts are
 * worth, one by one, and nobody must move.
 */
export function paysForSlotsAlone({ objective, hasTwin, mustEmpty }: CompiledProblem): boolean {
  const { slots, paysForHosts, curves, peaks, sets, nearness, moved, routes } = objective;
  const others = [curves, peaks, sets, nearness, moved].some((terms) => terms.length > 0);
  const isPlain = !hasTwin && !mustEmpty.includes(1);
  return slots.length > 0 && !paysForHosts && !others && routes === undefined && isPlain;
}

/** All hosts, equal ones as one site. Servers that more than room and slots depend on stay where they are. */
export function sitesOf(problem: CompiledProblem): readonly Site[] {
  const byHost: number[][] = problem.hosts.map(() => []);
  const tied = tiedServers(problem);
  const tiedTo: number[][] = problem.hosts.map(() => []);
  for (const [v, h] of problem.start.entries()) {
    if (tied[v] === 0) byHost[h]?.push(v);
    else if (problem.fixed[v] === 0) tiedTo[h]?.push(v);
  }
  const usable = problem.classes.filter(({ members }) => tied[at(members, 0)] === 0);
  const used = usedToday(problem);
  const states = problem.hosts.map((_, h) =>
    stateOf(problem, h, { used: at(used, h), own: at(byHost, h), tied: at(tiedTo, h) }, usable),
  );
  return [...groupBy(states, ({ key }) => key).values()].map((equal) => {
    const first = at(equal, 0);
    return {
      hosts: equal.map(({ host }) => host),
      free: first.free,
      used: first.used,
      arriving: first.arriving,
      residents: first.kinds.map((kind, k) => ({
        ...kind,
        members: equal.map(({ kinds }) => at(kinds, k).members),
      })),
      tied: first.tied.map((kind, k) => ({
        ...kind,
        members: equal.map(({ tied: all }) => at(all, k).members),
      })),
    };
  });
}

/** 1 for servers that are fixed, pinned to NUMA cells, or named by a limit on anything but room. */
function tiedServers({ fixed, classOf, classes, domainsOf, togethersOf, noGoods }: CompiledProblem) {
  const named = new Set(noGoods.flatMap(({ servers }) => servers));
  return fixed.map((flag, v) => {
    const free =
      flag === 0 &&
      at(classes, at(classOf, v)).guests.every((shape) => shape === undefined) &&
      at(domainsOf, v).length === 0 &&
      at(togethersOf, v).length === 0 &&
      !named.has(v);
    return free ? 0 : 1;
  });
}

function stateOf(
  problem: CompiledProblem,
  host: number,
  {
    used,
    own,
    tied: others,
  }: { readonly used: Float64Array; readonly own: readonly number[]; readonly tied: readonly number[] },
  usable: CompiledProblem['classes'],
) {
  const { hosts, limit, usedToday: taken, capacityCount, objective, mustEmpty, arrivable } = problem;
  const free = new Float64Array(capacityCount);
  for (let p = 0; p < capacityCount; p += 1) {
    const slot = p * hosts.length + host;
    free[p] = at(limit, slot) - at(taken, slot);
  }
  const opens = host < arrivable && mustEmpty[host] === 0;
  const arriving = usable.filter(({ allowed }) => opens && allowed[host] === 1).map(({ index }) => index);
  const kinds = kindsOf(problem, host, own);
  const tied = kindsOf(problem, host, others);
  const slots = objective.slots.map(({ counts, parts }) => [
    at(counts, host),
    ...parts.map(({ room }) => at(room, host)),
  ]);
  const key = [
    free.join(),
    used.join(),
    arriving.join(),
    slots.join(';'),
    at(objective.kindOf, host),
    ...kinds.map(({ key: kind, members }) => `${kind}*${members.length}`),
    ...tied.map(({ key: kind, members }) => `tied ${kind}*${members.length}`),
  ].join('|');
  return { host, free, used, arriving, kinds, tied, key };
}

/** What is used of each of the goal's resources today, by host. */
function usedToday({ start, holdings, holdingOf, objective, hosts }: CompiledProblem): Float64Array[] {
  const used = hosts.map(() => new Float64Array(objective.resources.length));
  for (const [v, h] of start.entries()) {
    const own = at(used, h);
    const { load } = at(holdings, at(holdingOf, v));
    for (let r = 0; r < own.length; r += 1) own[r] = at(own, r) + at(load, r);
  }
  return used;
}

function kindsOf(
  { hosts, capacityCount, holdings, holdingOf, classOf, cost, gib }: CompiledProblem,
  host: number,
  servers: readonly number[],
) {
  const all = servers.map((v) => {
    const held = at(holdings, at(holdingOf, v));
    const amounts = new Float64Array(capacityCount);
    for (const [i, slot] of held.slots.entries())
      if (slot < capacityCount * hosts.length && slot % hosts.length === host)
        amounts[Math.floor(slot / hosts.length)] = at(held.amounts, i);
    const facts = {
      classIndex: at(classOf, v),
      cost: at(cost, v),
      gib: at(gib, v),
      amounts,
      load: held.load,
    };
    return {
      v,
      facts,
      key: [facts.classIndex, facts.cost, facts.gib, amounts.join(), held.load.join()].join(),
    };
  });
  return [...groupBy(all, ({ key }) => key)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, equal]) => ({ key, ...at(equal, 0).facts, members: equal.map(({ v }) => v) }));
}
