import type { HostId, ServerId } from '../../model/ids.ts';
import type { PlacementProblem } from '../../solve/placement-problem.ts';
import type { Shrunk } from './delete-each.ts';
import type { Element } from './reduced-problem.ts';

/**
 * Servers that have nowhere to go whatever the others do, each with the rules that leave it no host, thinned out until
 * each is needed; fewest rules first. A rule by which a server does not move at all clashes with it alone.
 */
export function strandedServers(
  problem: Pick<PlacementProblem, 'cloud' | 'start' | 'mustEmpty' | 'primitives'>,
): readonly Shrunk<Element>[] {
  const drained = new Set(problem.mustEmpty);
  const open = [...problem.cloud.hosts.keys()].filter((host) => !drained.has(host));
  const leaving = [...problem.start].filter(([, host]) => drained.has(host)).map(([server]) => server);
  const fixedBy = new Map<ServerId, string>();
  const masks = masksOf(problem, new Set(leaving));
  for (const primitive of problem.primitives)
    if (primitive.kind === 'fixed')
      for (const server of primitive.servers) if (!fixedBy.has(server)) fixedBy.set(server, primitive.rule);
  return leaving
    .flatMap((server): readonly Shrunk<Element>[] => {
      const fixed = fixedBy.get(server);
      const rules = fixed === undefined ? strandingRules(masks.get(server) ?? [], open) : [fixed];
      if (rules === undefined) return [];
      const elements = [
        { kind: 'server', server } as const,
        ...rules.map((rule) => ({ kind: 'rule', rule }) as const),
      ];
      return [{ elements, irreducible: true }];
    })
    .toSorted((a, b) => a.elements.length - b.elements.length);
}

interface Mask {
  readonly rule: string;
  readonly hosts: ReadonlySet<HostId>;
}

function masksOf(
  { primitives }: Pick<PlacementProblem, 'primitives'>,
  leaving: ReadonlySet<ServerId>,
): ReadonlyMap<ServerId, readonly Mask[]> {
  const masks = new Map<ServerId, Mask[]>();
  for (const primitive of primitives) {
    if (primitive.kind !== 'pairMask') continue;
    for (const { servers, hosts } of primitive.sets)
      for (const server of servers) {
        if (!leaving.has(server)) continue;
        const own = masks.get(server) ?? [];
        own.push({ rule: primitive.rule, hosts });
        masks.set(server, own);
      }
  }
  return masks;
}

/** Rules without any of which some open host would be left; undefined when there is one as it is. */
function strandingRules(masks: readonly Mask[], open: readonly HostId[]): readonly string[] | undefined {
  const leavesNone = (rules: ReadonlySet<string>): boolean =>
    open.every((host) => masks.some(({ rule, hosts }) => rules.has(rule) && !hosts.has(host)));
  const rules = new Set(masks.map(({ rule }) => rule));
  if (!leavesNone(rules)) return undefined;
  for (const rule of [...rules]) {
    rules.delete(rule);
    if (!leavesNone(rules)) rules.add(rule);
  }
  return [...rules];
}
