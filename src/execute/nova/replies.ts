import { z } from 'zod';
import { hostId, serverId } from '../../model/ids.ts';
import { compareText } from '../../shared/collections.ts';
import type { ActionSeen, MigrationSeen, NewServer, ServerSeen, ServiceSeen } from '../driver.ts';

const text = z.string().nullish();

const ServerReply = z.object({
  server: z.object({
    status: z.string(),
    'OS-EXT-SRV-ATTR:host': text,
    'OS-EXT-STS:vm_state': text,
    'OS-EXT-STS:task_state': text,
    flavor: z.object({ vcpus: z.number().optional(), ram: z.number().optional() }).optional(),
    fault: z.object({ message: text }).nullish(),
    addresses: z.record(z.string(), z.array(z.object({ addr: z.string() }))).optional(),
  }),
});

/** `GET /servers/{id}`. */
export function serverIn(body: unknown): ServerSeen {
  const { server } = ServerReply.parse(body);
  const host = server['OS-EXT-SRV-ATTR:host'] ?? undefined;
  const taskState = server['OS-EXT-STS:task_state'] ?? undefined;
  const { vcpus, ram } = server.flavor ?? {};
  const fault = server.fault?.message ?? undefined;
  const { addresses } = server;
  return {
    status: server.status,
    vmState: server['OS-EXT-STS:vm_state'] ?? '',
    ...(host !== undefined && { host: hostId(host) }),
    ...(taskState !== undefined && { taskState }),
    ...(vcpus !== undefined && { vcpus }),
    ...(ram !== undefined && { memoryMiB: ram }),
    ...(fault !== undefined && { fault }),
    ...(addresses !== undefined && {
      addresses: Object.values(addresses).flatMap((ports) => ports.map(({ addr }) => addr)),
    }),
  };
}

const MigrationsReply = z.object({
  migrations: z.array(
    z.object({
      id: z.int(),
      instance_uuid: z.string(),
      status: z.string(),
      migration_type: text,
      source_compute: text,
      dest_compute: text,
    }),
  ),
});

/** `GET /os-migrations`, newest first whatever the release's order. */
export const migrationsIn = (
  body: unknown,
): readonly (MigrationSeen & { readonly server: ReturnType<typeof serverId> })[] =>
  MigrationsReply.parse(body)
    .migrations.map((record) => {
      const { id, instance_uuid: server, status, migration_type: type } = record;
      const { source_compute: source, dest_compute: destination } = record;
      return {
        id,
        server: serverId(server),
        type: type ?? '',
        status,
        ...(typeof source === 'string' && { source: hostId(source) }),
        ...(typeof destination === 'string' && { destination: hostId(destination) }),
      };
    })
    .toSorted((a, b) => b.id - a.id);

const ActionsReply = z.object({
  instanceActions: z.array(
    z.object({ request_id: z.string(), action: z.string(), message: text, start_time: text }),
  ),
});

/** `GET /servers/{id}/os-instance-actions`, newest first; `failed` when Nova says so. */
export const actionsIn = (
  body: unknown,
): readonly (Omit<ActionSeen, 'errors'> & { readonly failed: boolean })[] =>
  ActionsReply.parse(body)
    .instanceActions.toSorted((a, b) => compareText(b.start_time ?? '', a.start_time ?? ''))
    .map(({ request_id: requestId, action, message }) => ({
      requestId,
      action,
      failed: typeof message === 'string',
    }));

const ActionReply = z.object({
  instanceAction: z.object({
    message: text,
    events: z
      .array(z.object({ event: z.string(), result: text, details: text, traceback: text }))
      .default([]),
  }),
});

/** What the failed events of `GET /servers/{id}/os-instance-actions/{request}` say (`details`, from 2.84 on). */
export function errorsIn(body: unknown): readonly string[] {
  const { events, message } = ActionReply.parse(body).instanceAction;
  const failed = events.filter(({ result }) => result === 'Error');
  const texts = failed.map(
    ({ event, details, traceback }) => details ?? lastLine(traceback) ?? `${event} failed`,
  );
  return texts.length > 0 || typeof message !== 'string' ? texts : [message];
}

/** Whether the conductor is at it still, by the same reply: it ends its event after the migration's record. */
export const isOpen = (body: unknown): boolean =>
  ActionReply.parse(body).instanceAction.events.some(
    ({ event, result }) => event.startsWith('conductor_') && typeof result !== 'string',
  );

const lastLine = (traceback: string | null | undefined): string | undefined =>
  traceback?.trim().split('\n').at(-1);

const ServicesReply = z.object({
  services: z.array(
    z.object({
      id: z.union([z.string(), z.int()]).optional(),
      binary: z.string().optional(),
      host: z.string(),
      status: text,
      state: text,
      forced_down: z.boolean().optional(),
      disabled_reason: text,
    }),
  ),
});

/** `GET /os-services`; a service of a cell that is down has neither status nor state. */
export const servicesIn = (body: unknown): readonly ServiceSeen[] =>
  ServicesReply.parse(body)
    .services.filter(({ binary = 'nova-compute' }) => binary === 'nova-compute')
    .map(({ id, host, status, state, forced_down: forced = false, disabled_reason: reason }) => ({
      host: hostId(host),
      status: status === 'disabled' ? 'disabled' : 'enabled',
      state: state === 'up' && !forced ? 'up' : 'down',
      ...(id !== undefined && { id: String(id) }),
      ...(typeof reason === 'string' && { reason }),
    }));

const TopologyReply = z.object({ nodes: z.array(z.object({ host_node: z.int().optional() })) });

/** `GET /servers/{id}/topology` (2.78); undefined where the policy hides the host's side. */
export function cellsIn(body: unknown): readonly number[] | undefined {
  const cells = TopologyReply.parse(body).nodes.map(({ host_node: cell }) => cell);
  const known = cells.filter((cell) => cell !== undefined);
  return known.length === cells.length ? known : undefined;
}

const IdsReply = z.object({ servers: z.array(z.object({ id: z.string() })) });

/** `GET /servers`. */
export const serverIdsIn = (body: unknown): readonly ReturnType<typeof serverId>[] =>
  IdsReply.parse(body).servers.map(({ id }) => serverId(id));

const ServersReply = z.object({
  servers: z.array(
    z.object({
      id: z.string(),
      name: text,
      status: text,
      created: text,
      'OS-EXT-SRV-ATTR:host': text,
    }),
  ),
});

/** Of `GET /servers/detail?changes-since=…`, which tells of deleted ones too: those made since, in milliseconds. */
export const newServersIn = (body: unknown, since: number): readonly NewServer[] =>
  ServersReply.parse(body).servers.flatMap((server) => {
    const { id, name, status, created, 'OS-EXT-SRV-ATTR:host': host } = server;
    if (status === 'DELETED' || status === 'SOFT_DELETED' || !(Date.parse(created ?? '') >= since)) return [];
    return [{ id: serverId(id), name: name ?? id, ...(typeof host === 'string' && { host: hostId(host) }) }];
  });
