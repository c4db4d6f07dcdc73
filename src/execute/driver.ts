import type { HostId, ServerId } from '../model/ids.ts';

/** A server as the cloud tells it now. */
export interface ServerSeen {
  readonly host?: HostId;
  readonly status: string;
  readonly vmState: string;
  /** Absent when no task runs. */
  readonly taskState?: string;
  readonly vcpus?: number;
  readonly memoryMiB?: number;
  /** What Nova keeps of its last error. */
  readonly fault?: string;
  /** IP addresses; absent where the cloud does not tell. */
  readonly addresses?: readonly string[];
}

/** A migration record of a server. */
export interface MigrationSeen {
  readonly id: number;
  /** `live-migration`, `migration`, `resize`, `evacuation`. */
  readonly type: string;
  /** Nova's word. */
  readonly status: string;
  readonly source?: HostId;
  readonly destination?: HostId;
}

/** A server action, as the API recorded it: present as soon as a request has arrived. */
export interface ActionSeen {
  /** `req-…`: the id of the request that began it. */
  readonly requestId: string;
  /** `live-migration`, `migrate`, `confirmResize`, `evacuate`, `stop`, … */
  readonly action: string;
  /** What its events that failed say; empty when none did. */
  readonly errors: readonly string[];
  /** Its migration has failed, and Nova's conductor has yet to write down why. */
  readonly open?: true;
}

/** A server with everything that tells what has become of a request. */
export interface Look {
  /** Absent when the server does not exist. */
  readonly server?: ServerSeen;
  /** Newest first. */
  readonly migrations: readonly MigrationSeen[];
  /** Newest first. */
  readonly actions: readonly ActionSeen[];
}

/** A server that has come to the cloud. */
export interface NewServer {
  readonly id: ServerId;
  readonly name: string;
  /** Absent while it has none. */
  readonly host?: HostId;
}

/** The nova-compute service of a host. */
export interface ServiceSeen {
  readonly host: HostId;
  readonly id?: string;
  readonly status: 'enabled' | 'disabled';
  /** `down` when it is forced down too. */
  readonly state: 'up' | 'down';
  readonly reason?: string;
}

export interface MigrateCall {
  readonly kind: 'live' | 'cold' | 'evacuate';
  readonly server: ServerId;
  readonly from: HostId;
  readonly to: HostId;
  readonly microversion: string;
  readonly storage: 'shared' | 'block' | 'volume';
  readonly forced: boolean;
}

export interface ServerCall {
  readonly kind: 'confirm' | 'revert' | 'stop' | 'start';
  readonly server: ServerId;
  readonly microversion: string;
}

/** Ends a live migration before its time. */
export interface EndEarlyCall {
  readonly kind: 'abort' | 'force-complete';
  readonly server: ServerId;
  readonly migration: number;
}

export interface ServiceCall {
  readonly kind: 'disable' | 'enable';
  readonly host: HostId;
  readonly serviceId?: string;
  readonly reason?: string;
  readonly microversion: string;
}

/** One request that changes something. */
export type Call = MigrateCall | ServerCall | EndEarlyCall | ServiceCall;

/** What came of a request. */
export type Answer =
  | { readonly kind: 'accepted'; readonly requestId?: string }
  /** The cloud says no, and has done nothing. */
  | { readonly kind: 'refused'; readonly text: string; readonly status?: number }
  /** Nobody knows whether it arrived: look before asking again. */
  | { readonly kind: 'lost'; readonly text: string };

/** What the runner needs of a cloud. Reads reject when the cloud cannot be read; `request` never does. */
export interface Driver {
  look(server: ServerId): Promise<Look>;
  /**
   * Migration records of all servers that have changed since a time, in milliseconds since 1970; more may come along.
   * Absent where the cloud cannot tell.
   */
  changedSince(time: number): Promise<readonly MigrationSeen[] | undefined>;
  services(): Promise<readonly ServiceSeen[]>;
  /** Every migration of the cloud that has not ended. */
  inFlight(): Promise<readonly (MigrationSeen & { readonly server: ServerId })[]>;
  /** Servers that were made since a time, in milliseconds since 1970, and are there still. */
  newServers(time: number): Promise<readonly NewServer[]>;
  /** Servers that run on a host. */
  serversOn(host: HostId): Promise<readonly ServerId[]>;
  /** Whether Placement has room on a host for what a server asks of it; undefined where the cloud does not tell. */
  hasRoom(
    server: ServerId,
    host: HostId,
    amounts: Readonly<Record<string, number>>,
  ): Promise<boolean | undefined>;
  /** Members of a server group; undefined where the cloud does not tell. */
  groupMembers(group: string): Promise<readonly ServerId[] | undefined>;
  /** The host's NUMA cell of each guest cell; absent where the cloud does not tell. */
  cells(server: ServerId): Promise<readonly number[] | undefined>;
  request(call: Call): Promise<Answer>;
  /** Requests sent so far, reads included. */
  requests(): number;
}
