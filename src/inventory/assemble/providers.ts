import type { HostId } from '../../model/ids.ts';
import type { ResourceProvider } from '../../model/placement.ts';
import { compareText, groupBy } from '../../shared/collections.ts';
import type { HostFacts } from '../facts.ts';
import type { Merged } from '../merge.ts';

/** Resource providers by the host whose tree they are in. */
export interface ProvidersByHost {
  readonly byHost: ReadonlyMap<HostId, readonly ResourceProvider[]>;
  /** Those in no host's tree, such as shared storage. */
  readonly others: readonly ResourceProvider[];
}

/** Joins trees with hosts: the root provider has the node's id and name. */
export function joinProviders(
  providers: readonly ResourceProvider[],
  hosts: ReadonlyMap<HostId, Merged<HostFacts>>,
): ProvidersByHost {
  const byId = new Map(providers.map((provider) => [provider.id, provider]));
  const byNode = new Map<string, HostId>();
  // the less certain join first, so that the certain one wins
  for (const [id, { facts }] of hosts) byNode.set(facts.nodeName ?? id, id);
  for (const [id, { facts }] of hosts) if (facts.nodeId !== undefined) byNode.set(facts.nodeId, id);
  const trees = groupBy(providers, (provider) => rootOf(provider, byId));
  const byHost = new Map<HostId, readonly ResourceProvider[]>();
  const others: ResourceProvider[] = [];
  for (const [root, tree] of trees) {
    const host = byNode.get(root.id) ?? byNode.get(root.name) ?? byNode.get(root.name.split('.')[0] ?? '');
    if (host === undefined || byHost.has(host)) others.push(...tree);
    else byHost.set(host, rootFirst(tree, root));
  }
  return { byHost, others: others.sort(byIdAscending) };
}

/** The top of the tree; of a cycle, which Placement never makes, the first that is met again. */
function rootOf(provider: ResourceProvider, byId: ReadonlyMap<string, ResourceProvider>): ResourceProvider {
  const seen = new Set<ResourceProvider>();
  let at = provider;
  while (!seen.has(at)) {
    seen.add(at);
    const parent = at.parent === undefined ? undefined : byId.get(at.parent);
    if (parent === undefined) return at;
    at = parent;
  }
  return at;
}

const rootFirst = (tree: readonly ResourceProvider[], root: ResourceProvider): ResourceProvider[] => [
  root,
  ...tree.filter((provider) => provider !== root).sort(byIdAscending),
];

const byIdAscending = (a: ResourceProvider, b: ResourceProvider): number => compareText(a.id, b.id);
