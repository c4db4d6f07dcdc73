import type { DomainCount, Primitive, Together } from '../constraints/primitive.ts';
import type { Assignment } from '../model/cloud.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { Term } from '../objective/goal.ts';
import { neverGains } from '../objective/move-terms.ts';
import { invariant } from '../shared/invariant.ts';
import type { PlacementProblem } from './placement-problem.ts';

/** Clouds with fewer hosts are small enough as they are. */
const fewestHosts = 400;
/** More servers that must move than this take a large part of the cloud anyhow. */
const mostMovers = 500;
/** Destinations that are looked at for servers that may go to the same hosts. */
const mostDestinations = 96;

/**
 * A drain under a goal that pays for migrations alone: a few hosts of a large cloud, with only the servers that must
 * move as such that can. An answer of it is one of the whole cloud, with the servers elsewhere where they are; where it
 * moves nobody twice it is the best there is. Undefined where the problem is of another kind, or small as it is.
 */
export function narrowDrain(problem: PlacementProblem): PlacementProblem | undefined {
  const { cloud, start, mustEmpty, primitives, goal } = problem;
  if (mustEmpty.length === 0 || cloud.hosts.size < fewestHosts) return undefined;
  if (!goal.terms.every(onlyCharges)) return undefined;
  if (primitives.some(({ kind }) => kind === 'twin' || kind === 'spareRoom')) return undefined;
  const movers = moversOf(problem);
  if (movers.size === 0 || movers.size > mostMovers) return undefined;
  const bound = primitives.filter((primitive) => bindsMembers(primitive, movers));
  const hosts = new Set([
    ...mustEmpty,
    ...destinationsOf(problem, movers),
    ...bound.flatMap(({ members }) => members.map((server) => start.get(server))),
  ]);
  if (hosts.size > cloud.hosts.size / 4) return undefined;
  return restrict(problem, movers, hosts);
}

/** The answer of a narrowed problem as one of the problem that it comes from. */
export function widen({ start }: PlacementProblem, narrowed: Assignment): Assignment {
  const assignment = new Map(start);
  for (const [server, host] of narrowed) assignment.set(server, host);
  return assignment;
}

/** A term under which nobody moves who need not. */
const onlyCharges = (term: Term): boolean => term.kind === 'migration-cost' && neverGains(term);

function moversOf({ start, mustEmpty, primitives }: PlacementProblem): ReadonlySet<ServerId> {
  const emptied = new Set(mustEmpty);
  const movers = new Set<ServerId>();
  for (const [server, host] of start) if (emptied.has(host)) movers.add(server);
  for (const primitive of primitives)
    if (primitive.kind === 'fixed') for (const server of primitive.servers) movers.delete(server);
  return movers;
}

/** Counts and groups that a mover takes part in; the other members matter wherever they are. */
const bindsMembers = (
  primitive: Primitive,
  movers: ReadonlySet<ServerId>,
): primitive is DomainCount | Together =>
  (primitive.kind === 'domainCount' || primitive.kind === 'together') &&
  primitive.members.some((server) => movers.has(server));

/** For each set of movers with the same hosts to go to some of these, from all over the cloud. */
function destinationsOf(
  { cloud, mustEmpty, primitives }: PlacementProblem,
  movers: ReadonlySet<ServerId>,
): readonly HostId[] {
  const emptied = new Set(mustEmpty);
  const sets = primitives.flatMap((primitive) => (primitive.kind === 'pairMask' ? primitive.sets : []));
  const setsOf = new Map<ServerId, number[]>([...movers].map((server) => [server, []]));
  for (const [s, { servers }] of sets.entries()) for (const server of servers) setsOf.get(server)?.push(s);
  const kinds = new Map([...setsOf.values()].map((own) => [own.join(), own]));
  return [...kinds.values()].flatMap((own) => {
    const masks = own.map((s) => sets[s]?.hosts);
    const allowed = [...cloud.hosts.keys()].filter(
      (host) => !emptied.has(host) && masks.every((mask) => mask?.has(host) !== false),
    );
    const step = Math.max(1, Math.floor(allowed.length / mostDestinations));
    return allowed.filter((_, i) => i % step === 0);
  });
}

function restrict(
  problem: PlacementProblem,
  movers: ReadonlySet<ServerId>,
  hosts: ReadonlySet<HostId | undefined>,
): PlacementProblem {
  const start = new Map([...problem.start].filter(([, host]) => hosts.has(host)));
  const known = <Value>(map: ReadonlyMap<ServerId, Value>): Map<ServerId, Value> => pick(map, start.keys());
  const { cloud } = problem;
  return {
    ...problem,
    cloud: {
      ...cloud,
      hosts: new Map([...cloud.hosts].filter(([host]) => hosts.has(host))),
      servers: known(cloud.servers),
    },
    start,
    noGoods: problem.noGoods.filter(({ servers }) => servers.every((server) => start.has(server))),
    primitives: [
      ...problem.primitives.flatMap((primitive): Primitive[] => {
        switch (primitive.kind) {
          case 'capacity':
            return [{ ...primitive, demand: known(primitive.demand), held: known(primitive.held) }];
          case 'cellFit':
            return [{ ...primitive, guests: known(primitive.guests), held: known(primitive.held) }];
          case 'pairMask':
            return [{ ...primitive, sets: narrowSets(primitive.sets, movers) }];
          case 'domainCount':
          case 'together':
            return bindsMembers(primitive, movers) ? [primitive] : [];
          case 'fixed':
            return [];
          case 'twin':
          case 'spareRoom':
            invariant(false, 'a drain with twins or spare room is not narrowed');
        }
      }),
      { kind: 'fixed', rule: 'drain', servers: [...start.keys()].filter((server) => !movers.has(server)) },
    ],
  };
}

const narrowSets = (
  sets: Extract<Primitive, { kind: 'pairMask' }>['sets'],
  movers: ReadonlySet<ServerId>,
): typeof sets =>
  sets
    .map(({ servers, hosts }) => ({ servers: servers.filter((server) => movers.has(server)), hosts }))
    .filter(({ servers }) => servers.length > 0);

function pick<Value>(map: ReadonlyMap<ServerId, Value>, ids: Iterable<ServerId>): Map<ServerId, Value> {
  const picked = new Map<ServerId, Value>();
  for (const id of ids) {
    const value = map.get(id);
    if (value !== undefined) picked.set(id, value);
  }
  return picked;
}
