import { at } from '../../shared/at.ts';
import type { CompiledProblem, Holding } from '../compile/compiled.ts';
import { noSets, nothingPaid } from '../compile/compiled-objective.ts';
import type { Placed } from '../placed.ts';

/** The problem of a few hosts and of whoever an answer has on them; numbers are positions in these lists. */
export interface Window {
  readonly problem: CompiledProblem;
  readonly hosts: readonly number[];
  readonly servers: readonly number[];
  /** What the answer says of the window. */
  readonly placed: Placed;
}

/**
 * Cuts some hosts out of an answer. Whoever is at home in the window starts there and pays for leaving; whoever came
 * from outside has paid, and moves on for nothing. All that is on the hosts is in the window, so limits stay what
 * they are. Limits on moves and volume become one on volume, which those who have paid do not use. Of the goal, moves
 * alone are paid for in a window.
 */
export function cutWindow(whole: CompiledProblem, placed: Placed, hosts: readonly number[]): Window {
  const position = new Map(hosts.map((h, i) => [h, i]));
  const servers: number[] = [];
  for (let v = 0; v < placed.at.length; v += 1) if (position.has(placed.at[v] ?? -1)) servers.push(v);
  const slots = renumberSlots(whole, hosts);
  const isHome = servers.map((v) => position.has(at(whole.start, v)) && isFree(whole, v));
  const start = Int32Array.from(
    servers,
    (v, i) => position.get(isHome[i] === true ? at(whole.start, v) : at(placed.at, v)) ?? -1,
  );
  const { holdings, holdingOf } = holdingsOf(whole, placed, servers, isHome, start, slots.slotOf);
  const usedToday = new Float64Array(slots.limit.length);
  for (const index of holdingOf)
    for (const [i, slot] of at(holdings, index).slots.entries())
      usedToday[slot] = at(usedToday, slot) + at(at(holdings, index).amounts, i);
  const { classes, classOf } = classesOf(whole, servers, hosts);
  const { domains, domainsOf } = domainsIn(whole, servers, hosts);
  const stays = placed.at;
  const fixed = Uint8Array.from(servers, (v) => (isFree(whole, v) ? 0 : 1));
  const prices = Float64Array.from(servers, (v, i) => (isHome[i] === true ? at(whole.cost, v) : 0));
  const left = movesLeft(whole, stays, servers, position);
  const count = whole.cellFits.length;
  const picks = new Int32Array(servers.length * count).fill(-1);
  const now = Int32Array.from(servers, (v) => position.get(at(stays, v)) ?? -1);
  for (const [i, v] of servers.entries())
    if (now[i] !== start[i]) picks.set(placed.picks.subarray(v * count, (v + 1) * count), i * count);
  return {
    hosts,
    servers,
    placed: { at: now, picks },
    problem: {
      ...whole,
      hosts: hosts.map((h) => at(whole.hosts, h)),
      arrivable: hosts.length,
      servers: servers.map((v) => at(whole.servers, v)),
      start,
      fixed,
      mustEmpty: new Uint8Array(hosts.length),
      cost: prices,
      gib: Float64Array.from(isHome, (home) => (home ? 1 : 0)),
      maxMoves: Infinity,
      maxGiB: left,
      limit: slots.limit,
      usedToday,
      cellFits: slots.cellFits,
      holdingOf,
      holdings,
      classOf: classOf.map((c, i) => (fixed[i] === 1 ? -1 : c)),
      classes: classes.map((ofClass) => ({
        ...ofClass,
        members: ofClass.members.filter((i) => fixed[i] === 0),
        togethers: [],
      })),
      domains,
      domainsOf,
      togethers: [],
      togethersOf: servers.map(() => []),
      covered: new Uint8Array(servers.length),
      noGoods: [],
      objective: {
        ...nothingPaid,
        hostPrice: new Float64Array(hosts.length),
        resources: [],
        kindOf: Uint8Array.from(hosts, (h) => at(whole.objective.kindOf, h)),
        membership: servers.map(() => noSets),
      },
    },
  };
}

/** What a window's answer says of the whole. */
export function pasteWindow(whole: CompiledProblem, into: Placed, window: Window, found: Placed): Placed {
  const next = { at: Int32Array.from(into.at), picks: Int32Array.from(into.picks) };
  const count = whole.cellFits.length;
  for (const [i, v] of window.servers.entries()) {
    const host = at(found.at, i);
    const h = at(window.hosts, host);
    next.at[v] = h;
    if (h === whole.start[v]) next.picks.fill(-1, v * count, (v + 1) * count);
    else if (host !== window.problem.start[i])
      next.picks.set(found.picks.subarray(i * count, (i + 1) * count), v * count);
  }
  return next;
}

/** Whether a window may move a server: all that limits it can be seen in the window. */
function isFree({ fixed, domains, domainsOf, togethersOf, noGoods }: CompiledProblem, v: number): boolean {
  return (
    fixed[v] === 0 &&
    at(togethersOf, v).length === 0 &&
    at(domainsOf, v).every((d) => at(domains, d).per === 'host' && at(domains, d).atLeast === 0) &&
    noGoods.every(({ servers }) => !servers.includes(v))
  );
}

/** How many more servers may leave home than those of the window that are away from a home in it. */
function movesLeft(
  { maxMoves, start }: CompiledProblem,
  now: Int32Array,
  servers: readonly number[],
  inside: ReadonlyMap<number, number>,
): number {
  if (maxMoves === Infinity) return Infinity;
  let moved = 0;
  for (const [v, h] of now.entries()) if (h !== start[v]) moved += 1;
  const own = servers.filter((v) => now[v] !== start[v] && inside.has(at(start, v))).length;
  return maxMoves - moved + own;
}

function renumberSlots(whole: CompiledProblem, hosts: readonly number[]) {
  const from: number[] = [];
  for (let p = 0; p < whole.capacityCount; p += 1)
    for (const h of hosts) from.push(p * whole.hosts.length + h);
  const cellFits = whole.cellFits.map(({ base, cellCount, cellIds, quantities }) => ({
    base: Int32Array.from(hosts, (h) => {
      const first = at(base, h);
      if (first < 0) return -1;
      const own = from.length;
      for (let i = 0; i < at(cellCount, h) * quantities; i += 1) from.push(first + i);
      return own;
    }),
    cellCount: Int32Array.from(hosts, (h) => at(cellCount, h)),
    cellIds: hosts.map((h) => at(cellIds, h)),
    quantities,
  }));
  const slotOf = new Map(from.map((slot, own) => [slot, own]));
  return { limit: Float64Array.from(from, (slot) => at(whole.limit, slot)), cellFits, slotOf };
}

/** What servers hold at home, or where the answer has put them. */
function holdingsOf(
  whole: CompiledProblem,
  placed: Placed,
  servers: readonly number[],
  isHome: readonly boolean[],
  start: Int32Array,
  slotOf: ReadonlyMap<number, number>,
) {
  const holdings: Holding[] = [];
  const known = new Map<string, number>();
  const count = whole.cellFits.length;
  const holdingOf = Int32Array.from(servers, (v, i) => {
    const atHome = isHome[i] === true || placed.at[v] === whole.start[v];
    const key = atHome
      ? `home ${at(whole.holdingOf, v)}`
      : `${at(whole.classOf, v)} ${at(placed.at, v)} ${placed.picks.subarray(v * count, (v + 1) * count).join()}`;
    const index = known.get(key);
    if (index !== undefined) return index;
    const held = atHome ? at(whole.holdings, at(whole.holdingOf, v)) : demandOn(whole, placed, v);
    known.set(key, holdings.length);
    return (
      holdings.push({
        host: at(start, i),
        slots: held.slots.map((slot) => slotOf.get(slot) ?? -1),
        amounts: held.amounts,
        load: held.load,
      }) - 1
    );
  });
  return { holdings, holdingOf };
}

function demandOn(whole: CompiledProblem, placed: Placed, v: number): Holding {
  const { classes, classOf, hosts, cellFits, limit, objective } = whole;
  const host = at(placed.at, v);
  const { capacities, amounts, guests, load } = at(classes, at(classOf, v));
  const slots: number[] = [];
  const taken: number[] = [];
  const take = (slot: number, amount: number): void => {
    if (limit[slot] === Infinity) return;
    slots.push(slot);
    taken.push(amount);
  };
  for (const [i, p] of capacities.entries()) take(p * hosts.length + host, at(amounts, i));
  for (const [f, shape] of guests.entries()) {
    const pick = at(placed.picks, v * cellFits.length + f);
    const { base, cellCount } = at(cellFits, f);
    const option = pick < 0 ? undefined : shape?.options(at(cellCount, host)).list[pick];
    for (const [i, offset] of option?.offsets.entries() ?? [])
      take(at(base, host) + offset, at(option?.amounts ?? [], i));
  }
  return {
    host,
    slots: Int32Array.from(slots),
    amounts: Float64Array.from(taken),
    load: at(load, at(objective.kindOf, host)),
  };
}

function classesOf(whole: CompiledProblem, servers: readonly number[], hosts: readonly number[]) {
  const members = new Map<number, number[]>();
  for (const [i, v] of servers.entries()) {
    const c = at(whole.classOf, v);
    if (c < 0) continue;
    const list = members.get(c);
    if (list === undefined) members.set(c, [i]);
    else list.push(i);
  }
  const classOf = new Int32Array(servers.length).fill(-1);
  const classes = [...members].map(([c, list], index) => {
    const ofClass = at(whole.classes, c);
    for (const i of list) classOf[i] = index;
    const allowed = Uint8Array.from(hosts, (h) => at(ofClass.allowed, h));
    return { ...ofClass, index, members: list, allowed, membership: noSets };
  });
  const { numberOf } = domainNumbers(whole, servers);
  return {
    classOf,
    classes: classes.map((ofClass) => ({
      ...ofClass,
      domains: at(whole.domainsOf, at(servers, at(ofClass.members, 0))).flatMap((d) => numberOf.get(d) ?? []),
    })),
  };
}

/** Domain constraints that the window could break: on hosts, with two members in it. */
function domainNumbers({ domains, domainsOf }: CompiledProblem, servers: readonly number[]) {
  const members = new Map<number, number[]>();
  for (const [i, v] of servers.entries())
    for (const d of at(domainsOf, v)) {
      const list = members.get(d);
      if (list === undefined) members.set(d, [i]);
      else list.push(i);
    }
  const kept = [...members].filter(([d, list]) => at(domains, d).per === 'host' && list.length > 1);
  return { kept, numberOf: new Map(kept.map(([d], number) => [d, number])) };
}

function domainsIn(whole: CompiledProblem, servers: readonly number[], hosts: readonly number[]) {
  const { kept, numberOf } = domainNumbers(whole, servers);
  return {
    domains: kept.map(([d, members]) => {
      const { domainOf, atMost } = at(whole.domains, d);
      return {
        members,
        per: 'host' as const,
        domainOf: Int32Array.from(hosts.keys()),
        count: hosts.length,
        atMost: Float64Array.from(hosts, (h) => at(atMost, at(domainOf, h))),
        atLeast: 0,
      };
    }),
    domainsOf: servers.map((v) => at(whole.domainsOf, v).flatMap((d) => numberOf.get(d) ?? [])),
  };
}
