import type { HostId, ServerId } from '../../model/ids.ts';
import { groupBy } from '../../shared/collections.ts';
import type { Ask } from './asks.ts';
import { flowInto } from './flow.ts';
import { countOf } from './words.ts';

/** Why no assignment gives all that is asked. */
export interface Conflict {
  readonly servers: readonly ServerId[];
  readonly text: string;
}

/** More ways to choose a group than this are not tried: then nothing is said. */
const maxChoices = 2000;

/**
 * Why some asks cannot be met together by any assignment to these hosts; undefined when they can, or when it is not
 * clear. Each limit is looked at for itself, so what is found is sure, and not everything is found.
 */
export function conflictOf(asks: readonly Ask[], hosts: readonly HostId[]): Conflict | undefined {
  const choosing = asks.filter((ask) => ask.kind === 'one-of');
  const rest = asks.filter((ask) => ask.kind !== 'one-of');
  if (choosing.reduce((product, { groups }) => product * groups.length, 1) > maxChoices) return undefined;
  let first: Conflict | undefined;
  let ways = 0;
  for (const choice of choicesOf(choosing.map(({ groups }) => groups))) {
    const within = choosing.map((ask, i): Ask => ({
      of: ask.of,
      servers: ask.servers,
      kind: 'within',
      hosts: choice[i] ?? new Set(),
    }));
    const found = conflictOfChoice([...rest, ...within], hosts);
    if (found === undefined) return undefined;
    first ??= found;
    ways += 1;
  }
  if (first === undefined || ways === 1) return first;
  return { servers: first.servers, text: `in none of ${ways} choices of hosts: ${first.text}` };
}

function* choicesOf<Item>(lists: readonly (readonly Item[])[]): Generator<readonly Item[]> {
  const [list, ...others] = lists;
  if (list === undefined) yield [];
  else for (const item of list) for (const rest of choicesOf(others)) yield [item, ...rest];
}

/** Servers of which the asks say the same, and the hosts that are left for them. */
interface Kin {
  readonly servers: readonly ServerId[];
  readonly hosts: ReadonlySet<HostId>;
}

function conflictOfChoice(asks: readonly Ask[], hosts: readonly HostId[]): Conflict | undefined {
  const everybody = [...new Set(asks.flatMap(({ servers }) => [...servers]))].toSorted();
  const signature = (id: ServerId): string =>
    asks.map(({ servers }) => (servers.has(id) ? '1' : '0')).join('');
  const kins = [...groupBy(everybody, signature).values()].map((servers): Kin => ({
    servers,
    hosts: new Set(hosts.filter((host) => asks.every((ask) => isOpen(ask, servers, host)))),
  }));
  const nowhere = kins.filter((kin) => kin.hosts.size === 0).flatMap(({ servers }) => servers);
  if (nowhere.length > 0) return { servers: nowhere.toSorted(), text: 'no host is left' };
  for (const ask of asks) {
    const found = ask.kind === 'at-most' || ask.kind === 'at-least' ? conflictOfCount(ask, kins) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

const isOpen = (ask: Ask, [server]: readonly ServerId[], host: HostId): boolean =>
  ask.kind !== 'within' || server === undefined || !ask.servers.has(server) || ask.hosts.has(host);

type Counting = Extract<Ask, { readonly kind: 'at-most' | 'at-least' }>;

function conflictOfCount(ask: Counting, kins: readonly Kin[]): Conflict | undefined {
  const members = kins.filter(({ servers: [server] }) => server !== undefined && ask.servers.has(server));
  const isUpper = ask.kind === 'at-most';
  // Domains that the same servers reach are one place with the room of all.
  const reached = ask.domains.map((domain) =>
    [...members.keys()].filter((k) => meet(members[k]?.hosts ?? domain, domain)),
  );
  const places = [...groupBy(reached, (who) => who.join()).values()].filter(([who]) => who?.length !== 0);
  const room = places.map(({ length }) => length * (isUpper ? ask.count : 1));
  if (isUpper) {
    // Hosts in none of the domains take everybody.
    const counted = new Set(ask.domains.flatMap((domain) => [...domain]));
    const free = members.map((kin) => [...kin.hosts].some((host) => !counted.has(host)));
    const bound = members.filter((_, k) => free[k] !== true);
    return conflictOfRoom(members, bound, places, room, ask);
  }
  const supplies = suppliesOf(members, places, members);
  const { total } = flowInto(supplies, room);
  if (total >= ask.count) return undefined;
  const servers = members.flatMap((kin) => kin.servers).toSorted();
  return { servers, text: `they can be in ${countOf(total, 'domain')} at most, ${ask.count} are wanted` };
}

function conflictOfRoom(
  members: readonly Kin[],
  bound: readonly Kin[],
  places: readonly (readonly (readonly number[])[])[],
  room: readonly number[],
  { count }: Counting,
): Conflict | undefined {
  const { short } = flowInto(suppliesOf(members, places, bound), room);
  if (short === undefined) return undefined;
  const servers = short.supplies.flatMap((k) => bound[k]?.servers ?? []).toSorted();
  const domains = short.places.reduce((sum, place) => sum + (places[place]?.length ?? 0), 0);
  return {
    servers,
    text: `${countOf(servers.length, 'server')} for ${countOf(domains, 'domain')} that take${domains === 1 ? 's' : ''} ${count}${domains === 1 ? '' : ' each'}`,
  };
}

const suppliesOf = (
  members: readonly Kin[],
  places: readonly (readonly (readonly number[])[])[],
  among: readonly Kin[],
) =>
  among.map((kin) => ({
    count: kin.servers.length,
    places: [...places.keys()].filter((place) => places[place]?.[0]?.includes(members.indexOf(kin)) === true),
  }));

function meet(a: ReadonlySet<HostId>, b: ReadonlySet<HostId>): boolean {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  for (const host of small) if (large.has(host)) return true;
  return false;
}
