import type { HostId } from '../../model/ids.ts';
import type { ResourceProvider } from '../../model/placement.ts';
import { compareText, groupBy } from '../../shared/collections.ts';
import type { Told } from '../combine/lists.ts';
import type { HostFacts, Source } from '../facts.ts';
import type { Merged } from '../merge.ts';

/** Resource providers by the host whose tree they are in. */
export interface ProvidersByHost {
  readonly byHost: ReadonlyMap<HostId, readonly ResourceProvider[]>;
  /** Those in no host's tree, such as shared storage. */
  readonly others: readonly ResourceProvider[];
  /** Who told of them. */
  readonly source: Source;
}

/** Joins trees with hosts: the root provider has the node's id and name. */
export function joinProviders(
  told: Told<readonly ResourceProvider[]> | undefined,
  hosts: ReadonlyMap<HostId, Merged<HostFacts>>,
): ProvidersByHost {
  const providers = told?.value ?? [];
  const byId = new Map(providers.map((provider) => [provider.id, provider]));
  const hostOf = hostFinder(hosts);
  const byHost = new Map<HostId, readonly ResourceProvider[]>();
  const others: ResourceProvider[] = [];
  for (const [root, tree] of groupBy(providers, (provider) => rootOf(provider, byId))) {
    const host = hostOf(root);
    if (host === undefined || byHost.has(host)) others.push(...tree);
    else byHost.set(host, rootFirst(tree, root));
  }
  return { byHost, others: others.sort(byIdAscending), source: told?.source ?? 'api:placement' };
}

/** By the node's id, else its name, else the name of the host where no source told the node's. */
function hostFinder(hosts: ReadonlyMap<HostId, Merged<HostFacts>>) {
  const byNode = new Map<string, HostId>();
  for (const [id, { facts }] of hosts) byNode.set(facts.nodeName ?? id, id);
  for (const [id, { facts }] of hosts) if (facts.nodeId !== undefined) byNode.set(facts.nodeId, id);
  return ({ id, name }: ResourceProvider): HostId | undefined =>
    byNode.get(id) ?? byNode.get(name) ?? byNode.get(name.split('.')[0] ?? '');
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
