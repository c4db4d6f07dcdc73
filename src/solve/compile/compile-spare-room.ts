import type { SpareRoom } from '../../constraints/primitive.ts';
import { type Host, isReady } from '../../model/host.ts';
import { compareText } from '../../shared/collections.ts';
import type { CompiledProblem, CompiledSpareRoom } from './compiled.ts';
import type { Indexed } from './indexed.ts';
import type { PlacementProblem } from '../placement-problem.ts';

/**
 * The loss of hosts as a problem of its own, over the same hosts and servers: its limits are those of evacuations, less
 * the margin that the search is to keep.
 */
export function compileSpareRoom(
  { problem, hosts, servers }: Indexed,
  { limits, evacuated, broken, keptOpen }: SpareRoom,
  compileProblem: (problem: PlacementProblem) => CompiledProblem,
): CompiledSpareRoom {
  const { cloud, demands, goal, start, volumeOf, spareMargin = 0 } = problem;
  const evacuation = compileProblem({
    cloud,
    demands,
    primitives: limits,
    goal: { ...goal, terms: [] },
    start,
    volumeOf,
    mustEmpty: [],
    noGoods: [],
  });
  const facts = hosts.map((host) => cloud.hosts.get(host));
  const zones = [...new Set(facts.map(zoneOf))];
  return {
    evacuation: { ...evacuation, limit: evacuation.limit.map((limit) => limit * (1 - spareMargin)) },
    fullLimit: evacuation.limit,
    weight: Float64Array.from(servers, (server) => evacuated.get(server) ?? 0),
    broken: Float64Array.from(hosts, (host) => broken.get(host) ?? 0),
    zoneOf: Int32Array.from(facts, (host) => zones.indexOf(zoneOf(host))),
    ready: Uint8Array.from(facts, (host) => Number(host !== undefined && isReady(host.service))),
    keptOpen,
    byName: [...hosts.keys()].sort((a, b) => compareText(hosts[a] ?? '', hosts[b] ?? '')),
  };
}

const zoneOf = (host: Host | undefined): string => host?.availabilityZone ?? '';
