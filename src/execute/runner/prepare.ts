import type { Guard, MigrationStep, Step } from '../../plan/plan.ts';
import { isMigration } from '../../plan/run-steps.ts';
import { isInFlight } from '../../model/migration.ts';
import type { Look, MigrationSeen, ServerSeen, ServiceSeen } from '../driver.ts';
import type { Before } from '../journal/entry.ts';
import { coldRecord, isServerStep, type ServerStep } from './judge.ts';
import { meaningOfAnswer } from '../words/meaning.ts';
import { atRest, cameToNothing, ownMigration } from './own.ts';
import type { StepState } from './step-state.ts';
import { type Failed, seenOf } from './verdict.ts';

/** What a look before the request says. */
export type Prepared =
  | { readonly kind: 'go'; readonly before: Before }
  /** Somebody has done it, or an earlier run has. */
  | { readonly kind: 'already'; readonly note: string }
  /** Its migration is on its way: of an earlier run that gave it up. */
  | { readonly kind: 'adopt'; readonly migration: number; readonly status: string }
  /** What the step needs is not there any more; with `stops` nothing else of the plan is to be requested either. */
  | { readonly kind: 'stale'; readonly failure: Omit<Failed, 'kind'>; readonly stops?: true };

/** What `prepare` looks at. */
export interface Around {
  readonly look?: Look;
  readonly services: readonly ServiceSeen[];
  /** Servers of hosts that are to run nothing else. */
  readonly residents?: ReadonlyMap<string, readonly string[]>;
  /** Hosts of which the operator has said that nothing runs on them any more. */
  readonly fenced: ReadonlySet<string>;
  /** Of a confirm: the migration record that it confirms, where known. */
  readonly cold?: number;
}

/** Whether a step may be requested now: its guards, read where they are. */
export function prepare(step: Step, state: StepState, around: Around): Prepared {
  if (isServerStep(step)) return prepareServer(step, state, around);
  if (step.kind === 'wait') return { kind: 'go', before: {} };
  const service = around.services.find(({ host }) => host === step.host);
  if (service === undefined) return stale(`there is no nova-compute on ${step.host}`);
  const wanted = step.kind === 'disable-service' ? 'disabled' : 'enabled';
  if (service.status === wanted) return { kind: 'already', note: `${step.host} is ${wanted} already` };
  const asked = step.guards.find((guard) => guard.kind === 'service' && guard.host === step.host);
  if (asked?.kind === 'service' && asked.reason !== undefined && asked.reason !== service.reason)
    return stale(
      `${step.host} was disabled for another reason since: ${service.reason ?? 'none'} (plan expects ${asked.reason})`,
    );
  return { kind: 'go', before: {} };
}

const stale = (text: string, server?: ServerSeen): Prepared => ({
  kind: 'stale',
  failure: { text, ...(server !== undefined && { seen: seenOf(server) }) },
});

/** Somebody else is at work on it: that is over in a moment. */
function busy(name: string, server: ServerSeen): Prepared {
  const state = server.taskState ?? server.status;
  const text = `${name} is busy: ${state}`;
  const meaning = meaningOfAnswer(`while it is in task_state ${state}`, conflict, { server: name });
  const seen = seenOf(server);
  return {
    kind: 'stale',
    failure: { text, seen, ...(meaning !== undefined && { meaning, read: meaning.read }) },
  };
}

/** HTTP 409. */
const conflict = 409;

function prepareServer(step: ServerStep, state: StepState, around: Around): Prepared {
  const { look } = around;
  const server = look?.server;
  if (look === undefined || server === undefined) return stale(`${step.serverName} was deleted`);
  if (step.kind === 'confirm') return prepareConfirm(step.serverName, server, look, around);
  if (isMigration(step)) return prepareMigration(step, state, server, look, around);
  const wanted = step.kind === 'stop' ? 'SHUTOFF' : 'ACTIVE';
  if (server.status === wanted && atRest(server))
    return { kind: 'already', note: `${step.serverName} is ${wanted} already` };
  const broken = brokenGuard(step, server, around);
  return broken === undefined ? { kind: 'go', before: beforeOf(look) } : stale(broken, server);
}

function prepareConfirm(name: string, server: ServerSeen, look: Look, { cold }: Around): Prepared {
  const record = coldRecord(look, cold);
  if (record?.status === 'reverted') return stale(`the migration of ${name} was reverted`, server);
  if (server.status === 'ERROR') return stale(`${name} is in ERROR`, server);
  if (record?.status === 'confirming') return { kind: 'adopt', migration: record.id, status: record.status };
  if (server.status === 'VERIFY_RESIZE' && record?.status === 'finished')
    return { kind: 'go', before: beforeOf(look) };
  if (server.status === 'VERIFY_RESIZE')
    return stale(`${name} waits for a confirmation, but not of a migration of this plan`, server);
  return { kind: 'already', note: `${name} is confirmed already` };
}

function prepareMigration(
  step: MigrationStep,
  state: StepState,
  server: ServerSeen,
  look: Look,
  around: Around,
): Prepared {
  const { serverName, from, to } = step;
  const own = lastAsked(step, state, look);
  if (own !== undefined && isOnItsWay(step, server, own))
    return { kind: 'adopt', migration: own.id, status: own.status };
  if (atRest(server) && server.host === to && server.status !== 'ERROR' && isThere(step, server, look))
    return { kind: 'already', note: `${serverName} is on ${to} already` };
  const danger = step.kind === 'evacuate' ? notFenced(from, around) : undefined;
  if (danger !== undefined) return { ...stale(danger.text, server), ...(danger.alive && { stops: true }) };
  if (!atRest(server) && !isStuck(step, state, server)) return busy(serverName, server);
  const asked = wasRefused(step, state, server, own) ? withoutStatus(step) : step;
  const broken = brokenGuard(asked, server, around);
  return broken === undefined ? { kind: 'go', before: beforeOf(look) } : stale(broken, server);
}

/** The record of what was requested for a step that was given up or came to nothing. */
const lastAsked = (
  step: MigrationStep,
  { attempts, before }: StepState,
  look: Look,
): MigrationSeen | undefined => (attempts === 0 ? undefined : ownMigration({ before }, step, look));

/** What was asked for is under way still. */
const isOnItsWay = (step: MigrationStep, server: ServerSeen, own: MigrationSeen): boolean =>
  isAboutToArrive(step, server, own) || (!atRest(server) && isInFlight(own));

/** An evacuated server is at rest a moment before its host changes: whoever asked again then would have two of it. */
const isAboutToArrive = (
  { kind, from }: MigrationStep,
  { host, status }: ServerSeen,
  record: MigrationSeen,
): boolean => kind === 'evacuate' && record.status === 'done' && host === from && status !== 'ERROR';

/** An evacuation that comes to nothing leaves its server in ERROR, in which Nova evacuates it as well. */
const wasRefused = (
  { kind, from }: MigrationStep,
  { attempts }: StepState,
  { host, status }: ServerSeen,
  own: MigrationSeen | undefined,
): boolean =>
  kind === 'evacuate' &&
  attempts > 0 &&
  status === 'ERROR' &&
  host === from &&
  (own === undefined || cameToNothing(own));

const withoutStatus = (step: MigrationStep): MigrationStep => ({
  ...step,
  guards: step.guards.filter(({ kind }) => kind !== 'server-status'),
});

/** A resize that somebody else wants confirmed is no arrival. */
function isThere({ kind, from, to }: MigrationStep, { status }: ServerSeen, { migrations }: Look): boolean {
  if (status !== 'VERIFY_RESIZE') return true;
  const newest = migrations[0];
  return (
    kind === 'cold' && newest?.type === 'migration' && newest.source === from && newest.destination === to
  );
}

/** Nova cannot tell a dead host from one that is cut off: somebody must have made sure. */
function notFenced(
  from: string,
  { services, fenced }: Around,
): { readonly text: string; readonly alive: boolean } | undefined {
  const service = services.find(({ host }) => host === from);
  if (service?.state === 'up')
    return { text: `nova-compute on ${from} is up: there is nothing to evacuate from`, alive: true };
  const text = `make sure that ${from} is powered off, then say so with --fenced ${from}`;
  return fenced.has(from) ? undefined : { text, alive: false };
}

/** What it was doing when its host died goes on no more, and Nova evacuates it all the same. */
const isStuck = ({ kind, from }: MigrationStep, { attempts }: StepState, server: ServerSeen): boolean =>
  kind === 'evacuate' &&
  attempts === 0 &&
  server.host === from &&
  server.status !== 'REBUILD' &&
  server.taskState?.startsWith('rebuild') !== true;

/** The newest of a server, so that what comes later is known to be ours. */
export const beforeOf = ({ server, migrations, actions }: Look): Before => ({
  ...(migrations[0] !== undefined && { migration: migrations[0].id }),
  ...(actions[0] !== undefined && { action: actions[0].requestId }),
  ...(server?.host !== undefined && { host: server.host }),
  ...(server !== undefined && { status: server.status }),
});

/** The first guard that does not hold, in words; those that only Placement and the cell tell are its own business. */
function brokenGuard(
  { guards, serverName }: Pick<ServerStep, 'guards' | 'serverName'>,
  server: ServerSeen,
  { services, residents }: Around,
): string | undefined {
  return guards
    .map((guard) => guardWords(guard, serverName, server, services, residents))
    .find((words) => words !== undefined);
}

/** Why a guard does not hold; undefined when it does, or when it is not one that server and services tell. */
export function guardWords(
  guard: Guard,
  name: string,
  server: ServerSeen,
  services: readonly ServiceSeen[],
  residents: ReadonlyMap<string, readonly string[]> = new Map(),
): string | undefined {
  switch (guard.kind) {
    case 'server-on-host':
      return server.host === guard.host
        ? undefined
        : `${name} is on ${server.host ?? 'no host'} (plan expects ${guard.host})`;
    case 'server-status':
      return server.status === guard.status
        ? undefined
        : `${name} is ${server.status} (plan expects ${guard.status})`;
    case 'server-flavor': {
      const same =
        (server.vcpus ?? guard.vcpus) === guard.vcpus &&
        (server.memoryMiB ?? guard.memoryMiB) === guard.memoryMiB;
      return same
        ? undefined
        : `${name} was resized to ${server.vcpus ?? 0} vCPUs and ${server.memoryMiB ?? 0} MiB (plan expects ${guard.vcpus} and ${guard.memoryMiB})`;
    }
    case 'service': {
      const found = services.find(({ host }) => host === guard.host);
      return found?.status === guard.status && found.state === guard.state
        ? undefined
        : `nova-compute on ${guard.host} is ${found === undefined ? 'not there' : `${found.status} and ${found.state}`} (plan expects ${guard.status} and ${guard.state})`;
    }
    case 'runs-only': {
      const allowed = new Set<string>(guard.servers);
      const others = (residents.get(guard.host) ?? []).filter((id) => !allowed.has(id));
      return others.length === 0 ? undefined : `${guard.host} is to be empty, and runs ${others.join(', ')}`;
    }
    case 'free':
    case 'group-members':
      return undefined;
  }
}
