import type { MigrationStep } from '../../plan/plan.ts';
import type { Look, MigrationSeen, ServerSeen } from '../driver.ts';
import { atRest, ownAction, ownMigration } from './own.ts';
import type { StepState } from './run-state.ts';
import { failed, type Verdict, wait } from './verdict.ts';

/** Records of these have not claimed the destination yet. */
const unclaimed = new Set(['accepted', 'pre-migrating']);

const arrived: Readonly<Record<MigrationStep['kind'], ReadonlySet<string>>> = {
  live: new Set(['completed']),
  cold: new Set(['finished', 'confirming', 'confirmed']),
  evacuate: new Set(['done', 'completed']),
};

const over = new Set(['error', 'failed', 'cancelled', 'reverted', 'reverting']);

/**
 * How far a migration is. Nova's server is ACTIVE on its new host before the record says `completed`, and after an
 * evacuate at rest before its host changes; a live migration that failed half-way leaves no error anywhere but in the
 * record, and one that fails after the switch says `completed` with the server in ERROR. So all have to agree.
 */
export function judgeMigration(
  step: MigrationStep,
  state: StepState,
  server: ServerSeen,
  look: Look,
): Verdict {
  const record = ownMigration(state, step, look);
  if (record === undefined) return withoutRecord(step, state, server, look);
  if (arrived[step.kind].has(record.status)) return atTheEnd(step, state, server, look);
  if (over.has(record.status)) return afterFailure(step, state, server, record, look);
  if (record.status === state.status && record.id === state.migration) return wait;
  const claimed = !unclaimed.has(record.status);
  return { kind: 'progress', status: record.status, migration: record.id, claimed };
}

/** A cold migration that finds no host leaves no record, only its action. */
function withoutRecord(step: MigrationStep, state: StepState, server: ServerSeen, look: Look): Verdict {
  const action = ownAction(state, step.kind, look);
  if (action === undefined || action.errors.length === 0 || !atRest(server)) return wait;
  return refusedLater(step, server, action.requestId, action.errors);
}

function atTheEnd(step: MigrationStep, state: StepState, server: ServerSeen, look: Look): Verdict {
  const { serverName, to } = step;
  if (server.status === 'ERROR') {
    return failed(
      `${serverName} is in ERROR on ${server.host ?? 'no host'}: the migration went only half well${errorWords(state, step, server, look)}`,
      logOf(server.host ?? to, state),
    );
  }
  if (server.host !== to || !atRest(server)) return wait;
  return { kind: 'done' };
}

function afterFailure(
  step: MigrationStep,
  state: StepState,
  server: ServerSeen,
  record: MigrationSeen,
  look: Look,
): Verdict {
  const { serverName, from, to } = step;
  if (!atRest(server) && server.status !== 'ERROR') return wait; // it is rolled back
  const errors = ownAction(state, step.kind, look)?.errors ?? [];
  const here = `${serverName} is ${server.status} on ${server.host ?? 'no host'}`;
  if (server.status === 'ERROR') {
    return failed(
      `migration ${record.status}; ${here}${errorWords(state, step, server, look)}`,
      logOf(server.host ?? from, state),
    );
  }
  if (record.status === 'cancelled') return failed(`the migration was aborted; ${here}`, logOf(from, state));
  if (errors.length > 0) return refusedLater(step, server, state.requestId, errors);
  return failed(
    `migration ${record.status} while it ran, and Nova tells no reason; ${here}`,
    `${logOf(from, state)} and the libvirt log there; then those of ${to}`,
  );
}

/** The one that says most comes first: the scheduler's is only what follows from it. */
function refusedLater(
  { serverName, to }: MigrationStep,
  server: ServerSeen,
  requestId: string | undefined,
  errors: readonly string[],
): Verdict {
  const unique = [...new Set(errors.map((error) => error.trim()))];
  const telling = unique.filter((error) => !scheduler.test(error));
  const text = (telling.length > 0 ? telling : unique).join('; ');
  const id = requestId === undefined ? '' : `, request ${requestId}`;
  return {
    ...failed(
      `${serverName} stays on ${server.host ?? 'no host'}: ${text}`,
      telling.length > 0 ? `nova-compute log on ${to}${id}` : `nova-scheduler and nova-conductor logs${id}`,
    ),
    ...(noRoom(text) && { noRoom: true as const }),
  };
}

const scheduler = /^No valid host was found/;

/** Words of Nova for a host that is, or seems, full. */
export const noRoom = (text: string): boolean =>
  /No valid host|not enough capacity|Lack of memory|cannot fit the given host/.test(text);

function errorWords(state: StepState, { kind }: MigrationStep, server: ServerSeen, look: Look): string {
  const errors = ownAction(state, kind, look)?.errors ?? [];
  const texts = [...new Set([...errors, ...(server.fault === undefined ? [] : [server.fault])])];
  return texts.length === 0 ? '' : `: ${texts.join('; ')}`;
}

const logOf = (host: string, { requestId }: StepState): string =>
  `nova-compute log on ${host}${requestId === undefined ? '' : `, request ${requestId}`}`;
