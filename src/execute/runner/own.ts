import type { MigrationStep } from '../../plan/plan.ts';
import type { ActionSeen, Look, MigrationSeen, ServerSeen } from '../driver.ts';
import type { CallKind } from '../journal/entry.ts';
import type { Ending, StepState } from './step-state.ts';

/** Nova's names of the server actions that a call begins. */
const actionOf: Readonly<Partial<Record<CallKind, string>>> = {
  live: 'live-migration',
  cold: 'migrate',
  evacuate: 'evacuate',
  confirm: 'confirmResize',
  revert: 'revertResize',
  stop: 'stop',
  start: 'start',
  abort: 'live_migration_cancel',
  'force-complete': 'live_migration_force_complete',
};

const typesOf: Readonly<Record<MigrationStep['kind'], string>> = {
  live: 'live-migration',
  cold: 'migration',
  evacuate: 'evacuation',
};

/**
 * The action that a call has begun: by the id of its request where the answer told it, else the first of its kind that
 * came after what was there before.
 */
export function ownAction(
  { before, requestId }: Pick<StepState, 'before' | 'requestId'>,
  call: CallKind,
  { actions }: Look,
): ActionSeen | undefined {
  if (requestId !== undefined) return actions.find((action) => action.requestId === requestId);
  const known = actions.findIndex((action) => action.requestId === before.action);
  const newer = known === -1 ? actions : actions.slice(0, known);
  return newer.findLast((action) => action.action === actionOf[call]);
}

/** Whether Nova has heard that a migration is to end early: an action says so that came after what was there before. */
export function heardOfEnding({ call, after }: Pick<Ending, 'call' | 'after'>, { actions }: Look): boolean {
  const known = actions.findIndex(({ requestId }) => requestId === after);
  const newer = known === -1 ? actions : actions.slice(0, known);
  return newer.some(({ action }) => action === actionOf[call]);
}

/** The migration record that a request has made: the first of its kind after what was there before. */
export function ownMigration(
  { before, migration }: Pick<StepState, 'before' | 'migration'>,
  { kind, to }: Pick<MigrationStep, 'kind' | 'to'>,
  { migrations }: Look,
): MigrationSeen | undefined {
  if (migration !== undefined) return migrations.find(({ id }) => id === migration);
  return migrations.findLast(
    (record) =>
      record.id > (before.migration ?? -1) &&
      record.type === typesOf[kind] &&
      (record.destination === undefined || record.destination === to),
  );
}

/** A record as `ownMigration`'s, but to another host than was asked for. */
export const strayMigration = (
  { before }: Pick<StepState, 'before'>,
  { kind, to }: Pick<MigrationStep, 'kind' | 'to'>,
  { migrations }: Look,
): MigrationSeen | undefined =>
  migrations.findLast(
    ({ id, type, destination }) =>
      id > (before.migration ?? -1) &&
      type === typesOf[kind] &&
      destination !== undefined &&
      destination !== to,
  );

const ofNothing = new Set(['error', 'failed', 'cancelled', 'reverted', 'reverting']);

/** A migration that leaves its server where it was, or is about to. */
export const cameToNothing = ({ status }: Pick<MigrationSeen, 'status'>): boolean => ofNothing.has(status);

const atWork = new Set(['MIGRATING', 'RESIZE', 'REVERT_RESIZE', 'REBUILD']);

/** Nothing is being done to it. */
export const atRest = ({ status, taskState }: Pick<ServerSeen, 'status' | 'taskState'>): boolean =>
  taskState === undefined && !atWork.has(status);
