import type { Cloud } from '../model/cloud.ts';
import type { HostReports } from '../model/host-report.ts';
import type { CloudProbes } from '../model/probes.ts';
import type { Profile } from '../model/profile.ts';
import type { CpuTable } from '../nova/cpu-compare.ts';

/** The worst first. */
export const checkStates = ['problem', 'warning', 'unknown', 'ok'] as const;

/** `unknown` never counts as `ok`: nobody told. */
export type CheckState = (typeof checkStates)[number];

/** What one check found at one place, or at several alike. */
export interface Finding {
  readonly state: CheckState;
  /** Hosts, servers, services, options. */
  readonly places: readonly string[];
  readonly found: string;
  /** What to do; nothing where it is well. */
  readonly next?: string;
}

/** Everything that checks may look at; what nobody told is absent. */
export interface Patient {
  readonly cloud?: Cloud;
  /** Nobody told of migrations: that the cloud has none says nothing. */
  readonly migrationsUnread?: true;
  readonly profile: Profile;
  readonly cpuTable: CpuTable;
  /** Answers of the live cloud; absent where none was asked. */
  readonly probes?: CloudProbes;
  /** Facts that were gathered on hosts; absent where there are none. */
  readonly reports?: HostReports;
}

interface CheckFacts {
  readonly id: string;
  /** What must be so. */
  readonly needed: string;
  /** Why, and where that is written. */
  readonly why: string;
  /** Said where it finds nothing. */
  readonly fine: string;
}

/** One thing that is looked at; it says what it looks at, so that its absence is told in one place. */
export type Check = CheckFacts &
  (
    | {
        readonly looksAt: 'cloud';
        readonly examine: (cloud: Cloud, patient: Patient) => readonly Finding[];
      }
    | {
        readonly looksAt: 'probes';
        readonly examine: (probes: CloudProbes, patient: Patient) => readonly Finding[];
      }
    | {
        readonly looksAt: 'reports';
        readonly examine: (reports: HostReports, patient: Patient) => readonly Finding[];
      }
  );

/** A finding of each state, in few words. */
export const problem = (places: readonly string[], found: string, next: string): Finding => ({
  state: 'problem',
  places,
  found,
  next,
});
export const warning = (places: readonly string[], found: string, next: string): Finding => ({
  state: 'warning',
  places,
  found,
  next,
});
export const unknown = (places: readonly string[], found: string, next: string): Finding => ({
  state: 'unknown',
  places,
  found,
  next,
});
export const ok = (places: readonly string[], found: string): Finding => ({ state: 'ok', places, found });
