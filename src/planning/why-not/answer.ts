import type { Disruption } from '../../constraints/context.ts';
import type { HostId, ServerId } from '../../model/ids.ts';

/** A server, as an answer names it. */
export interface NamedServer {
  readonly server: ServerId;
  readonly serverName: string;
  readonly host: HostId;
}

export interface ClashRule {
  readonly rule: string;
  /** The resource class or device, of rules that count several. */
  readonly of?: string;
  /** What the rule says of one of the servers and hosts; absent where it speaks of none by itself. */
  readonly text?: string;
}

/** A limit that the operator set. */
export interface ClashLimit {
  readonly option: '--max-moves' | '--max-gib' | '--headroom';
  readonly value: number;
}

/** Servers that are to leave, rules and limits of which not all can be kept. */
export interface Clash {
  readonly servers: readonly NamedServer[];
  readonly rules: readonly ClashRule[];
  readonly limits: readonly ClashLimit[];
  /** True when it was proven of each member that the others can be kept without it. */
  readonly irreducible: boolean;
}

/** One thing that the operator could change. */
export type Change =
  | { readonly kind: 'allow'; readonly word: Disruption }
  | {
      readonly kind: 'lift';
      readonly option:
        | '--max-moves'
        | '--max-gib'
        | '--headroom'
        | '--survive-host-loss'
        | '--exclude'
        | '--only'
        | '--rules';
      /** As it was set, empty where it has no value; of a rule its name. */
      readonly value: string;
      /** The strictest value found with which there is a plan; absent where it is lifted altogether. */
      readonly to?: number;
    }
  | { readonly kind: 'unlock'; readonly server: NamedServer }
  | { readonly kind: 'stop'; readonly server: NamedServer }
  | { readonly kind: 'add-host'; readonly like: HostId };

/** Changes with which a plan was found and verified, and what that plan comes to. */
export interface WayOut {
  readonly changes: readonly Change[];
  readonly moves: number;
  /** Migrations that are cold: their servers are off for a while. */
  readonly coldMigrations: number;
  /** How long all migrations together are expected to keep servers off, in seconds; of stopped ones nothing counts. */
  readonly downtimeSeconds: number;
  readonly expectedSeconds: number;
}

/** What `impossible` says besides the servers that stay. */
export interface WhyNot {
  /** Absent when no proof was found within the effort and time allowed. */
  readonly clash?: Clash;
  /** Cheapest first; none that was not verified. */
  readonly waysOut: readonly WayOut[];
  /** True when effort, time or an interrupt ended the search for ways out before all were tried. */
  readonly waysOutCutShort: boolean;
}
