import type { Assignment } from '../../model/cloud.ts';
import type { HostId, ServerId } from '../../model/ids.ts';
import type { CompiledObjective, Membership } from './compiled-objective.ts';
import type { GuestShape } from './guest-shape.ts';

/**
 * A placement problem as arrays: hosts, servers and limits are numbers. Made once, read by the linear model and by
 * the search alike.
 *
 * A *slot* is one amount that is limited on one host: a capacity on a host, or threads, memory or pages of one NUMA
 * cell. Slot of capacity p on host h: p × hosts + h; slots of NUMA cells follow (`CompiledCellFit.base`).
 */
export interface CompiledProblem {
  /** The assignment that it was compiled from; empty in the copy of a worker, which answers in numbers. */
  readonly today: Assignment;
  /** Hosts of the cloud first (`arrivable`), then hosts that only `start` names. */
  readonly hosts: readonly HostId[];
  readonly arrivable: number;
  readonly servers: readonly ServerId[];
  readonly start: Int32Array;
  /** 1 for servers that no answer moves. */
  readonly fixed: Uint8Array;
  readonly mustEmpty: Uint8Array;
  readonly cost: Float64Array;
  readonly gib: Float64Array;
  readonly maxMoves: number;
  readonly maxGiB: number;

  /** Limit and today's usage by slot; a limit is never below today's usage, and infinite where nothing limits. */
  readonly limit: Float64Array;
  readonly usedToday: Float64Array;
  readonly capacityCount: number;
  readonly cellFits: readonly CompiledCellFit[];

  /** What a server holds where it is: an index into `holdings`. */
  readonly holdingOf: Int32Array;
  readonly holdings: readonly Holding[];
  /** -1 for fixed servers. */
  readonly classOf: Int32Array;
  readonly classes: readonly ServerClass[];

  readonly domains: readonly CompiledDomain[];
  /** Domain constraints of each server, ascending. */
  readonly domainsOf: readonly (readonly number[])[];
  readonly togethers: readonly CompiledTogether[];
  /** Of each server, ascending. */
  readonly togethersOf: readonly (readonly number[])[];
  readonly covered: Uint8Array;
  /** True when a server that can move is covered by a `twin`. */
  readonly hasTwin: boolean;
  readonly noGoods: readonly CompiledNoGood[];
  readonly objective: CompiledObjective;
  /** Absent where nobody asks for room after the loss of a host. */
  readonly spareRoom?: CompiledSpareRoom;
  /** What terms of other priorities may come to. The model of the whole problem heeds it; relaxations need not. */
  readonly ceilings?: readonly Ceiling[];
}

/** The same problem, in the same numbers and classes, with the objective of other terms, and the most that it may be. */
export interface Ceiling {
  readonly of: CompiledProblem;
  readonly most: number;
}

/** What the loss of any one host asks of the others. */
export interface CompiledSpareRoom {
  /** Where servers may be and go when hosts are lost: the same hosts and servers by number, and no goal. */
  readonly evacuation: CompiledProblem;
  /** Its limits without the margin that the search keeps; bounds rest on these. */
  readonly fullLimit: Float64Array;
  /** By server: what counts when it finds no room; 0 for those that need none. */
  readonly weight: Float64Array;
  /** By host: what finds no room today when it is lost. */
  readonly broken: Float64Array;
  /** Zone of each host by number. */
  readonly zoneOf: Int32Array;
  /** 1 for hosts that are enabled and up today. */
  readonly ready: Uint8Array;
  /** Of the hosts that become empty each zone keeps so many open, by the order of their names. */
  readonly keptOpen: number;
  /** Hosts by name. */
  readonly byName: readonly number[];
}

export interface CompiledCellFit {
  /** First slot of a host's NUMA cells; -1 where the primitive does not know the host, and so does not limit it. */
  readonly base: Int32Array;
  readonly cellCount: Int32Array;
  /** NUMA cell ids by host, in the order of the slots. */
  readonly cellIds: readonly (readonly number[])[];
  /** Slots a cell: threads, memory, then one a page size. */
  readonly quantities: number;
}

/** What servers hold on their present host: equal holdings are one object. */
export interface Holding {
  readonly host: number;
  readonly slots: Int32Array;
  readonly amounts: Float64Array;
  /** Amount of each resource of the goal. */
  readonly load: Float64Array;
}

/** Servers that ask the same of every host that they might come to; what they hold today may differ. */
export interface ServerClass {
  readonly index: number;
  readonly members: readonly number[];
  /** 1 for hosts that members may move to. */
  readonly allowed: Uint8Array;
  readonly allowedIndex: number;
  readonly capacities: Int32Array;
  readonly amounts: Float64Array;
  /** By cell fit; undefined where the class is no guest of it. */
  readonly guests: readonly (GuestShape | undefined)[];
  readonly domains: readonly number[];
  readonly togethers: readonly number[];
  /** Sets of the goal that all members are in (`CompiledObjective.membership`). */
  readonly membership: Membership;
  /** Amount of each resource of the goal on hosts with and without a PCPU inventory. */
  readonly load: readonly [Float64Array, Float64Array];
  readonly covered: boolean;
  /** The host that all members are on, where a `twin` makes that matter; else -1. */
  readonly source: number;
}

export interface CompiledDomain {
  readonly members: readonly number[];
  readonly per: 'host' | 'rack' | 'zone';
  /** Domain of each host; a host whose rack or zone is unknown is a domain of its own. */
  readonly domainOf: Int32Array;
  readonly count: number;
  /** By domain, never below today's count; infinite when there is no upper limit. */
  readonly atMost: Float64Array;
  /** Members must be in so many different domains; never above today's number. */
  readonly atLeast: number;
}

/** Members that are to be in one group of hosts, but for `outside` of them. */
export interface CompiledTogether {
  readonly members: readonly number[];
  readonly groupCount: number;
  /** Groups of each host, ascending. */
  readonly groupsOf: readonly (readonly number[])[];
  /** True when every host is the one host of its one group. */
  readonly single: boolean;
  /** How many may be outside of the group that most are in: as many as are so today. */
  readonly outside: number;
}

export interface CompiledNoGood {
  readonly host: number;
  readonly servers: readonly number[];
  readonly proven: boolean;
}

/** Room for rounding when sums of amounts are compared with limits; amounts themselves are whole units. */
export const amountTolerance = 1e-6;
