import type { Flavor } from './flavor.ts';
import type { HostId, ServerId } from './ids.ts';
import type { PlacedTopology } from './numa.ts';

export type MigrationType = 'live-migration' | 'migration' | 'resize' | 'evacuation';

/** What a move holds at one of its ends, as its migration context keeps it. */
export interface HeldClaim {
  /** Absent when the server has no NUMA topology there, or no source told. */
  readonly topology?: PlacedTopology;
  /** Addresses of PCI devices; absent when none is held or no source told. */
  readonly pciDevices?: readonly string[];
  /** Of a resize: the flavor that counts at this end. */
  readonly flavor?: Flavor;
}

/** One migration record of Nova (`GET /os-migrations`). */
export interface Migration {
  readonly id: number;
  readonly uuid?: string;
  readonly server: ServerId;
  readonly type: MigrationType;
  /** Nova's word: `accepted`, `queued`, `running`, `finished`, `completed`, `error`, … */
  readonly status: string;
  readonly source?: HostId;
  readonly destination?: HostId;
  readonly createdAt?: string;
  readonly updatedAt?: string;
  readonly memoryTotalMiB?: number;
  readonly memoryProcessedMiB?: number;
  readonly diskTotalMiB?: number;
  /**
   * What a move in flight holds at both ends. The end at which the server is (`Server.host`) is the server's own
   * topology once more: count it there, and only the other end here.
   */
  readonly held?: { readonly source?: HeldClaim; readonly destination?: HeldClaim };
}

const ended = new Set(['completed', 'confirmed', 'reverted', 'error', 'failed', 'cancelled']);

/** True while the record may still hold resources at one end or the other; `done` evacuations do. */
export const isInFlight = (migration: Pick<Migration, 'status'>): boolean => !ended.has(migration.status);
