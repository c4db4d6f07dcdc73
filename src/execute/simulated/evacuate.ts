import type { MigrateCall } from '../driver.ts';
import {
  arrivalOf,
  begin,
  durationOf,
  fail,
  failInError,
  failsOnItsWay,
  newRecord,
  refusalOf,
  type Travel,
} from './travel.ts';
import type { SimMigration, SimServer, World } from './world.ts';

/**
 * An evacuate. One that the scheduler refuses leaves its server in ERROR; one that the destination refuses leaves it as it was.
 * Source: conductor/manager.py rebuild_instance, compute/manager.py rebuild_instance.
 */
export function evacuate(call: MigrateCall, server: SimServer, world: World, requestId: string): void {
  const travel = begin(call, server, world, requestId, 'evacuate');
  server.status = 'REBUILD';
  server.taskState = 'rebuilding';
  const migration = newRecord(travel, 'evacuation', 'accepted');
  world.later(0.5, () => {
    const refusal = refusalOf(travel);
    const arrival = arrivalOf(call, world);
    if (refusal !== undefined || arrival === undefined) {
      const errors = refusal === undefined ? [] : [refusal.words];
      if (refusal?.by === 'destination') fail(travel, 'failed', errors);
      else failInError(travel, 'error', errors);
      return;
    }
    world.state.apply({ kind: 'request', arrival });
    travel.claimed = true;
    migration.status = 'pre-migrating';
    rebuild(travel, migration);
  });
}

function rebuild(travel: Travel, migration: SimMigration): void {
  const { call, server, world } = travel;
  const seconds = durationOf(travel);
  if (failsOnItsWay(travel)) {
    world.later(seconds / 2, () => {
      failInError(travel, 'failed', ['the guest could not be started on the destination']);
    });
    return;
  }
  world.later(seconds, () => {
    if (world.services.get(call.to)?.state === 'down') return; // nobody is left to start it
    world.state.apply({ kind: 'complete', server: server.id });
    const { restStatus } = server;
    server.status = restStatus === 'ERROR' ? 'ACTIVE' : restStatus;
    if (restStatus === 'ERROR') server.vmState = 'active';
    server.taskState = undefined;
    server.otherCells = world.strikes(server, 'other-cells') !== undefined;
    migration.status = 'done';
    // It is at rest a moment before its host changes.
    world.later(0.6, () => {
      server.host = call.to;
      server.hasLeft = true;
    });
  });
}
