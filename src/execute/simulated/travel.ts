import type { Arrival } from '../../constraints/arrival.ts';
import { judgeArrival } from '../../replay/legality.ts';
import type { MigrateCall } from '../driver.ts';
import type { SimMigration, SimServer, World } from './world.ts';

/** One migration on its way. */
export interface Travel {
  readonly call: MigrateCall;
  readonly server: SimServer;
  readonly world: World;
  readonly requestId: string;
  migration: SimMigration | undefined;
  claimed: boolean;
}

/** The action is there as soon as the request has arrived. */
export function begin(
  call: MigrateCall,
  server: SimServer,
  world: World,
  requestId: string,
  action: string,
): Travel {
  server.actions.unshift({ requestId, action, errors: [] });
  server.restStatus = server.status;
  server.fault = undefined;
  return { call, server, world, requestId, migration: undefined, claimed: false };
}

/** A new migration record. */
export function newRecord(travel: Travel, type: string, status: string): SimMigration {
  const { call, server, world } = travel;
  const migration: SimMigration = {
    id: world.nextId(),
    server: server.id,
    type,
    status,
    source: call.from,
    destination: call.to,
    end: undefined,
  };
  server.migrations.unshift(migration);
  travel.migration = migration;
  return migration;
}

/** It ends where it began: claims are dropped, and the server is as it was. */
export function fail(travel: Travel, status: string, errors: readonly string[]): void {
  const { server, world, migration, requestId } = travel;
  if (migration !== undefined) {
    migration.status = status;
    migration.end = undefined;
  }
  if (travel.claimed) world.state.apply({ kind: 'fail', server: server.id });
  travel.claimed = false;
  server.status = server.restStatus;
  server.taskState = undefined;
  const action = server.actions.find((other) => other.requestId === requestId);
  if (action !== undefined) action.errors = errors;
}

/** It ends where it began, with the server in ERROR. */
export function failInError(travel: Travel, status: string, errors: readonly string[]): void {
  fail(travel, status, errors);
  travel.server.status = 'ERROR';
  travel.server.vmState = 'error';
}

const onItsWay = ['pre', 'running', 'crash', 'post'] as const;

/** Whether a fault of a live migration's way strikes one that has no such places on its own: it fails all the same. */
export const failsOnItsWay = ({ server, world }: Travel): boolean =>
  onItsWay.some((kind) => world.strikes(server, kind) !== undefined);

export function arrivalOf(
  { server: id, from, to, kind: method, storage, forced }: MigrateCall,
  { context }: World,
): Arrival | undefined {
  const server = context.cloud.servers.get(id);
  if (server === undefined) return undefined;
  return { server, from, to, method, storage, ...(forced && { forced: true as const }) };
}

/** Who refuses, in Nova's words. */
export interface Refusal {
  readonly by: 'scheduler' | 'destination';
  readonly words: string;
}

/** Why the scheduler or the destination refuse; undefined when they do not. */
export function refusalOf({ call, server, world }: Travel): Refusal | undefined {
  if (world.strikes(server, 'refuse') !== undefined) return noValidHost;
  if (world.strikes(server, 'precheck') !== undefined)
    return { by: 'destination', words: 'Migration pre-check error: the destination refuses' };
  const { from, to, kind } = call;
  if (kind === 'live' && world.services.get(from)?.state === 'down')
    return { by: 'scheduler', words: `Compute service of ${from} is unavailable at this time.` };
  if (world.services.get(to)?.state === 'down') return noValidHost;
  const arrival = arrivalOf(call, world);
  if (arrival === undefined) return { by: 'scheduler', words: 'Instance could not be found.' };
  return judgeArrival(arrival, world.state, world.rules).refusals.length > 0 ? noValidHost : undefined;
}

const noValidHost: Refusal = {
  by: 'scheduler',
  words: 'No valid host was found. There are not enough hosts available.',
};

/** Seconds: somewhere between what the plan predicts at least and at most, most often near the expected. */
export function durationOf({ call, server, world }: Travel): number {
  const { low, expected, high } = world.secondsOf(server.id, call.to);
  const chance = world.rng.nextFloat();
  const spread =
    chance < 0.5
      ? expected - (expected - low) * (1 - 2 * chance)
      : expected + (high - expected) * (2 * chance - 1);
  const factor = world.strikes(server, 'slow')?.factor ?? 1;
  return Math.max(0.1, spread) * factor;
}
