import { z } from 'zod';
import { groupBy } from '../../../src/shared/collections.ts';
import type { Admin } from './admin.ts';
import { act, settled } from './server-action.ts';
import type { HostsSpec, SeedServer, SeedSpec } from './spec.ts';

/** The lab's only image (`services/neighbours.py`). */
const imageId = '5eed0000-0000-4000-8000-000000000001';

const Named = z.object({ id: z.union([z.string(), z.number()]) });

/** Flavors, zones, aggregates, groups and servers. Waits until each server runs where the spec wants it. */
export async function seedCloud(admin: Admin, hosts: HostsSpec, seed: SeedSpec): Promise<void> {
  const [groups] = await Promise.all([
    createGroups(admin, seed),
    createFlavors(admin, seed),
    createAggregates(admin, hosts, seed),
  ]);
  await seedServers(admin, seed.servers, groups);
}

/** Creates servers where the spec wants them, by the scheduler; gives their ids in the order of the spec. */
export async function seedServers(
  admin: Admin,
  servers: readonly SeedServer[],
  groups: ReadonlyMap<string, string> = new Map(),
): Promise<string[]> {
  const alone = servers.filter(({ group }) => group === undefined).map((server) => [server]);
  const together = groupBy(servers, ({ group }) => group);
  together.delete(undefined);
  const ids = new Map<string, string>();

  const createAll = async (members: readonly SeedServer[]) => {
    for (const server of members) {
      const id = await createServer(admin, server, groups);
      ids.set(server.name, id);
      // The next member of a group is judged by where this one is.
      if (server !== members.at(-1)) await settled(admin, id, 'ACTIVE');
    }
  };
  await Promise.all([...alone, ...together.values()].map(createAll));

  const idsInOrder = servers.map(({ name }) => ids.get(name) ?? '');
  for (const id of idsInOrder) await settled(admin, id, 'ACTIVE');
  const stopped = servers.filter((server) => server.stopped === true);
  await Promise.all(stopped.map(({ name }) => stop(admin, ids.get(name) ?? '')));
  return idsInOrder;
}

async function stop(admin: Admin, id: string): Promise<void> {
  await act(admin, id, { 'os-stop': null });
  await settled(admin, id, 'SHUTOFF');
}

async function createServer(
  admin: Admin,
  { name, flavor, host, group, metadata = {} }: SeedServer,
  groups: ReadonlyMap<string, string>,
): Promise<string> {
  const server = { name, flavorRef: flavor, imageRef: imageId, host, metadata, networks: 'none' };
  const hints = group === undefined ? {} : { 'os:scheduler_hints': { group: groups.get(group) } };
  const made = await admin.change('compute', 'POST', '/servers', { server, ...hints });
  return z.object({ server: z.object({ id: z.string() }) }).parse(made).server.id;
}

async function createFlavors(admin: Admin, { flavors }: SeedSpec): Promise<void> {
  const create = async ([name, spec]: [string, SeedSpec['flavors'][string]]) => {
    const { vcpus, memoryMiB, diskGiB, extraSpecs } = spec;
    const flavor = { id: name, name, vcpus, ram: memoryMiB, disk: diskGiB };
    await admin.change('compute', 'POST', '/flavors', { flavor });
    if (extraSpecs !== undefined)
      await admin.change('compute', 'POST', `/flavors/${name}/os-extra_specs`, { extra_specs: extraSpecs });
  };
  await Promise.all(Object.entries(flavors).map(create));
}

async function createAggregates(admin: Admin, { hosts }: HostsSpec, seed: SeedSpec): Promise<void> {
  const zones = new Set(Object.values(hosts).flatMap(({ zone }) => zone ?? []));
  for (const zone of zones) {
    const members = Object.keys(hosts).filter((name) => hosts[name]?.zone === zone);
    await createAggregate(admin, { name: zone, availability_zone: zone }, members);
  }
  for (const [name, { hosts: members, metadata }] of Object.entries(seed.aggregates)) {
    const id = await createAggregate(admin, { name }, members);
    await admin.change('compute', 'POST', `/os-aggregates/${id}/action`, { set_metadata: { metadata } });
  }
}

async function createAggregate(
  admin: Admin,
  aggregate: Readonly<Record<string, string>>,
  hosts: readonly string[],
): Promise<string | number> {
  const made = await admin.change('compute', 'POST', '/os-aggregates', { aggregate });
  const { id } = z.object({ aggregate: Named }).parse(made).aggregate;
  for (const host of hosts)
    await admin.change('compute', 'POST', `/os-aggregates/${id}/action`, { add_host: { host } });
  return id;
}

async function createGroups(admin: Admin, { groups }: SeedSpec): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const [name, { policy, maxServersPerHost }] of Object.entries(groups)) {
    const rules =
      maxServersPerHost === undefined ? {} : { rules: { max_server_per_host: maxServersPerHost } };
    const made = await admin.change('compute', 'POST', '/os-server-groups', {
      server_group: { name, policy, ...rules },
    });
    ids.set(name, z.object({ server_group: z.object({ id: z.string() }) }).parse(made).server_group.id);
  }
  return ids;
}
