import type { HostId, ServerId } from '../model/ids.ts';

/**
 * What rules compile to. Linear model, search and scheduler know these kinds and never a rule's name.
 * Every primitive is a necessary condition of an end state: staying where one is satisfies `pairMask` and `fixed`
 * by definition, and limits are never below what is there today.
 */
export type Primitive = PairMask | Capacity | CellFit | DomainCount | Together | Twin | Fixed | SpareRoom;

/** Servers of a set may move only to the hosts of the set. */
export interface PairMask {
  readonly kind: 'pairMask';
  readonly rule: string;
  readonly sets: readonly { readonly servers: readonly ServerId[]; readonly hosts: ReadonlySet<HostId> }[];
}

/** Sum of amounts of the servers on a host is at most its limit. */
export interface Capacity {
  readonly kind: 'capacity';
  readonly rule: string;
  /** Unique within a compiled problem, e.g. `MEMORY_MB`, `pci:8086:154c`. */
  readonly resource: string;
  readonly unit: string;
  /** A server on its way counts at both ends. */
  readonly bothEnds: boolean;
  /** What servers leave behind stays taken until the end, as when all move at once; each step frees it otherwise. */
  readonly untilEnd?: true;
  /** What servers may use on a host, after what no server of the cloud holds. Hosts not listed do not limit. */
  readonly limits: ReadonlyMap<HostId, number>;
  /** Amount of a server that arrives. Servers not listed take nothing. */
  readonly demand: ReadonlyMap<ServerId, number>;
  /** Amount of a server where it is today, when it is not `demand`. */
  readonly held: ReadonlyMap<ServerId, number>;
}

/** What one cell of a guest needs of the NUMA cell that it is put on. */
export interface GuestCellNeed {
  /** Dedicated host CPUs, emulator thread included. */
  readonly threads: number;
  readonly memoryMiB: number;
  /** Pages by size in KiB; empty when the size is chosen at arrival or no pages are asked for. */
  readonly pages: ReadonlyMap<number, number>;
}

/** What a NUMA cell offers to servers of the cloud: after usage that belongs to none of them. */
export interface CellOffer {
  readonly id: number;
  readonly threads: number;
  readonly memoryMiB: number;
  readonly pages: ReadonlyMap<number, number>;
}

/** Each cell of a guest goes to a NUMA cell of its own, and cells are not overfilled. */
export interface CellFit {
  readonly kind: 'cellFit';
  readonly rule: string;
  readonly hosts: ReadonlyMap<HostId, readonly CellOffer[]>;
  readonly guests: ReadonlyMap<ServerId, readonly GuestCellNeed[]>;
  /** What a server holds today: one entry a guest cell, on that NUMA cell id of its present host. */
  readonly held: ReadonlyMap<ServerId, readonly { readonly cell: number; readonly need: GuestCellNeed }[]>;
}

/** At most or at least so many of the members in each (at most) or over all (at least) domains. */
export interface DomainCount {
  readonly kind: 'domainCount';
  readonly rule: string;
  readonly members: readonly ServerId[];
  readonly per: 'host' | 'rack' | 'zone';
  readonly atMost?: number;
  readonly atLeast?: number;
}

/**
 * All members are on hosts of one of the groups. Where that is not so today, no more members are outside of the group
 * that most of them are in than today. Groups may share hosts.
 */
export interface Together {
  readonly kind: 'together';
  readonly rule: string;
  readonly members: readonly ServerId[];
  readonly groups: readonly ReadonlySet<HostId>[];
}

/** A host that receives a covered server holds nothing else than arrivals from the same source in this run. */
export interface Twin {
  readonly kind: 'twin';
  readonly rule: string;
  readonly covered: readonly ServerId[];
}

/** These servers do not move. */
export interface Fixed {
  readonly kind: 'fixed';
  readonly rule: string;
  readonly servers: readonly ServerId[];
}

/**
 * Whatever one host is lost, its servers find room on the others all at once. Stated for one resource at a time:
 *
 *     Σ over k ≠ h of free(k) >= what the servers of h ask for        for each host h but those of `broken`
 *
 * A search that packs them finds more of what the rule refuses.
 */
export interface SpareRoom {
  readonly kind: 'spareRoom';
  readonly rule: string;
  /** Servers that are to find room, with what each counts when it finds none (MiB). */
  readonly evacuated: ReadonlyMap<ServerId, number>;
  /** What limits where they can go when their host is lost. */
  readonly limits: readonly Primitive[];
  /** Hosts after whose loss not all find room today, with what those count: nothing else is said of them. */
  readonly broken: ReadonlyMap<HostId, number>;
  /** How many of the hosts that become empty each zone keeps open; the others give no room. */
  readonly keptOpen: number;
}
