import { hostId, type ProviderId, providerId, type ServerGroupId, serverId } from '../../model/ids.ts';
import type { Allocation } from '../../model/placement.ts';
import type { Port, Server } from '../../model/server.ts';
import type { AllocationRecord } from '../document/placement.ts';
import type { AbsentIfNone, ServerRecord } from '../document/server.ts';
import { mapIf, present } from '../present.ts';
import { usualStates } from '../nova-formats/server-status.ts';
import { toGuestCells } from './numa.ts';
import type { ModelTables } from './tables.ts';

/** What a server's record leaves to others to say. */
export interface ServerContext {
  readonly tables: ModelTables;
  /** The root provider of the server's host, which its allocations leave out. */
  readonly root: ProviderId | undefined;
  readonly group: ServerGroupId | undefined;
}

const none: readonly never[] = [];
const noTopology: NonNullable<Server['topology']> = { kind: 'none' };

/** A server as the model has it; what is equal is shared with the record and between servers, since there are many. */
export function toServer(record: ServerRecord, { tables, root, group }: ServerContext): Server {
  const image = mapIf(record.image, tables.image);
  return present({
    id: serverId(record.id),
    name: record.name,
    projectId: record.projectId,
    userId: record.userId,
    flavor: tables.flavor(record.flavor),
    imageId: image?.id,
    imageProperties: image?.properties,
    ...toStates(record),
    host: mapIf(record.host, hostId),
    launchedOn: mapIf(record.launchedOn, hostId),
    topology: mapIf(record.topology, toTopology),
    allocations: record.allocations?.map((allocation) => toAllocation(allocation, tables, root)),
    pciRequests: record.pciRequests,
    pciDevices: record.pciDevices,
    ports: record.ports?.map(({ hasResourceRequest = false, ...port }): Port => ({
      ...port,
      hasResourceRequest,
    })),
    ...toStorage(record, tables),
    machineType: record.machineType,
    cpu: mapIf(record.cpu, tables.guestCpu),
    group,
    requestedAz: record.requestedAz,
    schedulerHints: record.schedulerHints,
    ...toUserFacts(record),
    launchedAt: record.launchedAt,
    usage: record.usage,
    dirtyRateMiBps: record.dirtyRateMiBps,
    workingSetMiB: record.workingSetMiB,
    residentMemoryMiB: record.residentMemoryMiB,
    diskWriteMiBps: record.diskWriteMiBps,
    faultMessage: record.faultMessage,
  });
}

function toStates(record: ServerRecord) {
  const usual = usualStates.get(record.status);
  return {
    status: record.status,
    vmState: record.vmState ?? usual?.vmState ?? record.status.toLowerCase(),
    taskState: record.taskState,
    powerState: record.powerState ?? usual?.powerState ?? ('none' as const),
  };
}

/** What the absence of a member says: that there is none, unless nobody told. */
const orNone = <None>({ unknown }: ServerRecord, member: AbsentIfNone, nothing: None): None | undefined =>
  unknown?.includes(member) === true ? undefined : nothing;

const toStorage = (record: ServerRecord, tables: ModelTables) => ({
  bootFromVolume: record.bootFromVolume ?? orNone(record, 'bootFromVolume', false),
  volumes: record.volumes ?? orNone(record, 'volumes', none),
  localDisks: mapIf(record.localDisks, tables.disks),
  shares: record.shares,
  configDrive: record.configDrive ?? orNone(record, 'configDrive', false),
  configDriveFormat: record.configDriveFormat,
});

const noMetadata = {};

const toUserFacts = (record: ServerRecord) => ({
  locked: record.locked ?? orNone(record, 'locked', false),
  lockedReason: record.lockedReason,
  tags: record.tags ?? orNone(record, 'tags', none),
  metadata: record.metadata ?? orNone(record, 'metadata', noMetadata),
});

const toTopology = (cells: NonNullable<ServerRecord['topology']>): NonNullable<Server['topology']> =>
  cells.length === 0 ? noTopology : { kind: 'placed', topology: { cells: toGuestCells(cells) } };

/** `root` stands for a provider that the record leaves out; checked to be there where it is needed. */
export const toAllocation = (
  { amounts, provider }: AllocationRecord,
  tables: ModelTables,
  root: ProviderId | undefined,
): Allocation => ({
  provider: provider === undefined ? (root ?? providerId('')) : providerId(provider),
  resources: tables.amounts(amounts),
});
