/** What a cloud tells about its release; `profile` derivation works from this. */
export interface ReleaseEvidence {
  /** Highest compute API microversion offered, e.g. `2.93`. */
  readonly maxMicroversion?: string;
  /** nova-compute service versions seen, ascending, no duplicates. */
  readonly serviceVersions: readonly number[];
  /** How many hosts run each of them; absent where no host told. */
  readonly hostsOfVersion?: ReadonlyMap<number, number>;
}
