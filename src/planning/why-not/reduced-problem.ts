import type { Primitive } from '../../constraints/primitive.ts';
import { type HostId, hostId, type ServerId } from '../../model/ids.ts';
import { omit } from '../../shared/omit.ts';
import type { PlacementProblem } from '../../solve/placement-problem.ts';

/** What can be left out of a problem: that a server leaves, a rule, a limit. */
export type Element =
  | { readonly kind: 'server'; readonly server: ServerId }
  | { readonly kind: 'rule'; readonly rule: string; readonly of?: string }
  | { readonly kind: 'limit'; readonly option: '--max-moves' | '--max-gib' };

export const elementKey = (element: Element): string => {
  switch (element.kind) {
    case 'server':
      return `server ${element.server}`;
    case 'rule':
      return `rule ${element.rule} ${element.of ?? ''}`;
    case 'limit':
      return element.option;
  }
};

/** The part of a rule that a primitive is of: rules of amounts speak of each resource by itself. */
export const ruleOf = (primitive: Primitive): Extract<Element, { readonly kind: 'rule' }> => ({
  kind: 'rule',
  rule: primitive.rule,
  ...(primitive.kind === 'capacity' && { of: primitive.unit }),
});

/** All that a problem asks for, by element: limits and the operator's own first, then rules, then servers. */
export function elementsOf(problem: PlacementProblem): readonly Element[] {
  const drained = new Set(problem.mustEmpty);
  const rules = new Map(
    problem.primitives.map((primitive) => [elementKey(ruleOf(primitive)), ruleOf(primitive)] as const),
  );
  return [
    ...(problem.maxMoves === undefined ? [] : [{ kind: 'limit', option: '--max-moves' } as const]),
    ...(problem.maxGiB === undefined ? [] : [{ kind: 'limit', option: '--max-gib' } as const]),
    ...[...rules.values()].toSorted((a, b) => rank(a.rule) - rank(b.rule)),
    ...[...problem.start]
      .filter(([, host]) => drained.has(host))
      .map(([server]) => ({ kind: 'server', server }) as const),
  ];
}

/** What stands later is more likely to stay in a clash: what people know of a cloud. */
const known = ['affinity', 'anti-affinity', 'numa-fit', 'capacity', 'server-state'];
/** What the operator asked for. */
const own: ReadonlySet<string> = new Set(['selection', 'headroom', 'survive-host-loss']);
const rank = (rule: string): number =>
  rule.startsWith('operator:') || own.has(rule) ? -2 : known.indexOf(rule);

/**
 * The problem with these elements alone; hosts that are drained still receive nobody. A server that need not leave is
 * put on a double of its host, which is not drained and receives nobody either. Prices play no part.
 */
export function reduce(problem: PlacementProblem, elements: readonly Element[]): PlacementProblem {
  const keys = new Set(elements.map(elementKey));
  const { start, doubles } = startWithDoubles(problem, keys);
  const hosts = new Map(problem.cloud.hosts);
  for (const [host, id] of doubles) {
    const original = hosts.get(host);
    if (original !== undefined) hosts.set(id, { ...original, id });
  }
  const closed: Primitive = {
    kind: 'pairMask',
    rule: 'doubles',
    sets: [{ servers: [...start.keys()], hosts: new Set(problem.cloud.hosts.keys()) }],
  };
  const primitives = problem.primitives
    .filter((primitive) => keys.has(elementKey(ruleOf(primitive))))
    .map((primitive) => withDoubles(primitive, doubles));
  return {
    ...withLimits(problem, keys),
    cloud: { ...problem.cloud, hosts },
    goal: { ...problem.goal, terms: [] },
    start,
    primitives: doubles.size === 0 ? primitives : [...primitives, closed],
    noGoods: [],
  };
}

function withLimits(problem: PlacementProblem, keys: ReadonlySet<string>): PlacementProblem {
  const moves = keys.has('--max-moves') ? problem : omit(problem, 'maxMoves');
  return keys.has('--max-gib') ? moves : omit(moves, 'maxGiB');
}

/** Today's assignment with those who may stay on doubles of their hosts. */
function startWithDoubles(problem: PlacementProblem, keys: ReadonlySet<string>) {
  const drained = new Set(problem.mustEmpty);
  const start = new Map<ServerId, HostId>();
  const doubles = new Map<HostId, HostId>();
  for (const [server, host] of problem.start) {
    const stays = drained.has(host) && !keys.has(elementKey({ kind: 'server', server }));
    if (stays) doubles.set(host, doubleOf(host));
    start.set(server, stays ? doubleOf(host) : host);
  }
  return { start, doubles };
}

const doubleOf = (host: HostId): HostId => hostId(`${host}\nstays`);

/** A primitive that says of a double what it says of the host. */
function withDoubles(primitive: Primitive, doubles: ReadonlyMap<HostId, HostId>): Primitive {
  switch (primitive.kind) {
    case 'capacity':
      return { ...primitive, limits: doubled(primitive.limits, doubles) };
    case 'cellFit':
      return { ...primitive, hosts: doubled(primitive.hosts, doubles) };
    case 'together':
      return {
        ...primitive,
        groups: primitive.groups.map((group) => {
          const more = [...doubles].filter(([host]) => group.has(host)).map(([, double]) => double);
          return more.length === 0 ? group : new Set([...group, ...more]);
        }),
      };
    case 'spareRoom':
      return { ...primitive, limits: primitive.limits.map((limit) => withDoubles(limit, doubles)) };
    case 'pairMask':
    case 'domainCount':
    case 'twin':
    case 'fixed':
      return primitive;
  }
}

function doubled<Value>(
  values: ReadonlyMap<HostId, Value>,
  doubles: ReadonlyMap<HostId, HostId>,
): ReadonlyMap<HostId, Value> {
  const all = new Map(values);
  for (const [host, double] of doubles) {
    const value = values.get(host);
    if (value !== undefined) all.set(double, value);
  }
  return all;
}
