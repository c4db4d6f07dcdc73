import type { Profile, Switches } from '../model/profile.ts';
import type { PlainSwitch } from '../model/profile-schema.ts';

/** A major release of Nova, and what tells that a cloud runs it. */
export interface NovaRelease {
  readonly major: number;
  readonly name: string;
  readonly maxMicroversion: string;
  /** First and last nova-compute service version of it. */
  readonly serviceVersions: readonly [number, number];
}

type SwitchValue = string | boolean;

/** A value that holds from a Nova major on, until the next one that is listed. */
export interface Since<Value> {
  readonly major: number;
  readonly value: Value;
}

/** What a switch was over the releases. */
export interface SwitchHistory {
  /** Every value that the switch can have. */
  readonly strictestFirst: readonly SwitchValue[];
  readonly since: readonly Since<SwitchValue>[];
  /** Where Nova does it. */
  readonly source: string;
}

/** What each release does, and how strict that is: `models/profiles/releases.json`. */
export interface ReleaseTable {
  /** By major, ascending. */
  readonly releases: readonly NovaRelease[];
  readonly switches: Readonly<Record<PlainSwitch, SwitchHistory>>;
  readonly microversions: Readonly<
    Record<keyof Switches['microversions'], { readonly since: readonly Since<string>[] }>
  >;
}

/** A profile that comes with the program. */
export interface ShippedProfile extends Profile {
  readonly description: string;
  /** Whose distribution it is; absent for upstream's own. */
  readonly vendor?: string;
  /** What its releases and its overlay rest on. */
  readonly sources: readonly string[];
}

/** The value at a major: that of the latest entry not above it. Entries are ascending and begin with the first major. */
export function valueAt<Value>(since: readonly Since<Value>[], major: number): Value | undefined {
  return since.findLast((entry) => entry.major <= major)?.value;
}

/** 2.9 before 2.10. */
export function compareMicroversions(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA === majorB ? minorA - minorB : majorA - majorB;
}
