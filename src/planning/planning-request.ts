import type { Disruption } from '../constraints/context.ts';
import type { RulesDocument } from '../constraints/operator/document.ts';
import type { Rule } from '../constraints/rule.ts';
import type { CalendarOptions, OrderPreference } from '../model/calendar.ts';
import type { Cloud } from '../model/cloud.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { NetworkLimits } from '../model/network.ts';
import type { Selector } from '../model/named.ts';
import type { Profile } from '../model/profile.ts';
import type { CpuTable } from '../nova/cpu-compare.ts';
import type { Goal } from '../objective/goal.ts';
import type { NotDone, Plan } from '../plan/plan.ts';
import type { Backend } from '../solve/backend.ts';
import type { SearchPool } from '../solve/search/search-pool.ts';
import type { Importance } from './importance.ts';
import type { KnownBounds } from './known-bounds.ts';
import type { WhyNot } from './why-not/answer.ts';

/** What the operator asks for. All of it ends in the plan's `basedOn.options`. */
export interface PlanningOptions extends NetworkLimits {
  readonly allow: readonly Disruption[];
  /** What to make of missing facts: assume the choice that only loses quality, or refuse. */
  readonly unknown: 'assume' | 'refuse';
  readonly exclude: readonly Selector[];
  /** When not empty, only these servers move. */
  readonly only: readonly Selector[];
  readonly maxMoves?: number;
  readonly maxGiB?: number;
  /** A plan that gains less than this is not made (units of the objective). */
  readonly minGain: number;
  readonly spareHosts: number;
  readonly headroomPercent: number;
  /** Room for the servers of any one host stays free on the others. */
  readonly surviveHostLoss?: true;
  /** Leave no emptied host disabled at the end. */
  readonly reEnable: boolean;
  /** Hosts to empty, those that are evacuated among them. */
  readonly drain: readonly HostId[];
  /** Of those, hosts that are down: their servers are evacuated. Absent where none is. */
  readonly evacuate?: readonly HostId[];
  /** Hosts that are taken for down, whatever the inventory says. */
  readonly assumeDown?: readonly HostId[];
  /** Who is evacuated first, and has the room where it is short. */
  readonly important?: Importance;
  /** No plan where somebody would be left on a host that is evacuated. */
  readonly allOrNothing?: true;
  readonly effort: number;
  readonly seed: number;
  readonly timeLimitSeconds?: number;
  readonly maxParallel?: number;
  /** When migrations may run; absent where any time is as good. */
  readonly calendar?: CalendarOptions;
  /** The first counts most. */
  readonly prefer?: readonly OrderPreference[];
  /** Seconds between the end of one member of a server group and the start of the next. */
  readonly apartSeconds?: number;
}

export interface PlanningRequest {
  readonly cloud: Cloud;
  /** Digest of the inventory document, for information in the plan. */
  readonly inventoryDigest: string;
  readonly profile: Profile;
  /** What is doubtful about the profile; stands among the plan's warnings. */
  readonly releaseNotes?: readonly { readonly code: `plan.${string}`; readonly text: string }[];
  readonly goal: Goal;
  readonly rules: readonly Rule[];
  /** Rules that the operator wrote; the plan keeps them whole. */
  readonly operatorRules?: RulesDocument;
  readonly cpuTable: CpuTable;
  readonly options: PlanningOptions;
  /** Where servers are brought back to; absent where a plan is no way back. */
  readonly homes?: ReadonlyMap<ServerId, HostId>;
  /** A part of a plan that ends too late: so many moves at most, and what is known of all plans. */
  readonly part?: { readonly moves: number; readonly bounds: KnownBounds };
}

/** What planning cannot make itself: it has no clock, no workers and no version of its own. */
export interface PlanningTools {
  readonly backend: Backend;
  /** Where searchers run side by side; in this thread where there is none. */
  readonly pool?: SearchPool;
  /** Seconds since some fixed start. */
  readonly now: () => number;
  readonly plannerVersion: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PlanningProgress) => void;
}

export interface PlanningProgress {
  readonly phase: 'solve' | 'order' | 'verify';
  readonly round: number;
  readonly objective?: number;
  readonly bound?: number;
}

/** A server that keeps a host from being drained, and what stops it on the candidate hosts. */
export interface Blocker {
  readonly server: ServerId;
  readonly serverName: string;
  readonly host: HostId;
  /** Rules that refuse it, each with the hosts; most hosts first. */
  readonly refusals: readonly {
    readonly rule: string;
    readonly text: string;
    readonly hosts: readonly HostId[];
    /** Where the facts can be read that nobody told; absent where none are missing, or no source has them. */
    readonly supply?: readonly string[];
  }[];
}

/** A drained host whose servers want an empty destination, and which hosts could be one. */
export interface EmptyTwins {
  readonly host: HostId;
  /** How many of its servers go live only, and to an empty host only. */
  readonly servers: number;
  /** Why they want it, in words. */
  readonly because: string;
  /** Hosts that suit all of them and run nothing. */
  readonly empty: readonly HostId[];
  /** Hosts that would suit all of them without what is there; fewest first, not all of them. */
  readonly occupied: readonly { readonly host: HostId; readonly by: readonly string[] }[];
}

export type PlanningOutcome =
  /** A plan with at least one step. */
  | { readonly kind: 'planned'; readonly plan: Plan }
  /** Nothing to gain: the plan has no steps. */
  | { readonly kind: 'nothing-to-do'; readonly plan: Plan; readonly because: string }
  /** The hosts cannot be emptied: which servers stay, what clashes, and what would help. */
  | ({
      readonly kind: 'impossible';
      readonly because: string;
      readonly blockers: readonly Blocker[];
      readonly notDone: readonly NotDone[];
      /** Where the profile asks for empty destinations. */
      readonly twins?: readonly EmptyTwins[];
    } & WhyNot)
  /** No plan was found that ends by the deadline; seconds since the start of the timetable. */
  | {
      readonly kind: 'too-late';
      readonly because: string;
      /** When the soonest that was found for all that was asked ends. */
      readonly endSeconds: number;
      readonly deadlineSeconds: number;
    }
  /** Out of effort or time with neither a plan nor a proof; of a drain with what would let it. */
  | ({
      readonly kind: 'unknown';
      readonly because: string;
      readonly twins?: readonly EmptyTwins[];
    } & Partial<Omit<WhyNot, 'clash'>>);
