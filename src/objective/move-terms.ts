import type { Assignment } from '../model/cloud.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import type { MigrationVolume, TravelWay } from './evaluation.ts';
import type { MigrationCost, MostMoved, RouteCost, Term } from './goal.ts';
import type { Facts, Measure } from './measure.ts';
import type { Selectors } from './selectors.ts';

export function measureMigration(term: MigrationCost, facts: Facts): Measure {
  const priceOf = migrationPrices(term, facts);
  return ({ migrations }) => migrations.reduce((sum, volume) => sum + priceOf(volume), 0);
}

/** What one migration costs. */
export function migrationPrices(
  term: MigrationCost,
  { cloud, selectors }: Pick<Facts, 'cloud' | 'selectors'>,
): (volume: MigrationVolume) => number {
  const factors = new Map<ServerId, number>();
  for (const { servers, factor } of term.factors ?? [])
    for (const server of selectors.servers(servers)) if (!factors.has(server)) factors.set(server, factor);
  return ({ server, memoryMiB, diskGiB, ways = [] }) => {
    const copied = term.perGiB * (memoryMiB / 1024 + diskGiB) + (term.perDiskGiB ?? 0) * diskGiB;
    const own = ownPrice(term, cloud.servers.get(server));
    return (factors.get(server) ?? 1) * (term.perMove + copied + own + cheapest(term, ways));
  };
}

/** What method and downtime cost, at the least where there is a choice. */
function cheapest({ perMethod, perDowntimeSecond = 0 }: MigrationCost, ways: readonly TravelWay[]): number {
  if (ways.length === 0) return 0;
  return ways.reduce((least, { method, downtimeSeconds }) => {
    const price = method === 'evacuate' ? 0 : (perMethod?.[method] ?? 0);
    return Math.min(least, price + perDowntimeSecond * downtimeSeconds);
  }, Infinity);
}

/** Whether a goal asks by which method servers travel, or how long they are down. */
export const asksForWays = (terms: readonly Term[]): boolean =>
  terms.some(
    (term) =>
      term.kind === 'migration-cost' &&
      (term.perMethod !== undefined || term.perDowntimeSecond !== undefined),
  );

/** What stands in a term as prices of moves, factors aside. */
export const pricesOfMoves = (term: MigrationCost): readonly number[] => [
  term.perMove,
  term.perGiB,
  term.perDiskGiB ?? 0,
  term.perDirtyMiBps ?? 0,
  term.perMethod?.live ?? 0,
  term.perMethod?.cold ?? 0,
  term.perDowntimeSecond ?? 0,
  term.perMetadata?.weight ?? 0,
];

/** Whether no migration gains anything by itself: goals of files are all so. */
export const neverGains = (term: MigrationCost): boolean =>
  pricesOfMoves(term).every((price) => price >= 0) && (term.factors ?? []).every(({ factor }) => factor >= 0);

/** What a server says of itself. */
function ownPrice(
  { perDirtyMiBps = 0, perMetadata }: MigrationCost,
  { dirtyRateMiBps, metadata }: Partial<Server> = {},
): number {
  const text = perMetadata === undefined ? undefined : metadata?.[perMetadata.key];
  const said = text === undefined || text.trim() === '' ? NaN : Number(text);
  const price = Number.isFinite(said) ? Math.max(0, said) : 0;
  return perDirtyMiBps * (dirtyRateMiBps ?? 0) + (perMetadata?.weight ?? 0) * price;
}

export function measureRoutes(term: RouteCost, { selectors }: Facts): Measure {
  const priceOf = routePrices(term, selectors);
  return ({ at, start }) => {
    let sum = 0;
    for (const { from, to } of moved(at, start)) sum += priceOf(from, to);
    return term.weight * sum;
  };
}

/** The price of the first route that leads from one host to another, without the weight. */
export function routePrices(term: RouteCost, selectors: Selectors) {
  const rowOf = routeRows(term, selectors);
  return (from: HostId, to: HostId): number => rowOf(from).get(to) ?? 0;
}

/** Prices by destination, for each host to leave; hosts that the same routes leave share one object. */
export function routeRows({ routes }: RouteCost, selectors: Selectors) {
  const leaving = new Map<HostId, number[]>();
  for (const [i, { from }] of routes.entries())
    for (const host of selectors.hosts(from)) {
      const known = leaving.get(host);
      if (known === undefined) leaving.set(host, [i]);
      else known.push(i);
    }
  const rows = new Map<string, ReadonlyMap<HostId, number>>();
  return (from: HostId): ReadonlyMap<HostId, number> => {
    const own = leaving.get(from) ?? [];
    const known = rows.get(own.join());
    if (known !== undefined) return known;
    const row = new Map<HostId, number>();
    for (const i of own) {
      const route = routes[i];
      for (const host of route === undefined ? [] : selectors.hosts(route.to))
        if (!row.has(host)) row.set(host, route?.price ?? 0);
    }
    rows.set(own.join(), row);
    return row;
  };
}

export function measureMostMoved({ weight, of }: MostMoved, { selectors }: Facts): Measure {
  const sets = selectors.groups(of);
  return ({ at, start }) => {
    const away = new Set([...moved(at, start)].map(({ server }) => server));
    let most = 0;
    for (const set of sets)
      most = Math.max(
        most,
        [...set].reduce((n, server) => n + (away.has(server) ? 1 : 0), 0),
      );
    return weight * most;
  };
}

/** Servers that are elsewhere than they were. */
function* moved(at: Assignment, start: Assignment) {
  for (const [server, to] of at) {
    const from = start.get(server);
    if (from !== undefined && from !== to) yield { server, from, to };
  }
}
