import { type Bundle, foldersOf, listing, repliesById, reply } from '../bundle-files.ts';
import type { Facts } from '../facts.ts';
import type { Item, ReplyById } from '../replies.ts';
import { readVolumes } from './cinder-volumes.ts';
import { readImages } from './glance-images.ts';
import { readProjects } from './keystone-projects.ts';
import { readAgents } from './neutron-agents.ts';
import { readPorts } from './neutron-ports.ts';
import { readAggregates } from './nova-aggregates.ts';
import { readFlavors } from './nova-flavors.ts';
import { readHypervisors } from './nova-hypervisors.ts';
import { readMigrations } from './nova-migrations.ts';
import { readServerGroups } from './nova-server-groups.ts';
import { readServers } from './nova-servers.ts';
import { readServices } from './nova-services.ts';
import { readShares } from './nova-shares.ts';
import { readTopologies } from './nova-topology.ts';
import { readVersions } from './nova-versions.ts';
import { readVolumeAttachments } from './nova-volumes.ts';
import { readAllocations } from './placement-allocations.ts';
import { readProviders } from './placement-providers.ts';

/** Looks for one resource of a bundle; `undefined` when it is not there. */
export type BundleReader = (bundle: Bundle) => Facts | undefined;

/** The resources of `api/`, each where a recording keeps it. */
export const apiReaders: readonly BundleReader[] = [
  list('nova', 'os-services', 'services', readServices),
  list('nova', 'os-hypervisors-detail', 'hypervisors', readHypervisors),
  list('nova', 'servers-detail', 'servers', readServers),
  list('nova', 'os-aggregates', 'aggregates', readAggregates),
  list('nova', 'os-server-groups', 'server_groups', readServerGroups),
  list('nova', 'flavors-detail', 'flavors', (items, bundle) =>
    readFlavors(items, repliesById(bundle, 'nova', 'flavor-extra-specs')),
  ),
  list('nova', 'os-migrations', 'migrations', (items, bundle) =>
    readMigrations(items, liveMigrations(bundle)),
  ),
  byId('nova', 'servers-topology', readTopologies),
  byId('nova', 'servers-volume-attachments', readVolumeAttachments),
  byId('nova', 'servers-shares', readShares),
  (bundle) => whenThere(reply(bundle, 'nova', 'versions.json'), readVersions),
  list('placement', 'resource_providers', 'resource_providers', (items, bundle) =>
    readProviders(items, (provider) => ({
      inventories: reply(bundle, 'placement', 'resource_providers', provider, 'inventories.json'),
      traits: reply(bundle, 'placement', 'resource_providers', provider, 'traits.json'),
      aggregates: reply(bundle, 'placement', 'resource_providers', provider, 'aggregates.json'),
    })),
  ),
  allocations,
  list('glance', 'images', 'images', readImages),
  list('keystone', 'projects', 'projects', readProjects),
  list('neutron', 'ports', 'ports', (items, bundle) =>
    readPorts(items, listing(bundle, 'neutron', 'networks', 'networks') ?? []),
  ),
  list('neutron', 'agents', 'agents', readAgents),
  list('cinder', 'volumes-detail', 'volumes', readVolumes),
];

function list(
  service: string,
  resource: string,
  member: string,
  read: (items: readonly Item[], bundle: Bundle) => Facts,
): BundleReader {
  return (bundle) => whenThere(listing(bundle, service, resource, member), (items) => read(items, bundle));
}

function byId(service: string, folder: string, read: (replies: readonly ReplyById[]) => Facts): BundleReader {
  return (bundle) => {
    const replies = repliesById(bundle, service, folder);
    return replies.length === 0 ? undefined : read(replies);
  };
}

function allocations(bundle: Bundle): Facts | undefined {
  const byConsumer = repliesById(bundle, 'placement', 'allocations');
  const providers = foldersOf(bundle, 'placement', 'resource_providers');
  const ofProviders = (name: string) =>
    providers.flatMap((id) => {
      const item = reply(bundle, 'placement', 'resource_providers', id, name);
      return item === undefined ? [] : [{ ...item, id }];
    });
  const byProvider = ofProviders('allocations.json');
  if (byConsumer.length === 0 && byProvider.length === 0) return undefined;
  return readAllocations({
    byConsumer,
    byProvider,
    usages: ofProviders('usages.json'),
    providers:
      listing(bundle, 'placement', 'resource_providers', 'resource_providers')?.length ?? providers.length,
  });
}

/** Migrations of single servers: live ones that are under way, with their progress. */
const liveMigrations = (bundle: Bundle): Item[] =>
  repliesById(bundle, 'nova', 'servers-migrations').flatMap(({ source, value }) => membersOf(source, value));

function membersOf(source: string, value: unknown): Item[] {
  if (typeof value !== 'object' || value === null || !('migrations' in value)) return [];
  const { migrations } = value;
  return Array.isArray(migrations)
    ? migrations.map((each: unknown, at) => ({ source, path: ['migrations', at], value: each }))
    : [];
}

const whenThere = <Value>(value: Value | undefined, read: (value: Value) => Facts): Facts | undefined =>
  value === undefined ? undefined : read(value);
