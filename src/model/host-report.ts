import type { HostId } from './ids.ts';

/** What logs in without a password between hosts, as the user that runs nova-compute. Public facts only. */
export interface SshFacts {
  /** Fingerprints of the public keys that the user offers. */
  readonly offers: readonly string[];
  /** Fingerprints of the keys that may log in here. */
  readonly accepts: readonly string[];
  /** Names and addresses in known_hosts that are readable. */
  readonly knows: readonly string[];
  /** Entries of known_hosts whose names are hashed. */
  readonly hashed: number;
  /** Whether host keys are checked at all (`StrictHostKeyChecking no`). */
  readonly checksHostKeys: boolean;
}

/** What was gathered of a host beyond what planning needs: how it is set up, never a password. */
export interface HostReport {
  readonly host: HostId;
  /** Values of nova.conf by `section.option`, of options that are compared only. */
  readonly options: ReadonlyMap<string, string>;
  /** Whether an option that is not there is not set: the file is whole, and these options were asked for. */
  readonly tellsAll: boolean;
  /** Ids of the CPUs that are on line. */
  readonly cpus?: readonly number[];
  /** CPU ids by core, for cores with several threads. */
  readonly cores?: readonly (readonly number[])[];
  /** Versions of packages and of the kernel by name. */
  readonly versions: ReadonlyMap<string, string>;
  /** Whether the clock follows a time server. */
  readonly clockIsSynchronized?: boolean;
  readonly ssh?: SshFacts;
}

/** By host. */
export type HostReports = ReadonlyMap<HostId, HostReport>;
