declare const brand: unique symbol;
type Id<Kind extends string> = string & { readonly [brand]: Kind };

/** A compute host as nova-compute names it (`OS-EXT-SRV-ATTR:host`, `--host`); not the node name. */
export type HostId = Id<'host'>;
/** A server's UUID. */
export type ServerId = Id<'server'>;
/** A server group's UUID. */
export type ServerGroupId = Id<'server-group'>;
/** A host aggregate's UUID, or its number as text where the release gives no UUID. */
export type AggregateId = Id<'aggregate'>;
/** A Placement resource provider's UUID. */
export type ProviderId = Id<'provider'>;
/** A storage pool's name within one inventory. */
export type StoragePoolId = Id<'storage-pool'>;

export const hostId = (raw: string): HostId => raw as HostId;
export const serverId = (raw: string): ServerId => raw as ServerId;
export const serverGroupId = (raw: string): ServerGroupId => raw as ServerGroupId;
export const aggregateId = (raw: string): AggregateId => raw as AggregateId;
export const providerId = (raw: string): ProviderId => raw as ProviderId;
export const storagePoolId = (raw: string): StoragePoolId => raw as StoragePoolId;
