import type { Service } from '../../openstack/services.ts';
import { type Asking, saveListing } from './asking.ts';

const pageSize = 1000;

interface Optional {
  readonly service: Service;
  readonly path: string;
  readonly member: string;
  readonly file: string;
  readonly limit?: number;
  readonly query?: Readonly<Record<string, string>>;
}

const listings: readonly Optional[] = [
  { service: 'identity', path: '/projects', member: 'projects', file: 'api/keystone/projects' },
  { service: 'image', path: '/images', member: 'images', file: 'api/glance/images', limit: pageSize },
  { service: 'network', path: '/ports', member: 'ports', file: 'api/neutron/ports', limit: pageSize },
  {
    service: 'network',
    path: '/networks',
    member: 'networks',
    file: 'api/neutron/networks',
    limit: pageSize,
  },
  { service: 'network', path: '/agents', member: 'agents', file: 'api/neutron/agents' },
  {
    service: 'block-storage',
    path: '/volumes/detail',
    member: 'volumes',
    file: 'api/cinder/volumes-detail',
    query: { all_tenants: '1' },
    limit: pageSize,
  },
];

/** What makes an inventory richer and need not be there: names of projects, images, ports, networks, agents, volumes. */
export async function saveOtherServices(asking: Asking): Promise<void> {
  await Promise.all(
    listings.map(async (listing) => {
      if (await asking.session.has(listing.service)) await saveListing(asking, listing);
    }),
  );
}
