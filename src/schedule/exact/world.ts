import type { Arrival } from '../../constraints/arrival.ts';
import { asksForEmpty } from '../../constraints/empty-destination.ts';
import type { HostId } from '../../model/ids.ts';
import type { Server } from '../../model/server.ts';
import type { State, Undo } from '../../replay/state.ts';
import { at } from '../../shared/at.ts';
import type { Ask, Trip } from '../ways.ts';
import type { SerialSets } from '../serial-sets.ts';

/** A resting state: what is on each host, and where the servers that may move are. Numbers are indices. */
export interface Resting {
  /** By host: the number of what it holds. Equal numbers mean that rules and Nova see the same there. */
  readonly contents: readonly number[];
  /** By server: its host. */
  readonly hosts: readonly number[];
  /** How it came about; undefined at the start. */
  readonly last: { readonly before: Resting; readonly leg: Trip } | undefined;
}

/** The states that migrations, each ended before the next, lead to. */
export interface World {
  readonly start: Resting;
  /** Where a server comes to from a state; undefined when rules refuse, or when no more may be asked. */
  next(state: Resting, server: number, to: number): Resting | undefined;
  /** Brings the state back to how it was found. */
  close(): void;
}

/**
 * Asks the rules about each different case once.
 *
 * What rules say of an arrival depends on the server, where it comes from, what its destination holds, and, for a member of
 * serial sets, on where the others of these are: the same that the timetable relies on (`serial-sets.ts`). What a host
 * holds is compared by servers, NUMA cells, free threads, pages and pools of devices. How somebody came counts only
 * where the profile asks for empty hosts.
 */
export function createWorld(
  state: State,
  servers: readonly Server[],
  hosts: readonly HostId[],
  ask: Ask,
  setsOf: SerialSets,
): World {
  const path: { readonly node: Resting; readonly undos: readonly Undo[] }[] = [];
  const numbers = new Map<string, number>();
  const arrived = new Map<string, { readonly arrival: Arrival; readonly content: number } | undefined>();
  const left = new Map<string, number>();
  const withVia = asksForEmpty(state.context.profile.switches, ['required']);
  const words = new WeakMap<object, string>();
  const companies = companiesOf(servers, setsOf);

  function wordsOf(guest: object | undefined): string {
    if (guest === undefined) return '';
    let known = words.get(guest);
    if (known === undefined) words.set(guest, (known = JSON.stringify(guest)));
    return known;
  }

  function contentOf(host: HostId): number {
    const key = state
      .claimsOn(host)
      .map(
        (claim) =>
          `${claim.server} ${wordsOf(claim.guest)} ${wordsOf(claim.amounts)}${withVia ? (claim.via ?? '') : ''}`,
      )
      .sort()
      .join('\n');
    const named = `${host}\n${key}`;
    const known = numbers.get(named) ?? numbers.size;
    numbers.set(named, known);
    return known;
  }

  function goTo(node: Resting): void {
    const wanted: Resting[] = [];
    for (let one = node; one.last !== undefined; one = one.last.before) wanted.push(one);
    wanted.reverse();
    let same = 0;
    while (same < wanted.length && path[same]?.node === wanted[same]) same += 1;
    leave(same);
    for (const one of wanted.slice(same)) {
      const known = one.last === undefined ? undefined : arrivals.get(one);
      if (known !== undefined) path.push({ node: one, undos: migrate(known) });
    }
  }

  function leave(depth: number): void {
    for (const { undos } of path.splice(depth).reverse()) takeBack(undos);
  }

  const takeBack = (undos: readonly Undo[]): void => {
    for (const undo of undos.toReversed()) undo();
  };

  function migrate(arrival: Arrival): readonly Undo[] {
    const server = arrival.server.id;
    return [
      state.apply({ kind: 'request', arrival }),
      state.apply({ kind: 'complete', server }),
      ...(arrival.method === 'cold' ? [state.apply({ kind: 'confirm', server })] : []),
    ];
  }

  function arrive(
    node: Resting,
    leg: Trip,
  ): { readonly arrival: Arrival; readonly content: number } | undefined {
    goTo(node);
    const arrival = ask(leg);
    if (arrival === undefined) return undefined;
    const undos = migrate(arrival);
    const content = contentOf(leg.to);
    takeBack(undos);
    return { arrival, content };
  }

  function leaves(node: Resting, arrival: Arrival): number {
    goTo(node);
    const undos = migrate(arrival);
    const content = contentOf(arrival.from);
    takeBack(undos);
    return content;
  }

  const arrivals = new WeakMap<Resting, Arrival>();
  return {
    start: {
      contents: hosts.map(contentOf),
      hosts: servers.map(({ id }) => hosts.findIndex((host) => host === state.residentOn(id))),
      last: undefined,
    },
    next(node, s, to) {
      const from = at(node.hosts, s);
      const leg = { server: at(servers, s), from: at(hosts, from), to: at(hosts, to) };
      const company = at(companies, s)
        .map((other) => at(node.hosts, other))
        .join();
      const key = `${s} ${from} ${at(node.contents, to)} ${company}`;
      if (!arrived.has(key)) arrived.set(key, arrive(node, leg));
      const come = arrived.get(key);
      if (come === undefined) return undefined;
      const leaving = `${s} ${at(node.contents, from)}`;
      let rest = left.get(leaving);
      if (rest === undefined) left.set(leaving, (rest = leaves(node, come.arrival)));
      const contents = node.contents.with(to, come.content).with(from, rest);
      const after: Resting = { contents, hosts: node.hosts.with(s, to), last: { before: node, leg } };
      arrivals.set(after, come.arrival);
      return after;
    },
    close: () => {
      leave(0);
    },
  };
}

/** For each server the others that are in one of its serial sets. */
function companiesOf(servers: readonly Server[], setsOf: SerialSets): readonly (readonly number[])[] {
  const members = new Map<string, number[]>();
  for (const [index, { id }] of servers.entries())
    for (const set of setsOf(id)) members.set(set, [...(members.get(set) ?? []), index]);
  return servers.map(({ id }, index) =>
    [...new Set(setsOf(id).flatMap((set) => members.get(set) ?? []))].filter((other) => other !== index),
  );
}
