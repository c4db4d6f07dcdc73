import type { Cloud } from '../../model/cloud.ts';
import { type HostId, serverGroupId, type ServerId } from '../../model/ids.ts';
import { capacity } from '../../constraints/rules/capacity.ts';
import { isInFlight } from '../../model/migration.ts';
import type { Answer, Call, Driver, EndEarlyCall, MigrateCall, ServerCall, ServiceCall } from '../driver.ts';
import type { RunClock } from '../runner/tools.ts';
import { cloudNow } from './cloud-now.ts';
import { confirm, migrateCold, revert } from './cold.ts';
import { evacuate } from './evacuate.ts';
import { migrateLive } from './live.ts';
import {
  createWorld,
  seenAction,
  seenMigration,
  seenServer,
  type SimServer,
  type World,
  type WorldRequest,
} from './world.ts';

/** A simulated cloud with its time. */
export interface Simulated {
  readonly driver: Driver;
  readonly clock: RunClock;
  /** Seconds since the start. */
  elapsed(): number;
  /** The cloud as it would be read now, while nothing is on its way. */
  cloud(): Cloud;
}

/** Seconds that an API call takes. */
export const callSeconds = 0.05;

/**
 * A cloud that answers as Nova does, on the replayed state of an inventory: requests are accepted first and refused
 * later, records lag behind servers, and what the faults say goes wrong. Its time passes only where somebody waits.
 *
 * @param request what it is made of; @param start milliseconds since 1970 at which its time begins
 */
export function createSimulated(request: WorldRequest, start: number): Simulated {
  const world = createWorld(request);
  const { context } = world;
  let requests = 0;
  let changes = 0;
  const answer = <Value>(value: () => Value): Promise<Value> => {
    requests += 1;
    world.advance(callSeconds);
    return Promise.resolve(value());
  };
  const driver: Driver = {
    requests: () => requests,
    look: (id) => answer(() => lookAt(id, world)),
    services: () =>
      answer(() =>
        [...world.services].map(([host, { status, state, reason, id }]) => ({
          host,
          status,
          state,
          ...(reason !== undefined && { reason }),
          ...(id !== undefined && { id }),
        })),
      ),
    changedSince: () =>
      answer(() => [...world.servers.values()].flatMap(({ migrations }) => migrations.map(seenMigration))),
    inFlight: () =>
      answer(() =>
        [...world.servers.values()].flatMap(({ id, migrations }) =>
          migrations.filter(isInFlight).map((record) => ({ ...seenMigration(record), server: id })),
        ),
      ),
    newServers: () => answer(() => []),
    serversOn: (host) =>
      answer(() =>
        [...world.servers.values()].flatMap((server) => (server.host === host ? [server.id] : [])),
      ),
    hasRoom: (id, host) => answer(() => roomOn(id, host, world)),
    groupMembers: (group) => answer(() => context.cloud.groups.get(serverGroupId(group))?.members),
    cells: (id) => answer(() => cellsOf(id, world)),
    request: (call) =>
      answer(() => {
        // By what was asked of servers alone: a replay reads less.
        if ('server' in call) changes += 1;
        return take(call, world, `req-${changes}`);
      }),
  };
  const clock: RunClock = {
    now: () => start + Math.round(world.now() * 1000),
    sleep(seconds) {
      world.advance(seconds);
      return new Promise((resolve) => setImmediate(resolve)); // signals are heard however long it takes
    },
  };
  const cloud = (): Cloud => cloudNow(world, new Date(clock.now()).toISOString());
  return { driver, clock, elapsed: world.now, cloud };
}

function lookAt(id: ServerId, { servers }: World) {
  const server = servers.get(id);
  if (server === undefined) return { migrations: [], actions: [] };
  return {
    server: seenServer(server),
    migrations: server.migrations.map(seenMigration),
    actions: server.actions.map(seenAction),
  };
}

function roomOn(id: ServerId, to: HostId, { context, state, servers }: World): boolean | undefined {
  const server = context.cloud.servers.get(id);
  const from = servers.get(id)?.host;
  if (server === undefined || from === undefined) return undefined;
  const arrival = { server, from, to, method: 'live', storage: 'shared' } as const;
  return capacity.judge(arrival, state).kind !== 'no';
}

function cellsOf(id: ServerId, { state, servers }: World): readonly number[] | undefined {
  const server = servers.get(id);
  const claim = state.claimsOf(id).find(({ role }) => role === 'resident');
  const cells = claim?.guest?.cells.map(({ hostCellId }) => hostCellId) ?? [];
  return server?.otherCells === true ? cells.map((cell) => cell + 1) : cells;
}

function take(call: Call, world: World, requestId: string): Answer {
  if ('host' in call) return takeService(call, world);
  const server = world.servers.get(call.server);
  if (server === undefined) return { kind: 'refused', status: 404, text: 'Instance could not be found.' };
  if (world.strikes(server, 'lose-request') !== undefined) return lost;
  const refusal = 'migration' in call ? tooLate(call, server) : conflict(call, server, world);
  if (refusal !== undefined) return refusal;
  if ('migration' in call) endEarly(call, server, requestId);
  else carryOut(call, server, world, requestId);
  return world.strikes(server, 'lose-answer') === undefined ? { kind: 'accepted', requestId } : lost;
}

const lost: Answer = { kind: 'lost', text: 'the connection broke before there was an answer' };

type AtServer = MigrateCall | ServerCall;

function conflict(call: AtServer, server: SimServer, world: World): Answer | undefined {
  const no = (status: number, text: string): Answer => ({ kind: 'refused', status, text });
  // Nova does not look at the task of a server that is evacuated.
  if (server.taskState !== undefined && (call.kind !== 'evacuate' || server.status === 'REBUILD'))
    return no(409, `Cannot '${call.kind}' instance while it is in task_state ${server.taskState}`);
  if (call.kind === 'evacuate') {
    return world.services.get(call.from)?.state === 'up'
      ? no(400, `Compute service of ${call.from} is still in use.`)
      : undefined;
  }
  const wanted: Readonly<Record<Exclude<AtServer['kind'], 'evacuate'>, readonly string[]>> = {
    live: ['ACTIVE', 'PAUSED'],
    cold: ['ACTIVE', 'SHUTOFF'],
    confirm: ['VERIFY_RESIZE'],
    revert: ['VERIFY_RESIZE'],
    stop: ['ACTIVE'],
    start: ['SHUTOFF'],
  };
  return wanted[call.kind].includes(server.status)
    ? undefined
    : no(409, `Cannot '${call.kind}' instance while it is in vm_state ${server.vmState}`);
}

function carryOut(call: AtServer, server: SimServer, world: World, requestId: string): void {
  switch (call.kind) {
    case 'live':
      migrateLive(call, server, world, requestId);
      return;
    case 'cold':
      migrateCold(call, server, world, requestId);
      return;
    case 'evacuate':
      evacuate(call, server, world, requestId);
      return;
    case 'confirm':
      confirm(server, world, requestId);
      return;
    case 'revert':
      revert(server, world, requestId);
      return;
    case 'stop':
    case 'start':
      power(call.kind, server, world, requestId);
  }
}

function power(kind: 'stop' | 'start', server: SimServer, world: World, requestId: string): void {
  server.actions.unshift({ requestId, action: kind, errors: [] });
  server.taskState = kind === 'stop' ? 'powering-off' : 'powering-on';
  world.later(2, () => {
    const vmState = kind === 'stop' ? 'stopped' : 'active';
    world.state.apply({ kind: 'power', server: server.id, vmState });
    server.vmState = vmState;
    server.status = kind === 'stop' ? 'SHUTOFF' : 'ACTIVE';
    server.taskState = undefined;
  });
}

function tooLate({ migration }: EndEarlyCall, { migrations }: SimServer): Answer | undefined {
  return migrations.some(({ id, end }) => id === migration && end !== undefined)
    ? undefined
    : { kind: 'refused', status: 409, text: `migration ${migration} is not in progress` };
}

function endEarly(
  { kind, migration }: EndEarlyCall,
  { migrations, actions }: SimServer,
  requestId: string,
): void {
  const action = kind === 'abort' ? 'live_migration_cancel' : 'live_migration_force_complete';
  actions.unshift({ requestId, action, errors: [] });
  migrations.find(({ id }) => id === migration)?.end?.(kind);
}

function takeService({ kind, host, reason }: ServiceCall, { services, state }: World): Answer {
  const service = services.get(host);
  if (service === undefined)
    return { kind: 'refused', status: 404, text: `Service ${host} could not be found.` };
  service.status = kind === 'disable' ? 'disabled' : 'enabled';
  service.reason = kind === 'disable' ? reason : undefined;
  state.apply({ kind: 'service', host, status: service.status });
  return { kind: 'accepted' };
}
