/** A link that migrations cross besides the hosts' own NICs: a rack's uplink, the spine. */
export interface NetworkLink {
  readonly name: string;
  /** Racks or hosts behind the link. */
  readonly members: readonly string[];
  readonly bandwidthMbps: number;
  readonly fullDuplex: boolean;
}
