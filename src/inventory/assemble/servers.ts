import type { Flavor } from '../../model/flavor.ts';
import type { HostId, ServerId } from '../../model/ids.ts';
import type { Allocation } from '../../model/placement.ts';
import type { CombinedFacts } from '../combine.ts';
import type { Gap } from '../document/cloud-records.ts';
import type { ServerRecord } from '../document/server.ts';
import type { ServerFacts } from '../facts.ts';
import type { Merged } from '../merge.ts';
import type { DevicesByServer } from './migrations.ts';
import type { ProvidersByHost } from './providers.ts';
import { toServerRecord } from './server.ts';
import { type FieldSources, type OneSource, summariseSources } from './sources.ts';
import type { TableWriter } from './tables.ts';

/** A server's facts with what other lists say of it. */
interface Joined {
  readonly id: ServerId;
  readonly facts: ServerFacts;
  readonly flavor: Flavor;
  readonly imageNow: Readonly<Record<string, string>> | undefined;
  readonly allocations: readonly Allocation[] | undefined;
  readonly pciDevices: readonly string[] | undefined;
  /** The flavor's extra specs are not known. */
  readonly isOutline: boolean;
  readonly allocationSource: OneSource;
  readonly deviceSource: OneSource;
  readonly sources: FieldSources;
}

/** The records of all servers, and where most of them have their fields from. */
export function toServerRecords(
  combined: CombinedFacts,
  { byHost }: ProvidersByHost,
  devices: DevicesByServer,
  tables: TableWriter,
): { readonly records: ServerRecord[]; readonly sources: Readonly<Record<string, string>> } {
  const flavors = flavorsNow(combined);
  const leftOut: ServerId[] = [];
  const joined = [...combined.servers].flatMap(([id, merged]) => {
    const one = join(id, merged, combined, devices, flavors);
    if (one === undefined) leftOut.push(id);
    return one ?? [];
  });
  combined.gaps.push(...withoutFlavor(leftOut));
  const summary = summariseSources(joined.map(({ sources }) => sources));
  const records = joined.map(({ facts, sources, ...rest }) => {
    const host = facts.location?.on;
    const root = host === undefined ? undefined : byHost.get(host)?.[0]?.id;
    return toServerRecord(facts, { ...rest, root, sources: summary.exceptions(sources) }, tables);
  });
  return { records, sources: summary.usual };
}

/** Servers that nobody tells the flavor of: each by name while they are few. */
function withoutFlavor(ids: readonly ServerId[]): Gap[] {
  const hint = 'ask for servers with microversion 2.47 or later, or record the flavors too';
  const few = ids.length <= 5;
  const summaries = few
    ? ids.map((id) => `server ${id} is left out: no source tells its flavor`)
    : [`${ids.length} servers are left out: no source tells their flavors`];
  return summaries.map((summary) => ({ code: 'nova.no-flavor', summary, hint }));
}

function join(
  id: ServerId,
  merged: Merged<ServerFacts>,
  combined: CombinedFacts,
  devices: DevicesByServer,
  flavors: ReadonlyMap<string, Flavor>,
): Joined | undefined {
  const { facts, sources } = merged;
  const whole = facts.flavor ?? flavorNow(facts, flavors);
  const flavor = whole ?? outlineOf(facts);
  if (flavor === undefined) return undefined;
  const host = facts.location?.on;
  const joined = {
    id,
    facts: withVolumeFacts(withMemoryUsed(withKnownCells(id, merged, combined), flavor), combined),
    isOutline: whole === undefined,
    allocationSource: combined.allocations?.source ?? 'api:placement',
    deviceSource:
      (host === undefined ? undefined : combined.hosts.get(host)?.sources.get('pciDevices')) ??
      'db:pci_devices',
    flavor,
    imageNow: facts.image?.kind === 'image' ? combined.images?.value.get(facts.image.id) : undefined,
    allocations: allocationsOf(id, combined),
    pciDevices: devicesOf(id, facts.location?.on, combined, devices),
  };
  return { ...joined, sources: sourcesOf(joined, sources) };
}

/** The sources of the merged fields, and of those that other lists tell. */
function sourcesOf(
  {
    facts,
    imageNow,
    allocations,
    pciDevices,
    isOutline,
    allocationSource,
    deviceSource,
  }: Omit<Joined, 'sources'>,
  sources: ReadonlyMap<string, OneSource>,
): FieldSources {
  const own = new Map<string, OneSource>(sources);
  for (const field of ['flavorRef', 'flavorOutline', 'heldByMigration', 'heldByHost', 'memoryUsedPercent']) {
    own.delete(field);
  }
  if (facts.topology === undefined) own.delete('topology');
  // an embedded flavor may differ from today's: what stands in for it is an assumption
  if (facts.flavor === undefined) {
    own.set('flavor', isOutline ? 'assumed:no-extra-specs' : 'assumed:flavor-of-today');
  }
  if (facts.imageProperties === undefined && imageNow !== undefined) {
    own.set('imageProperties', 'api:glance-images');
  }
  if (allocations !== undefined) own.set('allocations', allocationSource);
  if (pciDevices !== undefined) own.set('pciDevices', deviceSource);
  if (facts.localDisks === undefined) own.set('localDisks', 'assumed:flavor');
  return own;
}

function flavorNow({ flavorRef }: ServerFacts, flavors: ReadonlyMap<string, Flavor>): Flavor | undefined {
  const { id = '', name = '' } = flavorRef ?? {};
  return flavors.get(`id ${id}`) ?? flavors.get(`name ${name}`);
}

/**
 * A flavor without extra specs says too little to move a server by. One whose state nobody tells does not move: for it
 * the amounts will do.
 */
const outlineOf = ({ flavorOutline, states }: ServerFacts): Flavor | undefined =>
  flavorOutline === undefined || states !== undefined ? undefined : { ...flavorOutline, extraSpecs: {} };

function withMemoryUsed({ memoryUsedPercent, ...facts }: ServerFacts, { memoryMiB }: Flavor): ServerFacts {
  if (memoryUsedPercent === undefined) return facts;
  const memoryUsedMiB = Math.ceil((memoryMiB * Math.min(memoryUsedPercent, 100)) / 100);
  return { ...facts, usage: { ...facts.usage, memoryUsedMiB } };
}

/** Its volumes with what Cinder knows of each; a size that Nova tells is Nova's. */
function withVolumeFacts(facts: ServerFacts, { volumes }: CombinedFacts): ServerFacts {
  const known = volumes?.value;
  return facts.volumes === undefined || known === undefined
    ? facts
    : { ...facts, volumes: facts.volumes.map((volume) => ({ ...known.get(volume.id), ...volume })) };
}

/** A topology on cells that the host no longer has is where nobody knows: changed hardware, or a dump of two times. */
function withKnownCells(
  id: ServerId,
  { facts, sources }: Merged<ServerFacts>,
  { contradictions, hosts }: CombinedFacts,
): ServerFacts {
  const { location, topology, ...others } = facts;
  const host = location?.on === undefined ? undefined : hosts.get(location.on);
  const cells = host?.facts.cells;
  if (location === undefined || topology?.kind !== 'placed' || cells === undefined) return facts;
  const lost = topology.topology.cells.find(({ hostCellId }) =>
    cells.every((cell) => cell.id !== hostCellId),
  );
  if (lost === undefined) return facts;
  contradictions.push({
    subject: `server ${id}`,
    field: 'topology',
    values: [
      { source: sources.get('topology') ?? 'db:instance_extra', value: `on NUMA cell ${lost.hostCellId}` },
      {
        source: host?.sources.get('cells') ?? 'db:compute_nodes',
        value: `host has cells ${cells.map((cell) => cell.id).join(', ')}`,
      },
    ],
  });
  return { ...others, location };
}

/** Today's flavors by id and by name, where a server does not bring its own. */
function flavorsNow({ flavors }: CombinedFacts): ReadonlyMap<string, Flavor> {
  const found = new Map<string, Flavor>();
  for (const [id, flavor] of flavors?.value ?? [])
    found.set(`id ${id}`, flavor).set(`name ${flavor.name}`, flavor);
  return found;
}

/** Nothing held is known only when every provider was asked, or the server itself. */
function allocationsOf(id: ServerId, { allocations }: CombinedFacts): readonly Allocation[] | undefined {
  const held = allocations?.value.byConsumer.get(id);
  return held ?? (allocations?.value.complete === true ? [] : undefined);
}

/** The devices that it holds on its own host; those elsewhere belong to its move. */
function devicesOf(
  id: ServerId,
  host: HostId | undefined,
  { hosts }: CombinedFacts,
  devices: DevicesByServer,
): readonly string[] | undefined {
  if (host === undefined || hosts.get(host)?.facts.pciDevices === undefined) return undefined;
  return devices.get(id)?.get(host) ?? [];
}
