import type { Storage } from '../constraints/arrival.ts';
import type { Disruption } from '../constraints/context.ts';
import type { RulesDocument } from '../constraints/operator/document.ts';
import type { CalendarOptions, OrderPreference } from '../model/calendar.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { NetworkLimits } from '../model/network.ts';
import type { Profile } from '../model/profile.ts';
import type { Evaluation, PriorityValue } from '../objective/evaluation.ts';
import type { Goal } from '../objective/goal.ts';

/** The plan document, formatVersion 1. Its bytes hold no clock, duration of the run, or thread count. */
export interface Plan {
  readonly formatVersion: 1;
  readonly kind: 'plan';
  /** First 12 hex digits of the digest of the rest. */
  readonly id: string;
  readonly basedOn: {
    readonly inventoryDigest: string;
    readonly capturedAt: string;
    readonly planner: string;
    readonly profile: string;
    /** The profile, resolved, so that its steps can be judged by the same rules wherever the plan goes. */
    readonly release: Omit<Profile, 'name'>;
    /** Whole, so that the plan's figures can be checked with nothing but the plan and a cloud. */
    readonly goal: Goal;
    /** Rules that the operator wrote, whole like the goal; absent when there were none. */
    readonly rules?: RulesDocument;
    readonly seed: number;
    readonly effort: number;
    readonly solver: string;
    /** Options that shaped the plan, as given. */
    readonly options: PlanOptions;
  };
  readonly assumptions: readonly Assumption[];
  readonly objective: Omit<Evaluation, 'priorities'> &
    Proof & {
      /** With a bound of each; absent where all terms have one priority. */
      readonly priorities?: readonly (PriorityValue & Proof)[];
      /** `optimal`: every priority is at its bound, or as near as its tolerance lets it be. */
      readonly outcome: 'optimal' | 'feasible';
      readonly stoppedBy?: 'time' | 'effort' | 'cancel';
      readonly rounds: number;
    };
  readonly summary: PlanSummary;
  readonly timetable: PlanTimetable;
  /** In the order of their requests. */
  readonly steps: readonly Step[];
  readonly warnings: readonly Warning[];
  /** Servers that stay although the goal would have them moved, and hosts that could not be emptied. */
  readonly notDone: readonly NotDone[];
}

/** How good a value is known to be. */
export interface Proof {
  /**
   * No legal plan is better than this. Absent when no bound is known. Of a priority after the first: no legal plan that
   * is as good in those before it, their tolerances included.
   */
  readonly bound?: number;
  /** (after − bound) / max(1, |after|); absent without a bound. */
  readonly gap?: number;
}

/** What the operator asked for besides the goal. */
export interface PlanOptions extends NetworkLimits {
  readonly allow: readonly Disruption[];
  readonly unknown: 'assume' | 'refuse';
  /** `kind:value`, as on the command line. */
  readonly exclude: readonly string[];
  readonly only: readonly string[];
  readonly drain: readonly HostId[];
  /** Of `drain`, hosts that are down. */
  readonly evacuate?: readonly HostId[];
  /** Hosts that are taken for down, whatever the inventory says. */
  readonly assumeDown?: readonly HostId[];
  /** `kind:value` of servers that count alike, the most important first. */
  readonly important?: readonly (readonly string[])[];
  readonly allOrNothing?: true;
  readonly minGain: number;
  readonly spareHosts: number;
  readonly headroomPercent: number;
  readonly surviveHostLoss?: true;
  readonly reEnable: boolean;
  readonly maxMoves?: number;
  readonly maxGiB?: number;
  readonly maxParallel?: number;
  readonly calendar?: CalendarOptions;
  readonly prefer?: readonly OrderPreference[];
  readonly apartSeconds?: number;
}

/** What an operator wants to know first. */
export interface PlanSummary {
  readonly hostsFreed: readonly HostId[];
  /** Of the freed hosts, those that stay enabled as spares of their zone. */
  readonly spareHosts: readonly HostId[];
  readonly moves: number;
  readonly liveMigrations: number;
  readonly coldMigrations: number;
  /** Absent in a plan that evacuates nobody. */
  readonly evacuations?: number;
  readonly stopOvers: number;
  readonly memoryGiB: number;
  readonly diskGiB: number;
  readonly expectedSeconds: number;
  /** Of a drain: among what it touches (`auditedPart`). */
  readonly violationsBefore: number;
  readonly violationsAfter: number;
}

/** What the times of the steps come to. Seconds count from the start of the plan. */
export interface PlanTimetable {
  /** When the last step ends. */
  readonly makespanSeconds: number;
  /** Ends of the migrations, added up. */
  readonly sumOfEndSeconds: number;
  /** No order of these migrations is done sooner; absent where that was not asked. */
  readonly boundSeconds?: number;
  readonly outcome?: 'optimal' | 'feasible';
  /** From the first wave on. Steps of one wave may overlap, and waves may too. */
  readonly waves: readonly {
    readonly wave: number;
    readonly startSeconds: number;
    readonly endSeconds: number;
    readonly steps: readonly string[];
  }[];
  /** Links that migrations cross, one entry a direction, with the most that they carry at a time. */
  readonly links: readonly {
    readonly link: string;
    readonly capacityMbps: number;
    readonly peakMbps: number;
    /** The migrations that cross it. */
    readonly steps: readonly string[];
  }[];
}

export interface Assumption {
  readonly rule: string;
  readonly text: string;
  readonly missing: readonly string[];
  /** What to record so that nothing needs to be assumed. */
  readonly supply: readonly string[];
  readonly servers: readonly ServerId[];
}

export interface Warning {
  readonly code: string;
  readonly text: string;
  readonly steps: readonly string[];
}

export interface NotDone {
  readonly server?: ServerId;
  readonly serverName?: string;
  readonly host?: HostId;
  readonly rule: string;
  readonly reason: string;
}

interface StepBase {
  /** A letter for what it does and a number: `m3` migrates, `c3` confirms it, `d1` disables, `e1` enables. */
  readonly id: string;
  /** Steps whose request must have left `accepted` (live, evacuate) or `pre-migrating` (cold) before this one's. */
  readonly requestAfter: readonly string[];
  /** Steps that must have ended well before this one is requested, and why. */
  readonly dependsOn: readonly { readonly step: string; readonly reason: string }[];
  /** For people: steps of one wave may overlap. From 1. */
  readonly wave: number;
  /** Seconds after the plan's start at which the timetable has it requested and ended. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly microversion: string;
  /** Why the step is there, in words. */
  readonly reason: string;
  readonly undo: Undo;
  /** What must still be true when the step is requested. */
  readonly guards: readonly Guard[];
}

export type Undo =
  | {
      readonly kind: 'possible';
      readonly how: string;
      /** In words, by the order of the plan: what closes the way back. */
      readonly until: string;
      /** The step whose request closes it; absent where none of the plan does. */
      readonly untilStep?: string;
      /** What has to be there at that time, and what it costs. */
      readonly needs: readonly string[];
    }
  /** Past this step there is no way back. */
  | { readonly kind: 'none'; readonly because: string };

export type Guard =
  | { readonly kind: 'server-on-host'; readonly server: ServerId; readonly host: HostId }
  | { readonly kind: 'server-status'; readonly server: ServerId; readonly status: string }
  | {
      readonly kind: 'server-flavor';
      readonly server: ServerId;
      readonly flavor: string;
      readonly vcpus: number;
      readonly memoryMiB: number;
    }
  | {
      readonly kind: 'service';
      readonly host: HostId;
      readonly status: 'enabled' | 'disabled';
      readonly state: 'up' | 'down';
      /** Why it is disabled; absent where that does not matter. */
      readonly reason?: string;
    }
  | { readonly kind: 'free'; readonly host: HostId; readonly resource: string; readonly atLeast: number }
  | {
      readonly kind: 'group-members';
      readonly group: string;
      readonly host: HostId;
      readonly atMost: number;
    }
  /** The host runs nothing but these servers, which earlier steps have brought there. */
  | { readonly kind: 'runs-only'; readonly host: HostId; readonly servers: readonly ServerId[] };

export interface Prediction {
  /** NUMA cells at the destination, one a guest cell; empty for a server without a NUMA topology. */
  readonly cells: readonly {
    readonly hostCellId: number;
    readonly pinnedCpuCount: number;
    readonly pageSizeKiB?: number;
  }[];
  readonly bytes: number;
  readonly seconds: { readonly low: number; readonly expected: number; readonly high: number };
  readonly downtimeMs: number;
  /** The same at worst. */
  readonly downtimeHighMs?: number;
}

export interface MigrationStep extends StepBase {
  readonly kind: 'live' | 'cold' | 'evacuate';
  readonly server: ServerId;
  readonly serverName: string;
  readonly from: HostId;
  readonly to: HostId;
  readonly storage: Storage;
  readonly forced: boolean;
  readonly predicted: Prediction;
  readonly timeoutPolicy: 'abort' | 'force-complete' | 'wait';
  /** First leg of a move through a bypass host. */
  readonly stopOver: boolean;
}

/** Confirms the cold migration of step `of`, which frees the source. */
export interface ConfirmStep extends StepBase {
  readonly kind: 'confirm';
  readonly server: ServerId;
  readonly serverName: string;
  readonly of: string;
  readonly confirmPolicy: 'auto' | 'after-check' | 'manual';
}

export interface ServiceStep extends StepBase {
  readonly kind: 'disable-service' | 'enable-service';
  readonly host: HostId;
  readonly serviceId?: string;
  readonly disabledReason?: string;
}

export interface PowerStep extends StepBase {
  readonly kind: 'stop' | 'start';
  readonly server: ServerId;
  readonly serverName: string;
}

export interface WaitStep extends StepBase {
  readonly kind: 'wait';
  readonly seconds: number;
}

export type Step = MigrationStep | ConfirmStep | ServiceStep | PowerStep | WaitStep;
