import type { Cloud } from '../../model/cloud.ts';
import type { Server } from '../../model/server.ts';
import { isInFlight } from '../../model/migration.ts';
import type { ServerId } from '../../model/ids.ts';
import type { Arrival } from '../arrival.ts';
import { canEvacuate, isEvacuated, isOff, type RuleContext, waysOf } from '../context.ts';
import { type Rule, type Verdict, yes } from '../rule.ts';
import type { StateView } from '../state-view.ts';

/**
 * A server moves only when Nova lets it: vm state active or paused (live), active or stopped (cold), active, stopped
 * or error (evacuate), no task under way but for evacuate, no other migration of it in flight or waiting for its
 * confirm. The planner besides migrates no locked servers: an admin could, but somebody locked them for a reason. From
 * a host that is down they are evacuated like others: Nova does not look at locks there, and they run no more. A server
 * stays of which nobody tells whether it is locked.
 *
 * Source: compute/api.py live_migrate, resize and evacuate decorators (reject_vm_state, task_state None).
 */
export const serverState: Rule = {
  id: 'server-state',
  scope: 'pair',
  holds: 'always',

  judge({ server, method }, state) {
    const vmState = state.vmState(server.id);
    const obstacle =
      obstacleOf(server, vmState, busyServers(state.context), method) ?? underWay(server, state);
    if (obstacle !== undefined) return refuse(server, obstacle);
    const refusal =
      method === 'evacuate' ? refusalToEvacuate(vmState) : refusalOf(server, vmState, method, state.context);
    if (refusal !== undefined) return refuse(server, refusal);
    return server.locked === undefined && method !== 'evacuate' ? unknownLock : yes;
  },

  audit: () => [],

  compile(context) {
    const busy = busyServers(context);
    const methodOf = (server: Server): 'evacuate' | undefined =>
      isEvacuated(server, context) ? 'evacuate' : undefined;
    const servers = [...context.cloud.servers.values()]
      .filter((s) => s.host !== undefined)
      .filter(
        (s) =>
          (s.locked === undefined && methodOf(s) !== 'evacuate') ||
          obstacleOf(s, s.vmState, busy, methodOf(s)) !== undefined ||
          waysOf(s, context).length === 0,
      )
      .map((s) => s.id);
    return servers.length === 0 ? [] : [{ kind: 'fixed', rule: 'server-state', servers }];
  },

  describe: ({ where, names }) => `server ${where}: ${(names ?? []).join(', ')}`,
};

const movable = new Set(['active', 'paused', 'stopped', 'error']);

const refusalToEvacuate = (vmState: string): string | undefined =>
  canEvacuate(vmState) ? undefined : `vm state ${vmState} does not allow to evacuate it`;

function refusalOf(
  server: Server,
  vmState: string,
  method: 'live' | 'cold',
  context: RuleContext,
): string | undefined {
  const ways =
    vmState === server.vmState
      ? waysOf(server, context).map((way) => way.method)
      : afterPower(vmState, context);
  if (ways.includes(method)) return undefined;
  if (method === 'cold' && vmState === 'active') return 'a cold migration would shut it down: allow cold';
  const power =
    method === 'live' && isOff(server) ? `power state ${server.powerState}` : `vm state ${vmState}`;
  return `${power} does not allow a ${method} migration`;
}

/** A server that a step has stopped or started. */
function afterPower(vmState: string, { allow }: RuleContext): readonly string[] {
  if (vmState === 'stopped') return ['cold'];
  return allow.has('cold') ? ['live', 'cold'] : ['live'];
}

function obstacleOf(
  server: Server,
  vmState: string,
  busy: ReadonlySet<ServerId>,
  method?: Arrival['method'],
): string | undefined {
  const evacuates = method === 'evacuate';
  if (server.taskState !== undefined && !evacuates) return `busy: task ${server.taskState}`;
  if (vmState === 'resized') return 'a resize or cold migration waits for its confirm';
  if (busy.has(server.id)) return 'busy: a migration of it is in flight';
  if (!movable.has(vmState)) return `vm state ${vmState} cannot be migrated`;
  if (vmState === 'error' && !evacuates) return 'vm state error: only evacuate takes it';
  if (server.locked === true && !evacuates)
    return `locked${server.lockedReason === undefined ? '' : `: ${server.lockedReason}`}`;
  return undefined;
}

/** A migration of the plan itself that has not come to its end. */
function underWay(server: Server, state: StateView): string | undefined {
  const roles = new Set(state.claimsOf(server.id).map((claim) => claim.role));
  if (roles.has('outgoing') || roles.has('incoming')) return 'busy: a migration of it is in flight';
  return roles.has('unconfirmed') ? 'a resize or cold migration waits for its confirm' : undefined;
}

/** `done` evacuations still hold their source, but the server itself is at rest. */
function busyServers({ cloud }: RuleContext): ReadonlySet<ServerId> {
  const known = busyByCloud.get(cloud);
  if (known !== undefined) return known;
  const inFlight = cloud.migrations.filter(
    (m) => isInFlight(m) && !(m.type === 'evacuation' && m.status === 'done'),
  );
  const busy = new Set(inFlight.map((m) => m.server));
  busyByCloud.set(cloud, busy);
  return busy;
}

// Clouds never change, and every judgement of a plan asks.
const busyByCloud = new WeakMap<Cloud, ReadonlySet<ServerId>>();

const unknownLock: Verdict = {
  kind: 'unknown',
  missing: ['servers[].locked'],
  safe: 'no',
  assumption: 'whether some servers are locked is not known: they stay',
};

const refuse = (server: Server, name: string): Verdict => ({
  kind: 'no',
  measured: 1,
  limit: 0,
  unit: 'obstacles',
  where: server.name,
  names: [name],
});
