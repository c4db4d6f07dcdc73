import type { Cloud } from '../model/cloud.ts';
import type { HostId } from '../model/ids.ts';
import type { ResourceAmounts } from '../model/placement.ts';
import type { Server } from '../model/server.ts';
import type { MigrationVolume } from '../objective/evaluation.ts';
import type { Term } from '../objective/goal.ts';
import { type LoadCurve, loadCurvesOf, priceOfUse } from '../objective/load-curves.ts';
import { type LoadTable, loadTable } from '../objective/loads.ts';
import { migrationPrices, neverGains } from '../objective/move-terms.ts';
import { createSelectors } from '../objective/selectors.ts';
import { compareText } from '../shared/collections.ts';
import type { Run } from './run.ts';

/** What a drain costs under a goal that pays for migrations and for the load of single hosts. */
export interface DrainPrices {
  /**
   * What every legal plan costs at least. All who must leave are paid for; the drained hosts then hold nobody; each who
   * comes to a host costs there no less than if nobody else came, for prices of load are convex. Nobody else moves but
   * where that could pay, of which all that it could ever gain is taken off.
   */
  readonly bound: number;
  /** Hosts other than the drained ones, the least loaded first. */
  readonly destinations: readonly HostId[];
  /** What a host costs more with this server than with those that it has and those that were put there. */
  readonly rise: (server: Server, host: HostId) => number;
  readonly put: (server: Server, host: HostId) => void;
}

/** Undefined where the goal pays for something else. */
export function createDrainPrices(
  { context: { cloud, demands }, problem, request }: Run,
  leaving: readonly Server[],
): DrainPrices | undefined {
  const { goal, options } = request;
  const loads = loadTable(cloud, demands, goal.loads);
  const charges = goal.terms.filter((term) => term.kind === 'migration-cost');
  const others = goal.terms.filter((term) => term.kind !== 'migration-cost');
  const curves = loadCurvesOf(others, loads, problem.start);
  if (curves === undefined || !charges.every(neverGains)) return undefined;
  const selectors = createSelectors(cloud);
  const prices = charges.map((term) => migrationPrices(term, { cloud, selectors }));
  const priceOf = (volume: MigrationVolume): number => prices.reduce((sum, price) => sum + price(volume), 0);
  const drained = new Set<HostId>(options.drain);
  const more = new Map<string, number>();
  const uses = curves.map(({ resource }) => loads.use(problem.start, resource));
  const usedOn = (c: number, resource: string, host: HostId): number =>
    (uses[c]?.get(host) ?? 0) + loads.foreign(host, resource) + (more.get(`${resource} ${host}`) ?? 0);
  const rise = (server: Server, host: HostId): number => {
    let sum = 0;
    for (const [c, curve] of curves.entries()) {
      const { resource } = curve;
      if (!curve.hosts.has(host)) continue;
      const [used, capacity] = [usedOn(c, resource, host), loads.capacity(host, resource)];
      const added = loads.amount(server.id, host, resource);
      if (added > 0) sum += priceOfUse(curve, used + added, capacity) - priceOfUse(curve, used, capacity);
    }
    return sum;
  };
  const levelOf = (host: HostId): number =>
    curves.reduce((most, { resource }, c) => {
      const capacity = loads.capacity(host, resource);
      return capacity > 0 ? Math.max(most, usedOn(c, resource, host) / capacity) : most;
    }, 0);
  const levels = [...cloud.hosts.keys()]
    .filter((host) => !drained.has(host))
    .map((host) => ({ host, level: levelOf(host) }));
  const destinations = levels
    .toSorted((a, b) => (a.level === b.level ? compareText(a.host, b.host) : a.level - b.level))
    .map(({ host }) => host);

  const forced = leaving.reduce((sum, { id }) => sum + priceOf(problem.volumeOf(id)), 0);
  const standing = curves.reduce(
    (sum, curve, c) =>
      sum +
      [...curve.hosts].reduce((total, host) => {
        const used = drained.has(host)
          ? loads.foreign(host, curve.resource)
          : usedOn(c, curve.resource, host);
        return total + priceOfUse(curve, used, loads.capacity(host, curve.resource));
      }, 0),
    0,
  );
  const arriving = leaving.reduce((sum, server) => sum + leastRise(server, destinations, rise), 0);
  const gains = gainsElsewhere({ cloud, loads, curves, drained }, charges, (id) =>
    priceOf(problem.volumeOf(id)),
  );
  return {
    bound: forced + standing + arriving - gains,
    destinations,
    rise,
    put(server, host) {
      for (const resource of new Set(curves.map((curve) => curve.resource))) {
        const key = `${resource} ${host}`;
        more.set(key, (more.get(key) ?? 0) + loads.amount(server.id, host, resource));
      }
    },
  };
}

/** A charge under which no migration pays by itself. */
function leastRise(server: Server, hosts: readonly HostId[], rise: DrainPrices['rise']): number {
  let least = Infinity;
  for (const host of hosts) {
    least = Math.min(least, rise(server, host));
    if (least === 0) break;
  }
  return least === Infinity ? 0 : least;
}

interface Elsewhere {
  readonly cloud: Cloud;
  readonly loads: LoadTable;
  readonly curves: readonly LoadCurve[];
  readonly drained: ReadonlySet<HostId>;
}

/**
 * The most that moving servers of other hosts could gain: of each what its host could cost less without it, beyond the
 * price of its migration. That it can gain nothing shows for most at once: by what it holds on the smallest host.
 */
function gainsElsewhere(
  { cloud, loads, curves, drained }: Elsewhere,
  charges: readonly Term[],
  priceOf: (server: Server['id']) => number,
): number {
  if (curves.length === 0) return 0;
  const slopes = curves.map(({ steps }) => steps.reduce((sum, { slope }) => sum + slope, 0));
  const smallest = curves.map(({ hosts, resource }) =>
    [...hosts].reduce((least, host) => Math.min(least, loads.capacity(host, resource)), Infinity),
  );
  const cheapest = leastPrice(charges);
  const most = new Map<ResourceAmounts, number>();
  const mostGain = (amounts: ResourceAmounts): number => {
    const known = most.get(amounts);
    if (known !== undefined) return known;
    const gain = curves.reduce(
      (sum, { resource }, c) =>
        sum + ((slopes[c] ?? 0) * 100 * (amounts[resource] ?? 0)) / (smallest[c] ?? Infinity),
      0,
    );
    most.set(amounts, gain);
    return gain;
  };
  let gains = 0;
  for (const { id, host, allocations } of cloud.servers.values()) {
    if (host === undefined || drained.has(host)) continue;
    if (allocations !== undefined) {
      let gain = 0;
      for (const { resources } of allocations) gain += mostGain(resources);
      if (gain <= cheapest) continue;
    }
    const gain = curves.reduce((sum, { resource, hosts }, c) => {
      const capacity = loads.capacity(host, resource);
      return hosts.has(host)
        ? sum + ((slopes[c] ?? 0) * 100 * loads.amount(id, host, resource)) / capacity
        : sum;
    }, 0);
    gains += Math.max(0, gain - priceOf(id));
  }
  return gains;
}

/** What no migration costs less than. */
const leastPrice = (charges: readonly Term[]): number =>
  charges.reduce((sum, term) => {
    if (term.kind !== 'migration-cost') return sum;
    const factors = (term.factors ?? []).map(({ factor }) => factor);
    return sum + term.perMove * Math.min(1, ...factors);
  }, 0);
