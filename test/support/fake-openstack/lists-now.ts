import { z } from 'zod';
import { hostId, serverId } from '../../../src/model/ids.ts';
import type { Cloud } from '../../../src/model/cloud.ts';
import type { Allocation } from '../../../src/model/placement.ts';
import type { Migration } from '../../../src/model/migration.ts';
import type { Server } from '../../../src/model/server.ts';
import { type FakeAnswer, type FakeApi, type FakeRequest, type LaterApi, ok, paged } from './fake-api.ts';
import type { Working } from './working-cloud.ts';

const Listed = z.array(z.looseObject({ id: z.union([z.string(), z.number()]) }));
const Services = z.object({ services: z.array(z.looseObject({ id: z.string(), host: z.string() })) });
const Providers = z.object({
  resource_providers: z.array(z.looseObject({ uuid: z.string(), name: z.string() })),
});
const Held = z.looseObject({ resources: z.record(z.string(), z.number()) });
const Allocations = z.object({ allocations: z.record(z.string(), Held) });
const Inventories = z.object({
  inventories: z.record(
    z.string(),
    z.object({ total: z.number(), reserved: z.number(), allocation_ratio: z.number() }),
  ),
});

/**
 * What a recorded cloud lists, as it is now: servers where they are, services, migration records, what Placement
 * counts. Servers on their way count where they come from.
 */
export function listsNow(recorded: FakeApi, working: Working): LaterApi {
  const { driver } = working;

  /** All that the recording answers to a GET. */
  function all(service: string, path: string): unknown {
    const query = new URLSearchParams();
    const answer = recorded({ service, method: 'GET', path, query, microversion: undefined, body: '' });
    return answer?.body;
  }

  function serversNow(): readonly z.infer<typeof Listed>[number][] {
    const { hosts, servers } = working.cloud();
    const body = z.object({ servers: Listed }).parse(all('compute', '/servers/detail'));
    return body.servers.map((listed) => {
      const server = servers.get(serverId(String(listed.id)));
      const host = server?.host === undefined ? undefined : hosts.get(server.host);
      return server === undefined ? listed : { ...listed, ...placeOf(server, host?.nodeName) };
    });
  }

  function servers({ query }: FakeRequest): FakeAnswer {
    const host = query.get('host');
    const found = serversNow().filter((server) => host === null || server['OS-EXT-SRV-ATTR:host'] === host);
    return paged('servers', found, query);
  }

  /** With the task that a listing does not tell of. */
  async function server(id: string): Promise<FakeAnswer | undefined> {
    const { server: seen } = await driver.look(serverId(id));
    const found = serversNow().find((one) => one.id === id);
    if (seen === undefined || found === undefined) return undefined;
    return ok({
      server: {
        ...found,
        status: seen.status,
        'OS-EXT-SRV-ATTR:host': seen.host ?? null,
        'OS-EXT-STS:vm_state': seen.vmState,
        'OS-EXT-STS:task_state': seen.taskState ?? null,
        ...(seen.fault !== undefined && { fault: { message: seen.fault } }),
      },
    });
  }

  function topology(id: string): FakeAnswer | undefined {
    const now = working.cloud().servers.get(serverId(id));
    if (now?.topology?.kind !== 'placed' || now.topology === working.recorded.servers.get(now.id)?.topology)
      return undefined;
    const nodes = now.topology.topology.cells.map((cell) => ({
      vcpu_set: [...cell.sharedVcpus, ...cell.dedicatedVcpus].toSorted((a, b) => a - b),
      siblings: [],
      memory_mb: cell.memoryMiB,
      host_node: cell.hostCellId,
      cpu_pinning: Object.fromEntries(cell.pinning ?? []),
    }));
    const [first] = now.topology.topology.cells;
    return ok({ nodes, pagesize_kb: first?.pageSizeKiB ?? null });
  }

  async function services(): Promise<FakeAnswer> {
    const now = await driver.services();
    const { services: listed } = Services.parse(all('compute', '/os-services'));
    return ok({
      services: listed.map((service) => {
        const seen = now.find(({ id }) => id === service.id);
        if (seen === undefined) return service;
        const { status, state, reason = null } = seen;
        const isForced = state === 'up' ? { forced_down: false } : {};
        return { ...service, status, state, disabled_reason: reason, ...isForced };
      }),
    });
  }

  function migrations({ query }: FakeRequest): FakeAnswer {
    const body = z.object({ migrations: Listed }).parse(all('compute', '/os-migrations'));
    const kept = new Map(body.migrations.map((record) => [Number(record.id), record]));
    const time = new Date(working.clock.now()).toISOString().slice(0, 19);
    const [id, status] = [query.get('instance_uuid'), query.get('status')];
    const found = working
      .cloud()
      .migrations.map((record) => ({
        ...(kept.get(record.id) ?? { created_at: time }),
        ...recordOf(record, time),
      }))
      .filter((record) => (id ?? record.instance_uuid) === record.instance_uuid)
      .filter((record) => (status ?? record.status) === record.status);
    return paged('migrations', found.toReversed(), query);
  }

  /** What each consumer holds on a provider. */
  function held(provider: string): z.infer<typeof Allocations>['allocations'] {
    const before = Allocations.parse(all('placement', `/resource_providers/${provider}/allocations`));
    const cloud = working.cloud();
    const arrived = movedIn(cloud, working.recorded).flatMap(({ id, allocations = [] }) =>
      allocations.flatMap((allocation) => ofProvider(allocation, provider, id)),
    );
    const left = new Set(movedIn(cloud, working.recorded).map(({ id }): string => id));
    const stayed = Object.entries(before.allocations).filter(([consumer]) => !left.has(consumer));
    return Object.fromEntries([...stayed, ...arrived]);
  }

  function usages(provider: string): Readonly<Record<string, number>> {
    const before = z
      .object({ usages: z.record(z.string(), z.number()) })
      .parse(all('placement', `/resource_providers/${provider}/usages`));
    const sums: Record<string, number> = Object.fromEntries(
      Object.keys(before.usages).map((name) => [name, 0]),
    );
    for (const { resources } of Object.values(held(provider)))
      for (const [name, amount] of Object.entries(resources)) sums[name] = (sums[name] ?? 0) + amount;
    return sums;
  }

  /** Of one tree, by amounts alone: the provider of the host has them all. */
  function candidates({ query }: FakeRequest): FakeAnswer {
    const provider = query.get('in_tree') ?? '';
    const { inventories } = Inventories.parse(
      all('placement', `/resource_providers/${provider}/inventories`),
    );
    const used = usages(provider);
    const wanted = (query.get('resources') ?? '').split(',').map((one) => one.split(':'));
    const fits = wanted.every(([name = '', amount = '']) => {
      const { total = 0, reserved = 0, allocation_ratio: ratio = 1 } = inventories[name] ?? {};
      return (used[name] ?? 0) + Number(amount) <= (total - reserved) * ratio;
    });
    return ok({ allocation_requests: fits ? [{ allocations: {} }] : [], provider_summaries: {} });
  }

  function providers({ query }: FakeRequest): FakeAnswer | undefined {
    const name = query.get('name');
    if (name === null) return undefined;
    const body = Providers.parse(all('placement', '/resource_providers'));
    return ok({ resource_providers: body.resource_providers.filter((provider) => provider.name === name) });
  }

  async function group(id: string): Promise<FakeAnswer | undefined> {
    const members = await driver.groupMembers(id);
    return members === undefined ? undefined : ok({ server_group: { id, members } });
  }

  function ofPlacement(request: FakeRequest): FakeAnswer | undefined {
    const [, kind = '', id = '', part = ''] = request.path.split('/');
    if (kind === 'allocation_candidates') return candidates(request);
    if (kind !== 'resource_providers') return undefined;
    if (id === '') return providers(request);
    if (part === 'allocations') return ok({ allocations: held(id), resource_provider_generation: 1 });
    if (part === 'usages') return ok({ usages: usages(id), resource_provider_generation: 1 });
    return undefined;
  }

  return (request) => {
    const { method, path, service } = request;
    if (method !== 'GET') return undefined;
    if (service === 'placement') return ofPlacement(request);
    if (service !== 'compute') return undefined;
    const [, kind = '', id = '', part = ''] = path.split('/');
    if (path === '/servers' || path === '/servers/detail') return servers(request);
    if (path === '/os-services') return services();
    if (path === '/os-migrations') return migrations(request);
    if (kind === 'os-server-groups' && id !== '') return group(id);
    if (kind !== 'servers') return undefined;
    return part === 'topology' ? topology(id) : part === '' ? server(id) : undefined;
  };
}

const placeOf = ({ host, status, vmState }: Server, node: string | undefined) => ({
  status,
  'OS-EXT-STS:vm_state': vmState,
  'OS-EXT-SRV-ATTR:host': host ?? null,
  'OS-EXT-SRV-ATTR:hypervisor_hostname': node ?? null,
});

const recordOf = ({ id, server, type, status, source, destination }: Migration, time: string) => ({
  id,
  instance_uuid: server,
  migration_type: type,
  status,
  source_compute: source ?? null,
  dest_compute: destination ?? null,
  updated_at: time,
});

/** Servers that are on another host than they were. */
export const movedIn = ({ servers }: Cloud, before: Cloud): readonly Server[] =>
  [...servers.values()].filter(({ id, host = hostId('') }) => before.servers.get(id)?.host !== host);

const ofProvider = (
  { provider, resources }: Allocation,
  wanted: string,
  consumer: string,
): readonly (readonly [string, { readonly resources: Record<string, number> }])[] =>
  provider === wanted ? [[consumer, { resources: { ...resources } }]] : [];
