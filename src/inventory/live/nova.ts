import { openStatuses } from '../migration-records.ts';
import { type Asking, type Item, microversionFor, saveEach, saveListing } from './asking.ts';

/** Ids that later questions are about. */
export interface ServersSeen {
  readonly all: string[];
  /** Those that a live migration moves. */
  readonly moving: string[];
}

const pageSize = 1000;
const service = 'compute';

/** Everything that Nova lists: services, hypervisors, servers of all projects, flavors, aggregates, groups. */
export async function saveNovaLists(asking: Asking): Promise<ServersSeen> {
  const seen: ServersSeen = { all: [], moving: [] };
  await Promise.all([
    saveVersions(asking),
    saveServers(asking, seen),
    saveFlavors(asking),
    saveListing(asking, {
      service,
      path: '/os-services',
      member: 'services',
      file: 'api/nova/os-services',
      microversion: { wanted: '2.69', least: '2.1' },
      required: true,
    }),
    saveHypervisors(asking),
    saveListing(asking, {
      service,
      path: '/os-aggregates',
      member: 'aggregates',
      file: 'api/nova/os-aggregates',
      microversion: { wanted: '2.87', least: '2.1' },
    }),
    saveListing(asking, {
      service,
      path: '/os-server-groups',
      member: 'server_groups',
      file: 'api/nova/os-server-groups',
      microversion: { wanted: '2.90', least: '2.1' },
      query: { all_projects: 'True' },
      limit: pageSize,
      byOffset: true,
    }),
  ]);
  return seen;
}

/** What Nova tells of single servers: topologies as placed, shares, and progress of live migrations. */
export async function saveServerDetails(asking: Asking, { all, moving }: ServersSeen): Promise<void> {
  await saveEach(asking, all, {
    service,
    what: 'topologies of servers',
    microversion: { wanted: '2.78', least: '2.78' },
    path: (id) => `/servers/${id}/topology`,
    file: (id) => `api/nova/servers-topology/${id}.json`,
  });
  const { max = '2.1' } = (await asking.session.microversions(service)) ?? {};
  if (Number(max.split('.')[1]) >= 97) {
    await saveEach(asking, all, {
      service,
      what: 'shares of servers',
      microversion: { wanted: '2.97', least: '2.97' },
      path: (id) => `/servers/${id}/shares`,
      file: (id) => `api/nova/servers-shares/${id}.json`,
    });
  }
  await saveEach(asking, moving, {
    service,
    what: 'live migrations of servers',
    microversion: { wanted: '2.80', least: '2.23' },
    path: (id) => `/servers/${id}/migrations`,
    file: (id) => `api/nova/servers-migrations/${id}.json`,
  });
}

async function saveVersions({ recording, session }: Asking): Promise<void> {
  const range = await session.microversions(service);
  if (range === undefined) return;
  await recording.save('api/nova/versions.json', {
    versions: [{ id: 'v2.1', status: 'CURRENT', version: range.max, min_version: range.min }],
  });
}

/** Up to 2.87: from 2.88 on the CPU is gone. Pages since 2.33. */
async function saveHypervisors(asking: Asking): Promise<void> {
  const listing = {
    service,
    path: '/os-hypervisors/detail',
    member: 'hypervisors',
    file: 'api/nova/os-hypervisors-detail',
    required: true,
  } as const;
  const { max = '2.1' } = (await asking.session.microversions(service)) ?? {};
  const paged = Number(max.split('.')[1]) >= 33;
  await saveListing(asking, {
    ...listing,
    microversion: { wanted: '2.87', least: '2.1' },
    ...(paged && { limit: pageSize }),
  });
}

const hostMember = 'OS-EXT-SRV-ATTR:host';

/** Of all projects; up to 2.100, from which on scheduler hints are told. */
async function saveServers(asking: Asking, { all, moving }: ServersSeen): Promise<void> {
  const hostless = new Set<unknown>();
  const note = (server: Item): void => {
    const { id, status, [hostMember]: host } = server;
    if (host === undefined && status !== 'UNKNOWN') hostless.add(id);
    if (typeof id !== 'string') return;
    all.push(id);
    if (status === 'MIGRATING') moving.push(id);
  };
  await saveListing(
    asking,
    {
      service,
      path: '/servers/detail',
      member: 'servers',
      file: 'api/nova/servers-detail',
      microversion: { wanted: '2.100', least: '2.1' },
      query: { all_tenants: 1 },
      limit: pageSize,
      required: true,
    },
    (servers) => {
      servers.forEach(note);
    },
  );
  if (hostless.size > 0) {
    const policy = 'os_compute_api:os-extended-server-attributes';
    asking.problems.push({
      code: 'cloud.forbidden',
      severity: 'error',
      summary: 'Nova does not tell this user the hosts of servers (GET /servers/detail)',
      source: `cloud ${asking.session.name}`,
      value: policy,
      hint: `use an administrator's credentials, or have ${policy} allowed for this user`,
    });
  }
}

/** With extra specs from 2.61 on; below, those of each flavor are asked for. */
async function saveFlavors(asking: Asking): Promise<void> {
  const without: string[] = [];
  await saveListing(
    asking,
    {
      service,
      path: '/flavors/detail',
      member: 'flavors',
      file: 'api/nova/flavors-detail',
      microversion: { wanted: '2.90', least: '2.1' },
      query: { is_public: 'None' },
      limit: pageSize,
    },
    (flavors) => {
      for (const { extra_specs: specs, id } of flavors)
        if (specs === undefined && typeof id === 'string') without.push(id);
    },
  );
  await saveEach(asking, without, {
    service,
    what: 'extra specs of flavors',
    path: (id) => `/flavors/${id}/os-extra_specs`,
    file: (id) => `api/nova/flavor-extra-specs/${id}.json`,
  });
}

const migrations = {
  service,
  path: '/os-migrations',
  member: 'migrations',
  file: 'api/nova/os-migrations',
  microversion: { wanted: '2.80', least: '2.23' },
} as const;

/** Records of the last days, and those still open however old: a cloud keeps the records of years. */
export async function saveMigrations(asking: Asking, since: string): Promise<void> {
  const chosen = await microversionFor(asking.session, service, migrations.microversion).catch(
    () => undefined,
  );
  if (chosen === undefined || Number(chosen.split('.')[1]) < 59) {
    await saveListing(asking, migrations); // neither pages nor times below 2.59
    return;
  }
  const seen = new Set<unknown>();
  const keep = ({ id }: Item): boolean => {
    const isNew = !seen.has(id);
    seen.add(id);
    return isNew;
  };
  const paged = { ...migrations, keep, limit: pageSize };
  let page = 1 + (await saveListing(asking, { ...paged, query: { 'changes-since': since } }));
  for (const status of openStatuses) {
    page += await saveListing(asking, { ...paged, query: { status }, firstPage: page });
  }
}
