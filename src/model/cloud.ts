import type { Aggregate } from './aggregate.ts';
import type { Flavor } from './flavor.ts';
import type { Host } from './host.ts';
import type { AggregateId, HostId, ServerGroupId, ServerId, StoragePoolId } from './ids.ts';
import type { Migration } from './migration.ts';
import type { NetworkLimits, NetworkLink } from './network.ts';
import type { CloudConfig } from './nova-config.ts';
import type { OtherConsumer, ResourceProvider } from './placement.ts';
import type { ReleaseEvidence } from './release.ts';
import type { ServerGroup } from './server-group.ts';
import type { Server } from './server.ts';
import type { StoragePool } from './storage.ts';

/** One immutable picture of an OpenStack cloud. Iteration order of the maps is by id, ascending. */
export interface Cloud {
  /** When it was read, RFC 3339. */
  readonly capturedAt: string;
  readonly hosts: ReadonlyMap<HostId, Host>;
  readonly servers: ReadonlyMap<ServerId, Server>;
  readonly groups: ReadonlyMap<ServerGroupId, ServerGroup>;
  readonly aggregates: ReadonlyMap<AggregateId, Aggregate>;
  readonly storagePools: ReadonlyMap<StoragePoolId, StoragePool>;
  /** Today's flavors by name, for goals that speak of one; servers carry their own. */
  readonly flavors: ReadonlyMap<string, Flavor>;
  readonly links: readonly NetworkLink[];
  /** Of the operator, not of an inventory; absent where nothing was asked for. */
  readonly networkLimits?: NetworkLimits;
  /** In flight and finished, newest last. */
  readonly migrations: readonly Migration[];
  readonly otherConsumers: readonly OtherConsumer[];
  /** Resource providers that belong to no host, such as shared storage; absent when there are none. */
  readonly otherProviders?: readonly ResourceProvider[];
  readonly config: CloudConfig;
  readonly release: ReleaseEvidence;
}

/** Which host runs each server. A value, never edited in place. Servers without a host are absent. */
export type Assignment = ReadonlyMap<ServerId, HostId>;

/** Today's assignment; made once for a cloud. */
export function currentAssignment(cloud: Cloud): Assignment {
  const known = assignments.get(cloud);
  if (known !== undefined) return known;
  const at = new Map<ServerId, HostId>();
  for (const server of cloud.servers.values()) if (server.host !== undefined) at.set(server.id, server.host);
  assignments.set(cloud, at);
  return at;
}

const assignments = new WeakMap<Cloud, Assignment>();
