/**
 * A link that migrations cross besides the hosts' own NICs.
 *
 * - `uplink` (the default): between what is behind it and everything else, as of a rack. A migration crosses it when one
 *   of its ends is behind it and the other is not.
 * - `switch`: a switch, or spine, that blocks: all that goes between two of its members, or between a member and
 *   elsewhere, shares what it carries. One that does not block stands nowhere.
 */
export interface NetworkLink {
  readonly name: string;
  readonly kind?: 'uplink' | 'switch';
  /** Racks or hosts behind the link. */
  readonly members: readonly string[];
  readonly bandwidthMbps: number;
  /** Carries so much each way at the same time; otherwise both directions share it, as they do in a switch. */
  readonly fullDuplex: boolean;
}

/** What the operator lets migrations take of the network, besides what the cloud itself sets. */
export interface NetworkLimits {
  /** Share of every NIC and link that migrations may take together, 1 to 100; the rest is left to others. */
  readonly sharePercent?: number;
  /** Mbit/s that no migration takes more of. */
  readonly migrationMbps?: number;
  /** Migrations under way to one host at the same time. */
  readonly maxInbound?: number;
}
