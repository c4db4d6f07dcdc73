import type { Disruption } from '../constraints/context.ts';
import type { RulesDocument } from '../constraints/operator/document.ts';
import type { Rule } from '../constraints/rule.ts';
import type { Cloud } from '../model/cloud.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { Profile } from '../model/profile.ts';
import type { CpuTable } from '../nova/cpu-compare.ts';
import type { Goal } from '../objective/goal.ts';
import type { NotDone, Plan } from '../plan/plan.ts';
import type { Backend } from '../solve/backend.ts';
import type { SearchPool } from '../solve/search/search-pool.ts';
import type { WhyNot } from './why-not/answer.ts';

/** What `--exclude` and `--only` may speak of. */
export const selectorKinds = [
  'server',
  'host',
  'project',
  'tag',
  'aggregate',
  'flavor',
  'group',
  'metadata',
  'zone',
  'rack',
] as const;

/** `server:…`, `host:…`, `tag:…` and so on, parsed. Names or ids; `*` and `?` as in rules. */
export interface Selector {
  readonly kind: (typeof selectorKinds)[number];
  readonly value: string;
}

/** What the operator asks for. All of it ends in the plan's `basedOn.options`. */
export interface PlanningOptions {
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
  /** Hosts to empty. */
  readonly drain: readonly HostId[];
  readonly effort: number;
  readonly seed: number;
  readonly timeLimitSeconds?: number;
  readonly maxParallel?: number;
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
  /** Out of effort or time with neither a plan nor a proof; of a drain with what would let it. */
  | ({
      readonly kind: 'unknown';
      readonly because: string;
      readonly twins?: readonly EmptyTwins[];
    } & Partial<Omit<WhyNot, 'clash'>>);
