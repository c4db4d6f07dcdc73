import { showName } from '../../shared/text.ts';
import type { HostRecord } from '../document/host.ts';
import type { PlacedCellRecord, ServerRecord } from '../document/server.ts';
import { type Checker, checkUnique } from './checker.ts';

type Path = readonly PropertyKey[];

export function checkServers(checker: Checker): void {
  const { hosts, servers } = checker.inventory;
  checkUnique(checker, 'servers', servers);
  const byId = new Map(hosts.map((host) => [host.id, host]));
  for (const [at, server] of servers.entries()) {
    const path = ['servers', at];
    const host = server.host === undefined ? undefined : byId.get(server.host);
    if (server.host !== undefined && host === undefined) {
      checker.problem({
        code: 'inventory.unknown-host',
        summary: `server ${showName(server.name)} is on a host that the inventory does not list`,
        path: [...path, 'host'],
        value: server.host,
      });
    }
    checkTables(checker, server, path);
    checkRoots(checker, server, host, path);
    checkTopology(checker, server.topology ?? [], [...path, 'topology']);
    checkCellIds(checker, server, host, [...path, 'topology']);
  }
}

function checkTables({ inTable }: Checker, server: ServerRecord, path: Path): void {
  inTable('flavors', server.flavor, [...path, 'flavor']);
  inTable('images', server.image, [...path, 'image']);
  inTable('guestCpus', server.cpu, [...path, 'cpu']);
  inTable('diskSets', server.localDisks, [...path, 'localDisks']);
  for (const [at, { amounts }] of (server.allocations ?? []).entries()) {
    inTable('amounts', amounts, [...path, 'allocations', at, 'amounts']);
  }
}

/** An allocation that leaves its provider out needs a root to stand for it. */
function checkRoots(
  { problem }: Checker,
  server: ServerRecord,
  host: HostRecord | undefined,
  path: Path,
): void {
  if (host?.providers?.[0] !== undefined) return;
  const at = (server.allocations ?? []).findIndex(({ provider }) => provider === undefined);
  if (at === -1) return;
  problem({
    code: 'inventory.unknown-reference',
    summary: `server ${showName(server.name)} has an allocation without a provider, and its host no root provider`,
    path: [...path, 'allocations', at],
  });
}

/** Pins must be in step with the vCPUs that they pin. */
export function checkTopology({ problem }: Checker, cells: readonly PlacedCellRecord[], path: Path): void {
  for (const [at, { dedicatedVcpus = [], hostCpus }] of cells.entries()) {
    if (hostCpus === undefined || hostCpus.length === dedicatedVcpus.length) continue;
    problem({
      code: 'inventory.inconsistent',
      summary: `${hostCpus.length} host CPUs for ${dedicatedVcpus.length} dedicated vCPUs`,
      path: [...path, at, 'hostCpus'],
      value: hostCpus.length,
      limit: dedicatedVcpus.length,
    });
  }
}

function checkCellIds(
  { inventory, problem }: Checker,
  server: ServerRecord,
  host: HostRecord | undefined,
  path: Path,
): void {
  const hardware = host?.layout === undefined ? undefined : inventory.tables.hostLayouts[host.layout]?.cells;
  if (hardware === undefined) return;
  for (const [at, { hostCellId }] of (server.topology ?? []).entries()) {
    if (hardware.some(({ id }) => id === hostCellId)) continue;
    problem({
      code: 'inventory.unknown-reference',
      summary: `server ${showName(server.name)} is placed on a NUMA cell that its host does not have`,
      path: [...path, at, 'hostCellId'],
      value: hostCellId,
      limit: `one of ${hardware.map(({ id }) => id).join(', ')}`,
    });
  }
}
