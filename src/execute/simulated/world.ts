import type { RuleContext } from '../../constraints/context.ts';
import type { Rule } from '../../constraints/rule.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { HostId, ServerId } from '../../model/ids.ts';
import { createState, type State } from '../../replay/state.ts';
import { groupBy } from '../../shared/collections.ts';
import { createRng, type Rng } from '../../shared/rng.ts';
import type { ActionSeen, MigrationSeen, ServerSeen } from '../driver.ts';
import type { Fault, Faults, ServerFault } from './faults.ts';

/** A server of the simulated cloud; `undefined` where a fact is absent. */
export interface SimServer {
  readonly id: ServerId;
  readonly name: string;
  host: HostId | undefined;
  status: string;
  vmState: string;
  taskState: string | undefined;
  fault: string | undefined;
  /** What a cold migration gives back when it is confirmed. */
  restStatus: string;
  readonly migrations: SimMigration[];
  readonly actions: SimAction[];
  /** It has given up what it held where the inventory found it, even if it is there again. */
  hasLeft: boolean;
  /** The API tells another NUMA cell than the claim has. */
  otherCells: boolean;
}

export interface SimMigration {
  readonly id: number;
  readonly server: ServerId;
  readonly type: string;
  status: string;
  readonly source: HostId | undefined;
  destination: HostId | undefined;
  /** Ends it early; undefined where nothing can. */
  end: ((how: 'abort' | 'force-complete') => void) | undefined;
}

interface SimAction {
  readonly requestId: string;
  readonly action: string;
  errors: readonly string[];
}

export interface SimService {
  status: 'enabled' | 'disabled';
  state: 'up' | 'down';
  reason: string | undefined;
  readonly id: string | undefined;
}

/** What a simulation is made of. */
export interface WorldRequest {
  readonly context: RuleContext;
  readonly rules: readonly Rule[];
  readonly seed: number;
  readonly faults: Faults;
  /** How long the migration of a server to a host takes, as the plan predicts it. */
  readonly secondsOf: (server: ServerId, to: HostId) => Seconds;
}

export interface Seconds {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

/** A cloud with a time of its own, in seconds since its start. The same seed and requests give the same answers. */
export interface World extends WorldRequest {
  readonly state: State;
  readonly rng: Rng;
  readonly servers: ReadonlyMap<ServerId, SimServer>;
  readonly services: ReadonlyMap<HostId, SimService>;
  readonly now: () => number;
  /** Lets time pass, and everything happen that is due. */
  readonly advance: (seconds: number) => void;
  /** Something that happens later. */
  readonly later: (seconds: number, happen: () => void) => void;
  readonly nextId: () => number;
  /** Whether this goes wrong with a request of the server, by the file or by chance. */
  readonly strikes: (server: SimServer, kind: ServerFault['kind']) => ServerFault | undefined;
}

export function createWorld(request: WorldRequest): World {
  const { context, seed, faults } = request;
  const { cloud } = context;
  const rng = createRng(seed);
  const queue: { readonly at: number; readonly happen: () => void }[] = [];
  let now = 0;
  let ids = cloud.migrations.reduce((most, { id }) => Math.max(most, id), 0);
  const servers = simServers(cloud);
  const services = simServices(cloud);
  const world: World = {
    ...request,
    state: createState(context),
    rng,
    servers,
    services,
    now: () => now,
    later(seconds, happen) {
      const at = wholeMs(now + seconds);
      const index = queue.findIndex((event) => event.at > at);
      queue.splice(index === -1 ? queue.length : index, 0, { at, happen });
    },
    advance(seconds) {
      const end = wholeMs(now + seconds);
      for (let next = queue[0]; next !== undefined && next.at <= end; next = queue[0]) {
        queue.shift();
        now = next.at;
        next.happen();
      }
      now = end;
    },
    nextId: () => (ids += 1),
    strikes: createStrikes(faults, rng),
  };
  for (const fault of faults.faults) if (fault.kind === 'host-down') planDown(fault, world);
  return world;
}

/** Times are whole milliseconds, as a journal tells them: a replay of it comes to the same. */
const wholeMs = (seconds: number): number => Math.round(seconds * 1000) / 1000;

function simServers(cloud: Cloud): Map<ServerId, SimServer> {
  const records = groupBy(cloud.migrations, ({ server }) => server);
  return new Map(
    [...cloud.servers.values()].map(({ id, name, host, status, vmState, taskState }) => {
      const newestFirst = (records.get(id) ?? []).toSorted((a, b) => b.id - a.id);
      const migrations = newestFirst.map(
        ({ id: record, server, type, status: word, source, destination }) => ({
          ...{ id: record, server, type, status: word, source, destination },
          end: undefined,
        }),
      );
      const actions = [{ requestId: `req-create-${id}`, action: 'create', errors: [] }];
      const known = { id, name, host, status, vmState, taskState, restStatus: status };
      return [id, { ...known, fault: undefined, migrations, actions, hasLeft: false, otherCells: false }];
    }),
  );
}

function simServices({ hosts }: Cloud): Map<HostId, SimService> {
  return new Map(
    [...hosts.values()].map(({ id, service }) => {
      const { status, forcedDown, disabledReason: reason, id: uuid } = service;
      return [id, { status, state: forcedDown ? 'down' : service.state, reason, id: uuid }];
    }),
  );
}

function planDown(fault: Extract<Fault, { kind: 'host-down' }>, world: World): void {
  const set = (state: 'up' | 'down') => (): void => {
    for (const [host, service] of world.services) if (host === fault.host) service.state = state;
    if (state === 'up') cleanUp(fault.host, world);
  };
  world.later(fault.atSeconds, set('down'));
  if (fault.untilSeconds !== undefined) world.later(fault.untilSeconds, set('up'));
}

/** A nova-compute that starts deletes what was evacuated from its host. Source: compute/manager.py _destroy_evacuated_instances. */
function cleanUp(host: string, { servers }: World): void {
  for (const { migrations } of servers.values())
    for (const record of migrations)
      if (record.type === 'evacuation' && record.status === 'done' && record.source === host)
        record.status = 'completed';
}

/** Faults of the file strike as often as they say; those by chance are drawn for every request. */
function createStrikes({ faults, rates }: Faults, rng: Rng): World['strikes'] {
  const left = faults.flatMap((fault) =>
    fault.kind === 'host-down' ? [] : [{ fault, times: fault.times ?? 1 }],
  );
  return ({ id, name }, kind) => {
    const found = left.find(
      ({ fault, times }) =>
        fault.kind === kind && times > 0 && (fault.server === id || fault.server === name),
    );
    if (found !== undefined) {
      found.times -= 1;
      return found.fault;
    }
    const rate = rates[kind] ?? 0;
    return rate > 0 && rng.nextFloat() < rate ? { server: id, kind } : undefined;
  };
}

/** A server as the API tells it. */
export const seenServer = ({ host, status, vmState, taskState, fault }: SimServer): ServerSeen => ({
  status,
  vmState,
  ...(host !== undefined && { host }),
  ...(taskState !== undefined && { taskState }),
  ...(fault !== undefined && { fault }),
});

export const seenMigration = ({ id, type, status, source, destination }: SimMigration): MigrationSeen => ({
  id,
  type,
  status,
  ...(source !== undefined && { source }),
  ...(destination !== undefined && { destination }),
});

export const seenAction = ({ requestId, action, errors }: SimAction): ActionSeen => ({
  requestId,
  action,
  errors,
});
