import type { Flavor } from '../../model/flavor.ts';
import type { ServerId } from '../../model/ids.ts';
import type { Allocation } from '../../model/placement.ts';
import type { LocalDisk } from '../../model/server.ts';
import type { AllocationRecord } from '../document/placement.ts';
import { type AbsentIfNone, absentIfNone, type ServerRecord } from '../document/server.ts';
import type { FlavorEntry } from '../document/tables.ts';
import type { ServerFacts } from '../facts.ts';
import { mapIf, present } from '../present.ts';
import { usualStates } from '../nova-formats/server-status.ts';
import { toPlacedCells } from './numa.ts';
import type { TableWriter } from './tables.ts';

/** What stands beside a server's own facts in its record. */
export interface ServerSurroundings {
  readonly id: ServerId;
  readonly flavor: Flavor;
  /** Glance's properties of the image as they are now. */
  readonly imageNow: Readonly<Record<string, string>> | undefined;
  readonly allocations: readonly Allocation[] | undefined;
  /** The root provider of the server's host. */
  readonly root: string | undefined;
  /** Addresses of the devices that it holds on its host. */
  readonly pciDevices: readonly string[] | undefined;
  readonly sources: Record<string, string> | undefined;
}

export function toServerRecord(
  facts: ServerFacts,
  around: ServerSurroundings,
  { put }: TableWriter,
): ServerRecord {
  return present({
    id: around.id,
    name: facts.name ?? around.id,
    projectId: facts.projectId,
    userId: facts.userId,
    flavor: put('flavors', toFlavorEntry(around.flavor)),
    image: toImage(facts, around.imageNow, put),
    ...toStates(facts),
    host: facts.location?.on,
    launchedOn: facts.launchedOn,
    topology: toTopology(facts),
    allocations: around.allocations?.map((each) => toAllocationRecord(each, around.root, put)),
    pciRequests: facts.pciRequests?.map(({ specs, ...request }) => ({
      ...request,
      specs: specs.map((spec) => ({ ...spec })),
    })),
    pciDevices: mapIf(around.pciDevices, (addresses) => [...addresses]),
    ports: facts.ports?.map((port) => ({ ...port })),
    shares: mapIf(facts.shares, (ids) => [...ids]),
    ...toStorage(facts, around.flavor, put),
    machineType: facts.machineType,
    cpu: mapIf(facts.cpu, (cpu) => put('guestCpus', { ...cpu, features: [...cpu.features] })),
    ...toRequest(facts),
    ...toUserFacts(facts),
    launchedAt: facts.launchedAt,
    usage: facts.usage,
    dirtyRateMiBps: facts.dirtyRateMiBps,
    workingSetMiB: facts.workingSetMiB,
    residentMemoryMiB: facts.residentMemoryMiB,
    diskWriteMiBps: facts.diskWriteMiBps,
    faultMessage: facts.faultMessage,
    unknown: untold(facts),
    sources: around.sources,
  });
}

export const toFlavorEntry = (flavor: Flavor): FlavorEntry => ({
  ...flavor,
  extraSpecs: { ...flavor.extraSpecs },
});

export const toAllocationRecord = (
  { provider, resources }: Allocation,
  root: string | undefined,
  put: TableWriter['put'],
): AllocationRecord => {
  const amounts = put('amounts', { ...resources });
  return provider === root ? { amounts } : { provider, amounts };
};

/** Nova's copy of the image's properties, else Glance's; no image at all for boot from volume without properties. */
function toImage(
  { image, imageProperties }: ServerFacts,
  now: Readonly<Record<string, string>> | undefined,
  put: TableWriter['put'],
): string | undefined {
  const entry = present({
    id: image?.kind === 'image' ? image.id : undefined,
    properties: mapIf(imageProperties ?? now, (properties) => ({ ...properties })),
  });
  return Object.keys(entry).length === 0 ? undefined : put('images', entry);
}

function toStates({ states }: ServerFacts) {
  if (states === undefined) return { status: 'UNKNOWN' };
  const usual = usualStates.get(states.status);
  return present({
    status: states.status,
    vmState: states.vmState === usual?.vmState ? undefined : states.vmState,
    taskState: states.taskState,
    powerState: states.powerState === usual?.powerState ? undefined : states.powerState,
  });
}

function toTopology({ topology, location }: ServerFacts): ServerRecord['topology'] {
  if (topology === undefined) return undefined;
  if (topology.kind === 'none') return [];
  // without a host the cells are those of a host that it has left
  return location?.on === undefined ? undefined : toPlacedCells(topology.topology);
}

function toRequest({ requestedAz, schedulerHints = {} }: ServerFacts) {
  const hints = Object.entries(schedulerHints).map(([name, values]): [string, string[]] => [
    name,
    [...values],
  ]);
  return present({ requestedAz, schedulerHints: hints.length === 0 ? undefined : Object.fromEntries(hints) });
}

/** Of what is written only where there is something: that of which nobody tells whether there is. */
function untold(facts: ServerFacts): AbsentIfNone[] | undefined {
  const { configDrive, image, lock, metadata, tags, volumes } = facts;
  const told: Readonly<Record<AbsentIfNone, unknown>> = {
    bootFromVolume: facts.bootFromVolume ?? image,
    configDrive,
    locked: lock,
    metadata,
    tags,
    volumes,
  };
  const names = absentIfNone.filter((name) => told[name] === undefined);
  return names.length === 0 ? undefined : names;
}

/** Flags and lists are written only where there is something to write. */
function toUserFacts({ lock, metadata = {}, tags = [] }: ServerFacts): Partial<ServerRecord> {
  return present({
    locked: lock?.locked === true ? (true as const) : undefined,
    lockedReason: lock?.reason,
    tags: tags.length === 0 ? undefined : tags.toSorted(),
    metadata: Object.keys(metadata).length === 0 ? undefined : { ...metadata },
  });
}

function toStorage(facts: ServerFacts, flavor: Flavor, put: TableWriter['put']): Partial<ServerRecord> {
  const { configDrive, configDriveFormat, volumes = [] } = facts;
  const bootFromVolume = facts.bootFromVolume ?? facts.image?.kind === 'none';
  return present({
    bootFromVolume: bootFromVolume ? (true as const) : undefined,
    volumes: volumes.length === 0 ? undefined : volumes.map((volume) => ({ ...volume })),
    localDisks: mapIf(toDisks(facts, flavor, bootFromVolume), (disks) => put('diskSets', disks)),
    configDrive: configDrive === true ? (true as const) : undefined,
    configDriveFormat,
  });
}

/** Disks as the database lists them, else as the flavor has them; unknown where a root disk's size is the image's. */
function toDisks(facts: ServerFacts, flavor: Flavor, bootFromVolume: boolean): LocalDisk[] | undefined {
  const listed = facts.localDisks ?? [
    ...(bootFromVolume ? [] : [{ kind: 'root' as const }]),
    ...(flavor.ephemeralGiB > 0 ? [{ kind: 'ephemeral' as const }] : []),
    ...(flavor.swapMiB > 0 ? [{ kind: 'swap' as const }] : []),
  ];
  const disks = listed.map(({ kind, sizeGiB }) => ({ kind, sizeGiB: sizeGiB ?? flavorSize(kind, flavor) }));
  return disks.some(({ sizeGiB }) => sizeGiB === 0) ? undefined : disks;
}

function flavorSize(kind: LocalDisk['kind'], flavor: Flavor): number {
  switch (kind) {
    case 'root':
      return flavor.rootGiB;
    case 'ephemeral':
      return flavor.ephemeralGiB;
    case 'swap':
      return Math.ceil(flavor.swapMiB / 1024); // as Placement charges it
    case 'config-drive':
      return 0;
  }
}
