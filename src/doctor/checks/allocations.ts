import type { Cloud } from '../../model/cloud.ts';
import type { HostId, ProviderId, ServerId } from '../../model/ids.ts';
import { isInFlight } from '../../model/migration.ts';
import type { Server } from '../../model/server.ts';
import { showName } from '../../shared/text.ts';
import { type Check, type Finding, problem, unknown, warning } from '../check.ts';
import { readThem } from './migrations.ts';

/** What servers hold in Placement is held where they are. */
export const allocations: Check = {
  id: 'allocations',
  looksAt: 'cloud',
  needed:
    'each server holds its amounts on its host and nowhere else; nobody else holds any, but migrations under way',
  why: 'failed migrations and evacuations leave allocations behind, and their hosts look full (Nova admin guide, troubleshooting orphaned allocations)',
  fine: 'all allocations are of servers on their hosts',
  examine: (cloud, { migrationsUnread }) =>
    migrationsUnread === true
      ? [unknown(['migrations'], 'none were read: nobody knows who is under way', readThem)]
      : [...ofServers(cloud), ...ofOthers(cloud)],
};

const heal = (id: ServerId): string =>
  `openstack resource provider allocation show ${id}; then nova-manage placement heal_allocations --instance ${id}, or unset what is at the wrong provider`;

function ofServers(cloud: Cloud): readonly Finding[] {
  const hostOf = hostsOfProviders(cloud);
  const moving = new Set(cloud.migrations.filter(isInFlight).map(({ server }) => server));
  const untold: string[] = [];
  const findings = [...cloud.servers.values()].flatMap((server): readonly Finding[] => {
    if (server.allocations === undefined) {
      if (server.host !== undefined) untold.push(nameOf(server));
      return [];
    }
    return moving.has(server.id) ? [] : ofServer(server, hostOf);
  });
  return untold.length === 0
    ? findings
    : [
        ...findings,
        unknown(
          ['Placement'],
          `allocations of ${untold.length} servers were not read`,
          'have Placement answer: see permissions-import',
        ),
      ];
}

function ofServer(
  { allocations: held = [], host, id, name }: Server,
  hostOf: ReadonlyMap<ProviderId, HostId>,
): readonly Finding[] {
  const hosts = new Set(held.flatMap(({ provider }) => hostOf.get(provider) ?? []));
  const place = [nameOf({ id, name })];
  const elsewhere = [...hosts].filter((each) => each !== host);
  if (elsewhere.length > 0) {
    const at = host === undefined ? 'is on no host' : `is on ${showName(host)}`;
    return [
      problem(
        place,
        `${at}, but holds amounts on ${elsewhere.map((each) => showName(each)).join(', ')}, and no migration is under way`,
        heal(id),
      ),
    ];
  }
  if (host !== undefined && held.length === 0)
    return [
      problem(
        place,
        `is on ${showName(host)} and holds nothing there: its room is given away twice`,
        heal(id),
      ),
    ];
  return [];
}

/** Consumers that are no servers of the cloud. */
function ofOthers(cloud: Cloud): readonly Finding[] {
  const records = new Map(
    cloud.migrations.flatMap((each) => (each.uuid === undefined ? [] : [[each.uuid, each] as const])),
  );
  const hostOf = hostsOfProviders(cloud);
  return cloud.otherConsumers.flatMap(({ allocations: held, id, migration }): Finding[] => {
    const hosts = [...new Set(held.flatMap(({ provider }) => hostOf.get(provider) ?? []))];
    if (hosts.length === 0) return [];
    const at = hosts.map((host) => showName(host)).join(', ');
    const record = records.get(migration ?? id);
    if (record !== undefined && isInFlight(record)) return [];
    const next = `openstack resource provider allocation show ${id}; when nobody owns it: nova-manage placement audit --delete`;
    if (record !== undefined)
      return [
        problem(
          [`migration ${record.id}`],
          `has ended (${record.status}) and still holds amounts on ${at}`,
          next,
        ),
      ];
    return [
      warning(
        [`consumer ${showName(id)}`],
        `holds amounts on ${at}, and is no server and no migration that was read`,
        next,
      ),
    ];
  });
}

const hostsOfProviders = (cloud: Cloud): ReadonlyMap<ProviderId, HostId> =>
  new Map(
    [...cloud.hosts.values()].flatMap(({ id, providers }) =>
      providers.map((provider) => [provider.id, id] as const),
    ),
  );

const nameOf = ({ id, name }: Pick<Server, 'id' | 'name'>): string =>
  name === '' ? `server ${id}` : `server ${name} (${id})`;
