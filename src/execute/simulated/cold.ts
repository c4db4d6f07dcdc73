import type { MigrateCall } from '../driver.ts';
import {
  arrivalOf,
  begin,
  durationOf,
  fail,
  failsOnItsWay,
  newRecord,
  refusalOf,
  type Travel,
} from './travel.ts';
import type { SimMigration, SimServer, World } from './world.ts';

/** A cold migration up to VERIFY_RESIZE. One that finds no host leaves no record, only its action. */
export function migrateCold(call: MigrateCall, server: SimServer, world: World, requestId: string): void {
  const travel = begin(call, server, world, requestId, 'migrate');
  server.status = 'RESIZE';
  server.taskState = 'resize_prep';
  world.later(0.5, () => {
    const refusal = refusalOf(travel);
    const arrival = arrivalOf(call, world);
    if (refusal !== undefined || arrival === undefined) {
      fail(travel, 'error', refusal === undefined ? [] : [refusal.words]);
      return;
    }
    const migration = newRecord(travel, 'migration', 'pre-migrating');
    world.state.apply({ kind: 'request', arrival });
    travel.claimed = true;
    world.later(0.5, () => {
      copy(travel, migration);
    });
  });
}

function copy(travel: Travel, migration: SimMigration): void {
  const { world, server, call } = travel;
  migration.status = 'migrating';
  server.taskState = 'resize_migrating';
  if (failsOnItsWay(travel)) {
    world.later(0.5, () => {
      fail(travel, 'error', ['Resize error: the disk could not be copied']);
    });
    return;
  }
  world.later(durationOf(travel), () => {
    migration.status = 'post-migrating';
    server.taskState = 'resize_finish';
    world.later(0.5, () => {
      if (world.services.get(call.to)?.state === 'down') return; // nobody is left to start it
      world.state.apply({ kind: 'complete', server: server.id });
      server.host = call.to;
      server.status = 'VERIFY_RESIZE';
      server.taskState = undefined;
      server.otherCells = world.strikes(server, 'other-cells') !== undefined;
      migration.status = 'finished';
    });
  });
}

/** Ends a cold migration: the source is freed. */
export function confirm(server: SimServer, world: World, requestId: string): void {
  const migration = server.migrations.find(
    ({ type, status }) => type === 'migration' && status === 'finished',
  );
  if (migration === undefined) return;
  server.actions.unshift({ requestId, action: 'confirmResize', errors: [] });
  migration.status = 'confirming';
  const fails = world.strikes(server, 'confirm') !== undefined;
  world.later(0.8, () => {
    const { source } = migration;
    if (source !== undefined && world.services.get(source)?.state === 'down') return;
    if (fails) {
      migration.status = 'error';
      server.status = 'ERROR';
      server.vmState = 'error';
      server.fault = 'the source could not be cleaned up';
      return;
    }
    world.state.apply({ kind: 'confirm', server: server.id });
    server.hasLeft = true;
    migration.status = 'confirmed';
    server.status = server.restStatus;
  });
}

/** Takes a cold migration back: the destination is freed, and the server is where it was. */
export function revert(server: SimServer, world: World, requestId: string): void {
  const migration = server.migrations.find(
    ({ type, status }) => type === 'migration' && status === 'finished',
  );
  if (migration === undefined) return;
  server.actions.unshift({ requestId, action: 'revertResize', errors: [] });
  migration.status = 'reverting';
  server.status = 'REVERT_RESIZE';
  server.taskState = 'resize_reverting';
  world.later(1.5, () => {
    world.state.apply({ kind: 'revert', server: server.id });
    migration.status = 'reverted';
    server.host = migration.source;
    server.status = server.restStatus;
    server.taskState = undefined;
  });
}
