import type { HostId, ServerId } from '../../model/ids.ts';
import { type HeldClaim, isInFlight } from '../../model/migration.ts';
import { compareText } from '../../shared/collections.ts';
import { migrationKey } from '../combine/migrations.ts';
import type { HeldRecord, MigrationRecord } from '../document/cloud-records.ts';
import type { HostFacts, MigrationFacts, ServerFacts } from '../facts.ts';
import type { Merged } from '../merge.ts';
import { present } from '../present.ts';
import { toPlacedCells } from './numa.ts';
import { toFlavorEntry } from './server.ts';
import type { TableWriter } from './tables.ts';

/** Addresses of the devices that a server holds, by host: its own, and those that a move of it holds elsewhere. */
export type DevicesByServer = ReadonlyMap<string, ReadonlyMap<HostId, readonly string[]>>;

export function devicesByServer(hosts: ReadonlyMap<HostId, Merged<HostFacts>>): DevicesByServer {
  const held = new Map<string, Map<HostId, string[]>>();
  for (const [host, { facts }] of hosts) {
    for (const { server, address } of facts.pciDevices ?? []) {
      if (server === undefined) continue;
      const byHost = held.get(server) ?? new Map<HostId, string[]>();
      held.set(server, byHost);
      byHost.set(host, [...(byHost.get(host) ?? []), address].sort(compareText));
    }
  }
  return held;
}

/** Migration records, those in flight with what they hold: from the server's migration context and the devices' rows. */
export function toMigrationRecords(
  migrations: readonly MigrationFacts[],
  servers: ReadonlyMap<ServerId, Merged<ServerFacts>>,
  devices: DevicesByServer,
  { put }: TableWriter,
): MigrationRecord[] {
  const contexts = new Map(
    [...servers].flatMap(([server, { facts }]) =>
      facts.heldByMigration === undefined
        ? []
        : [
            [
              migrationKey({ server, id: facts.heldByMigration.migration }),
              facts.heldByMigration.held,
            ] as const,
          ],
    ),
  );
  return migrations.map((record) => {
    if (!isInFlight(record)) return { ...record };
    const context = contexts.get(migrationKey(record));
    const ofGuests = servers.get(record.server)?.facts.heldByHost;
    const byHost = devices.get(record.server);
    const at = (claim: HeldClaim | undefined, host: HostId | undefined) =>
      toHeldRecord(claim, host === undefined ? undefined : byHost?.get(host), put);
    return present({
      ...record,
      heldAtSource: at(context?.source ?? guestAt(ofGuests, record.source), record.source),
      heldAtDestination: at(
        context?.destination ?? guestAt(ofGuests, record.destination),
        record.destination,
      ),
    });
  });
}

/** What a guest on an end of a move holds there, where Nova's own book of the move was not read. */
const guestAt = (
  guests: ReadonlyMap<HostId, HeldClaim> | undefined,
  host: HostId | undefined,
): HeldClaim | undefined => (host === undefined ? undefined : guests?.get(host));

function toHeldRecord(
  claim: HeldClaim | undefined,
  devices: readonly string[] | undefined,
  put: TableWriter['put'],
): HeldRecord | undefined {
  const addresses = claim?.pciDevices ?? devices;
  const record = present({
    topology: claim?.topology === undefined ? undefined : toPlacedCells(claim.topology),
    pciDevices: addresses === undefined ? undefined : [...addresses],
    flavor: claim?.flavor === undefined ? undefined : put('flavors', toFlavorEntry(claim.flavor)),
  });
  return Object.keys(record).length === 0 ? undefined : record;
}
