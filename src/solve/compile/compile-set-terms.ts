import type { HostId, ServerId } from '../../model/ids.ts';
import type { Closeness, GroupViolations, MostMoved, RouteCost, Spread } from '../../objective/goal.ts';
import { routeRows } from '../../objective/move-terms.ts';
import type { PlaceKind, ServerSelector } from '../../model/selector.ts';
import { domainOf } from '../../model/domain.ts';
import { isTogether, limitOf, placesOf, wantedPlaces } from '../../objective/set-terms.ts';
import { at } from '../../shared/at.ts';
import type {
  CompiledObjective,
  Membership,
  MovedCost,
  NearCost,
  Places,
  RouteTable,
  SetCost,
} from './compiled-objective.ts';
import type { GoalFacts } from './goal-facts.ts';
import type { Indexed } from './indexed.ts';

/** Sets and places by number. */
interface Numbers {
  readonly indexed: Indexed;
  readonly facts: GoalFacts;
  readonly places: (kind: PlaceKind) => Places;
  readonly members: (set: ReadonlySet<ServerId>) => readonly number[];
}

/** Terms on sets of servers, and on where servers come from. */
export function compileSetTerms(
  indexed: Indexed,
  facts: GoalFacts,
): Pick<CompiledObjective, 'sets' | 'nearness' | 'moved' | 'routes' | 'membership'> {
  const known = new Map<PlaceKind, Places>();
  const numbers: Numbers = {
    indexed,
    facts,
    places: (kind) => {
      const places = known.get(kind) ?? numberPlaces(indexed, kind);
      known.set(kind, places);
      return places;
    },
    members: (set) => [...set].map((id) => indexed.serverIndex.get(id)).filter((v) => v !== undefined),
  };
  const paid = facts.terms.filter((term) => !('weight' in term) || term.weight > 0);
  const sets = paid.flatMap((term) => {
    if (term.kind === 'spread') return spreadCosts(numbers, term);
    return term.kind === 'group-violations' ? groupCosts(numbers, term) : [];
  });
  const nearness = paid.flatMap((term) => (term.kind === 'closeness' ? [nearCost(numbers, term)] : []));
  const moved = paid.flatMap((term) => (term.kind === 'most-moved' ? [movedCost(numbers, term)] : []));
  const routes = compileRoutes(
    numbers,
    paid.filter((term) => term.kind === 'route-cost'),
  );
  return { sets, nearness, moved, routes, membership: membershipOf(indexed, sets, nearness, moved) };
}

function numberPlaces({ hosts, problem }: Indexed, kind: PlaceKind): Places {
  const known = new Map<string, number>();
  const numbered = Int32Array.from(hosts, (host) => {
    const key = domainOf(host, kind, problem.cloud).key;
    const place = known.get(key) ?? known.size;
    known.set(key, place);
    return place;
  });
  return { placeOf: numbered, count: known.size };
}

function spreadCosts({ facts, places, members }: Numbers, term: Spread): SetCost[] {
  const most = placesOf(facts.cloud, term.over);
  return facts.selectors
    .groups(term.of)
    .map((set): SetCost => ({
      kind: 'short',
      weight: term.weight,
      limit: wantedPlaces(term, set.size, most),
      members: members(set),
      places: places(term.over),
    }))
    .filter(({ limit }) => limit > 0);
}

function groupCosts({ facts, places, members }: Numbers, term: GroupViolations): SetCost[] {
  return [...facts.cloud.groups.values()]
    .filter(({ policy }) => term.policies.includes(policy))
    .map((group): SetCost => ({
      kind: isTogether(group.policy) ? 'scattered' : 'crowded',
      weight: term.weight,
      limit: limitOf(group),
      members: members(new Set(group.members)),
      places: places('host'),
    }))
    .filter((cost) => cost.members.length > 1 || cost.limit === 0);
}

function nearCost({ facts, places, members }: Numbers, { weight, within, pairs }: Closeness): NearCost {
  const sets: (readonly number[])[] = [];
  const known = new Map<ReadonlySet<ServerId>, number>();
  const numberOf = (set: ServerSelector): number => {
    const resolved = facts.selectors.servers(set);
    const index = known.get(resolved) ?? sets.push(members(resolved)) - 1;
    known.set(resolved, index);
    return index;
  };
  return {
    weight,
    places: places(within),
    pairs: pairs.map(({ servers, near }) => ({ a: numberOf(servers), b: numberOf(near) })),
    sets,
  };
}

const movedCost = ({ facts, members }: Numbers, { weight, of }: MostMoved): MovedCost => ({
  weight,
  sets: facts.selectors.groups(of).map(members),
});

/** Prices of all terms together, by row; undefined when there are none. */
function compileRoutes({ indexed, facts }: Numbers, terms: readonly RouteCost[]): RouteTable | undefined {
  if (terms.length === 0) return undefined;
  const { hosts, hostIndex } = indexed;
  const rowsOf = terms.map((term) => ({ weight: term.weight, rowOf: routeRows(term, facts.selectors) }));
  const numberOf = new Map<ReadonlyMap<HostId, number>, number>();
  const known = new Map<string, number>();
  const rows: Float64Array[] = [];
  const rowOf = Int32Array.from(hosts, (host) => {
    const own = rowsOf.map(({ rowOf: find }) => find(host));
    const key = own.map((row) => numberOf.get(row) ?? numberOf.set(row, numberOf.size).size - 1).join();
    const index = known.get(key) ?? rows.push(new Float64Array(hosts.length)) - 1;
    if (known.has(key)) return index;
    known.set(key, index);
    const prices = at(rows, index);
    for (const [i, row] of own.entries())
      for (const [to, price] of row) {
        const h = hostIndex.get(to) ?? -1;
        if (h >= 0) prices[h] = at(prices, h) + at(rowsOf, i).weight * price;
      }
    return index;
  });
  return { rowOf, rows };
}

/** The sets of each server, equal ones folded. */
function membershipOf(
  { servers }: Indexed,
  sets: readonly SetCost[],
  nearness: readonly NearCost[],
  moved: readonly MovedCost[],
): readonly Membership[] {
  const lists = (groups: readonly (readonly number[])[]): number[][] => {
    const own: number[][] = servers.map(() => []);
    for (const [i, members] of groups.entries()) for (const v of members) own[v]?.push(i);
    return own;
  };
  const ofSets = lists(sets.map(({ members }) => members));
  const ofNear = nearness.map((cost) => lists(cost.sets));
  const ofMoved = moved.map((cost) => lists(cost.sets));
  const known = new Map<string, Membership>();
  return servers.map((_, v) => {
    const own = {
      sets: at(ofSets, v),
      near: ofNear.map((list) => at(list, v)),
      moved: ofMoved.map((list) => at(list, v)),
    };
    const key = JSON.stringify(own);
    const membership = known.get(key) ?? { index: known.size, ...own };
    known.set(key, membership);
    return membership;
  });
}
