import type { GroupPolicy } from '../model/server-group.ts';
import type { HostSelector, PlaceKind, ServerSelector } from '../model/selector.ts';
import type { Grouping } from './selectors.ts';

/**
 * What a run optimises, as data (`models/goals/*.json`). Less is better; terms of one priority add up, and none is ever
 * below zero.
 */
export interface Goal {
  readonly name: string;
  readonly description: string;
  readonly terms: readonly Term[];
  /** Empty, enabled hosts that each availability zone keeps before emptied hosts are disabled. */
  readonly spareHosts: number;
  /** Share of a host's capacity that arrivals may not use in the end state. */
  readonly headroomPercent: number;
  /** Hosts that the goal empties are disabled before their first step. */
  readonly disableEmptied: boolean;
  /** What loads count; Placement's allocations without it. Rules count allocations in any case. */
  readonly loads?: UsageLoads;
  /** What each priority may lose for those after it; nothing without an entry. */
  readonly priorities?: readonly PriorityTolerance[];
}

/**
 * Terms of one priority add up; 1 is the most important. A plan is best in the first, among those best in the next, and
 * so on. With a tolerance all plans count as best that are as good as that: the greater of `absolute`, in units of the
 * sum, and `percent` of the best value.
 */
export interface PriorityTolerance {
  readonly priority: number;
  readonly tolerance: { readonly absolute?: number; readonly percent?: number };
}

/**
 * Loads count what was measured of VCPU, PCPU and MEMORY_MB: a server's usage and a margin, never more than it is
 * allocated, and all that where it was not measured. capacity(h, r) is then physical, Σ (total − reserved) without the
 * allocation ratio. Of other classes, and of consumers that are no server, allocations count.
 */
export interface UsageLoads {
  readonly by: 'usage';
  readonly marginPercent: number;
}

/**
 * In the formulas h is a host, s a server, x(s) its host at the end and x₀(s) today; capacity(h, r) is Placement's,
 * used(h, r) what is taken of it at the end, by whomever, free(h, r) = capacity − used, load(h, r) = 100 × used / capacity.
 */
export type Term = Prioritised & AnyTerm;

interface Prioritised {
  /** 1, the most important, without it. */
  readonly priority?: number;
}

type AnyTerm =
  | HostsUsed
  | LoadAbove
  | LoadAboveMean
  | HighestLoad
  | StrandedCapacity
  | FreeSlots
  | Spread
  | GroupViolations
  | Closeness
  | RouteCost
  | MostMoved
  | ServersLeft
  | MigrationCost;

/** Σ price(h) over hosts on which a server lives; the first entry of `prices` that names the host, else `weight`. */
export interface HostsUsed {
  readonly kind: 'hosts-used';
  readonly weight: number;
  readonly prices?: readonly { readonly hosts: HostSelector; readonly weight: number }[];
}

/**
 * weight × Σ over hosts h, resources r of  max(0, load(h, r) − percent),  or of  max(0, used(h, r) − amount(h))
 * with the first entry of `amounts` that names the host; hosts that none names do not count.
 */
export interface LoadAbove {
  readonly kind: 'load-above';
  readonly weight: number;
  /** Placement resource classes. */
  readonly resources: readonly string[];
  readonly threshold:
    | { readonly percent: number }
    | { readonly amounts: readonly { readonly hosts: HostSelector; readonly amount: number }[] };
}

/**
 * weight × Σ over hosts h, resources r, thresholds t of  t.slope × max(0, load(h, r) − mean(r) − t.abovePercent)
 * with mean(r) = Σ used / Σ capacity today, both over the hosts that can receive servers today.
 */
export interface LoadAboveMean {
  readonly kind: 'load-above-mean';
  readonly weight: number;
  /** Placement resource classes. */
  readonly resources: readonly string[];
  readonly thresholds: readonly { readonly abovePercent: number; readonly slope: number }[];
}

/** weight × max over hosts h of load(h, resource). */
export interface HighestLoad {
  readonly kind: 'highest-load';
  readonly weight: number;
  readonly resource: string;
}

/**
 * weight × Σ over hosts h of  max(0, target × free(h, resource) − free(h, needs)):  what is free of `resource` and of
 * no use, since `target` units of `needs` go with each unit. Hosts without capacity of both do not count.
 */
export interface StrandedCapacity {
  readonly kind: 'stranded-capacity';
  readonly weight: number;
  readonly resource: string;
  readonly needs: string;
  readonly target: number;
}

/**
 * weight × max(0, wanted − Σ over hosts h of slots(h)),  slots(h) = min over r of ⌊ max(0, free(h, r)) / amounts(r) ⌋:
 * how many servers with these amounts find no room. Hosts that can receive servers today count. Without `wanted` it is
 * what these hosts would hold if nobody was on them.
 */
export interface FreeSlots {
  readonly kind: 'free-slots';
  readonly weight: number;
  /** Placement amounts of one server; `--for-flavor` puts a flavor's here. */
  readonly amounts: Readonly<Record<string, number>>;
  readonly wanted?: number;
  readonly hosts?: HostSelector;
}

/** weight × Σ over sets S of  max(0, min(atLeast, |S|) − number of places in which S lives). */
export interface Spread {
  readonly kind: 'spread';
  readonly weight: number;
  readonly of: Grouping;
  readonly over: PlaceKind;
  /** As many places as the cloud has, by default. */
  readonly atLeast?: number;
}

/**
 * weight × Σ over server groups G with one of these policies of what breaks it: with affinity the hosts beyond the
 * first, with anti-affinity the members beyond the limit of a host.
 */
export interface GroupViolations {
  readonly kind: 'group-violations';
  readonly weight: number;
  readonly policies: readonly GroupPolicy[];
}

/** weight × Σ over pairs of | { s in servers : no server of `near` is in the same place } |. */
export interface Closeness {
  readonly kind: 'closeness';
  readonly weight: number;
  readonly within: PlaceKind;
  readonly pairs: readonly { readonly servers: ServerSelector; readonly near: ServerSelector }[];
}

/** weight × Σ over servers s with x(s) ≠ x₀(s) of the price of the first route from x₀(s) to x(s); 0 without one. */
export interface RouteCost {
  readonly kind: 'route-cost';
  readonly weight: number;
  readonly routes: readonly {
    readonly from: HostSelector;
    readonly to: HostSelector;
    readonly price: number;
  }[];
}

/** weight × max over sets S of | { s in S : x(s) ≠ x₀(s) } |. */
export interface MostMoved {
  readonly kind: 'most-moved';
  readonly weight: number;
  readonly of: Grouping;
}

/** weight × | { s in servers : x(s) in hosts } |; all servers without `servers`. */
export interface ServersLeft {
  readonly kind: 'servers-left';
  readonly weight: number;
  readonly hosts: HostSelector;
  readonly servers?: ServerSelector;
}

/**
 * Σ over migrations of factor(s) × (perMove + perGiB × GiB + perDiskGiB × disk + perDirtyMiBps × rate + price +
 * perMethod(m) + perDowntimeSecond × seconds), with GiB to copy (memory, and local disks when they are copied), those of
 * disk among them, what the server writes to its memory where that was measured, the method of the migration, and the
 * seconds for which it is expected not to run if nothing but the link of the host that it leaves slows it down.
 */
export interface MigrationCost {
  readonly kind: 'migration-cost';
  readonly perMove: number;
  readonly perGiB: number;
  readonly perDiskGiB?: number;
  readonly perDirtyMiBps?: number;
  readonly perMethod?: { readonly live?: number; readonly cold?: number };
  readonly perDowntimeSecond?: number;
  /** price(s) = weight × the number that the server's metadata have under `key`, if it is one and not negative. */
  readonly perMetadata?: { readonly key: string; readonly weight: number };
  /** factor(s) is that of the first entry that names the server, else 1. */
  readonly factors?: readonly { readonly servers: ServerSelector; readonly factor: number }[];
}
