import type { MigrateCall } from '../driver.ts';
import { settingOf } from '../../constraints/settings.ts';
import {
  arrivalOf,
  begin,
  durationOf,
  fail,
  failInError,
  newRecord,
  refusalOf,
  type Travel,
} from './travel.ts';
import type { SimMigration, SimServer, World } from './world.ts';

/** A live migration from its acceptance to its end, in the steps of Nova's record. */
export function migrateLive(call: MigrateCall, server: SimServer, world: World, requestId: string): void {
  const travel = begin(call, server, world, requestId, 'live-migration');
  server.status = 'MIGRATING';
  server.taskState = 'migrating';
  world.later(0.3, () => {
    const migration = newRecord(travel, 'live-migration', 'accepted');
    world.later(0.5, () => {
      preCheck(travel, migration);
    });
  });
}

function preCheck(travel: Travel, migration: SimMigration): void {
  const { call, world } = travel;
  const refusal = refusalOf(travel);
  const arrival = arrivalOf(call, world);
  if (refusal !== undefined || arrival === undefined) {
    migration.destination = undefined;
    fail(travel, 'error', refusal === undefined ? [] : [refusal.words]);
    return;
  }
  world.state.apply({ kind: 'request', arrival });
  travel.claimed = true;
  migration.status = 'queued';
  migration.end = (how) => {
    if (how === 'abort') fail(travel, 'cancelled', []);
  };
  waitForTurn(travel, migration);
}

/** A source runs so many at a time; the others are queued. */
function waitForTurn(travel: Travel, migration: SimMigration): void {
  if (migration.status !== 'queued') return;
  if (mayStart(travel)) prepareBoth(travel, migration);
  else
    travel.world.later(0.5, () => {
      waitForTurn(travel, migration);
    });
}

function mayStart({ call, world }: Travel): boolean {
  const { cloud } = world.context;
  const limit = settingOf(cloud.hosts.get(call.from), cloud, 'maxConcurrentLiveMigrations');
  const running = [...world.servers.values()].filter(({ migrations }) => {
    const newest = migrations[0];
    return newest?.source === call.from && (newest.status === 'preparing' || newest.status === 'running');
  });
  return limit === 0 || running.length < limit;
}

function prepareBoth(travel: Travel, migration: SimMigration): void {
  const { world, server } = travel;
  migration.status = 'preparing';
  world.later(0.5, () => {
    if (migration.status !== 'preparing') return;
    if (world.strikes(server, 'pre') !== undefined) {
      fail(travel, 'failed', ['Migration error: the destination could not prepare for it']);
      return;
    }
    migration.status = 'running';
    copy(travel, migration);
  });
}

function copy(travel: Travel, migration: SimMigration): void {
  const { world, server } = travel;
  const seconds = durationOf(travel);
  const whenRunning = (happen: () => void) => (): void => {
    if (migration.status === 'running') happen();
  };
  const finish = whenRunning(() => {
    arrive(travel, migration);
  });
  migration.end = (how) => {
    const abort = whenRunning(() => {
      fail(travel, 'cancelled', []);
    });
    world.later(0.4, how === 'abort' ? abort : finish);
  };
  if (world.strikes(server, 'stall') !== undefined) return;
  if (world.strikes(server, 'running') !== undefined) {
    const half = whenRunning(() => {
      fail(travel, 'failed', []);
    });
    world.later(seconds / 2, half);
  } else if (world.strikes(server, 'crash') !== undefined) {
    const crash = whenRunning(() => {
      failInError(travel, 'error', []);
    });
    world.later(seconds / 2, crash);
  } else world.later(seconds, finish);
}

/** The server is at rest on its new host a moment before the record says so. */
function arrive({ call, server, world }: Travel, migration: SimMigration): void {
  if (world.services.get(call.from)?.state === 'down') return; // nobody is left to finish it
  migration.end = undefined;
  world.state.apply({ kind: 'complete', server: server.id });
  server.host = call.to;
  server.hasLeft = true;
  server.status = server.restStatus;
  server.taskState = undefined;
  server.otherCells = world.strikes(server, 'other-cells') !== undefined;
  if (world.strikes(server, 'post') !== undefined) {
    server.status = 'ERROR';
    server.vmState = 'error';
    server.fault = 'the guest was switched, and what follows on the destination failed';
  }
  world.later(0.2 + world.rng.nextFloat() * 1.3, () => {
    migration.status = 'completed';
  });
}
