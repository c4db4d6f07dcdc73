import { domainOf } from '../model/domain.ts';
import type { ServerId } from '../model/ids.ts';
import type { PlaceKind } from '../model/selector.ts';
import type { Closeness, GroupViolations, MostMoved, RouteCost, Spread } from './goal.ts';
import type { Facts } from './measure.ts';
import { routePrices } from './move-terms.ts';
import { breaksOf, countIn, placesOf, shortOf } from './set-terms.ts';
import type { Change, Ending, Shift } from './shift.ts';

export function shiftOfSpread(term: Spread, facts: Facts, { end }: Ending): Shift {
  const { cloud, selectors } = facts;
  const sets = selectors.groups(term.of);
  const ofServer = setsByServer(sets);
  const most = placesOf(cloud, term.over);
  const counts = lazily((set: ReadonlySet<ServerId>) => countIn(set, end, cloud, term.over));
  return (change) => {
    let sum = 0;
    for (const set of ofServer(change.server)) {
      const places = counts(set);
      const lived = shifted(places, change, facts, term.over).size;
      sum += shortOf(term, set.size, most, lived) - shortOf(term, set.size, most, places.size);
    }
    return term.weight * sum;
  };
}

export function shiftOfGroups({ weight, policies }: GroupViolations, facts: Facts, { end }: Ending): Shift {
  const { cloud } = facts;
  const groups = [...cloud.groups.values()].filter(({ policy }) => policies.includes(policy));
  const sets = new Map(
    groups.map((group): [ReadonlySet<ServerId>, typeof group] => [new Set(group.members), group]),
  );
  const ofServer = setsByServer([...sets.keys()]);
  const counts = lazily((set: ReadonlySet<ServerId>) => countIn(set, end, cloud, 'host'));
  return (change) => {
    let sum = 0;
    for (const set of ofServer(change.server)) {
      const group = sets.get(set);
      if (group === undefined) continue;
      const hosts = counts(set);
      sum +=
        breaksOf(group, shifted(hosts, change, facts, 'host').values()) - breaksOf(group, hosts.values());
    }
    return weight * sum;
  };
}

export function shiftOfCloseness({ weight, within, pairs }: Closeness, facts: Facts, { end }: Ending): Shift {
  const { cloud, selectors } = facts;
  const counted = pairs.map(({ servers, near }) => {
    const [own, others] = [selectors.servers(servers), selectors.servers(near)];
    return {
      own,
      others,
      owns: countIn(own, end, cloud, within),
      nears: countIn(others, end, cloud, within),
    };
  });
  return (change) => {
    const places = new Set([change.from, change.to].map((host) => domainOf(host, within, cloud).key));
    let sum = 0;
    for (const { own, others, owns, nears } of counted) {
      const isOwn = own.has(change.server);
      const isNear = others.has(change.server);
      if (!isOwn && !isNear) continue;
      const ownsThen = isOwn ? shifted(owns, change, facts, within) : owns;
      const nearsThen = isNear ? shifted(nears, change, facts, within) : nears;
      for (const place of places)
        sum +=
          (nearsThen.has(place) ? 0 : (ownsThen.get(place) ?? 0)) -
          (nears.has(place) ? 0 : (owns.get(place) ?? 0));
    }
    return weight * sum;
  };
}

export function shiftOfRoutes(term: RouteCost, { selectors }: Facts, { start }: Ending): Shift {
  const priceOf = routePrices(term, selectors);
  return ({ server, from, to }) => {
    const home = start.get(server);
    if (home === undefined) return 0;
    const price = (host: typeof to): number => (host === home ? 0 : priceOf(home, host));
    return term.weight * (price(to) - price(from));
  };
}

export function shiftOfMostMoved({ weight, of }: MostMoved, { selectors }: Facts, ending: Ending): Shift {
  const { start, end } = ending;
  const sets = selectors.groups(of);
  const away = sets.map((set) => {
    let count = 0;
    for (const server of set) if (isAway(start.get(server), end.get(server))) count += 1;
    return count;
  });
  const most = away.reduce((a, b) => Math.max(a, b), 0);
  return ({ server, from, to }) => {
    const home = start.get(server);
    const more = Number(isAway(home, to)) - Number(isAway(home, from));
    if (more === 0) return 0;
    const then = away.reduce(
      (highest, count, index) => Math.max(highest, count + (sets[index]?.has(server) === true ? more : 0)),
      0,
    );
    return weight * (then - most);
  };
}

const isAway = <Host>(home: Host | undefined, host: Host | undefined): boolean =>
  home !== undefined && host !== undefined && home !== host;

/** Counts by place with one server elsewhere; places where nobody is left are out. */
function shifted(
  counts: ReadonlyMap<string, number>,
  { from, to }: Change,
  { cloud }: Facts,
  per: PlaceKind,
): ReadonlyMap<string, number> {
  const then = new Map(counts);
  const [left, reached] = [domainOf(from, per, cloud).key, domainOf(to, per, cloud).key];
  const stay = (then.get(left) ?? 0) - 1;
  if (stay > 0) then.set(left, stay);
  else then.delete(left);
  return then.set(reached, (then.get(reached) ?? 0) + 1);
}

/** The sets that each server is in. */
function setsByServer(sets: readonly ReadonlySet<ServerId>[]) {
  const byServer = new Map<ServerId, ReadonlySet<ServerId>[]>();
  for (const set of sets)
    for (const server of set) {
      const known = byServer.get(server);
      if (known === undefined) byServer.set(server, [set]);
      else known.push(set);
    }
  return (server: ServerId): readonly ReadonlySet<ServerId>[] => byServer.get(server) ?? [];
}

/** Made when first asked for. */
function lazily<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new WeakMap<Key, Value>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}
