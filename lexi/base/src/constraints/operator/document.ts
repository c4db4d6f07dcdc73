import type { HostSelector, PlaceKind, ServerSelector } from '../../model/selector.ts';

interface RuleBase {
  /** Unique in the document; the rule's id is `operator:` and this. */
  readonly name: string;
  /** For people. */
  readonly note?: string;
}

/** The servers run on these hosts only. */
export interface Fence extends RuleBase {
  readonly kind: 'fence';
  readonly servers: ServerSelector;
  readonly hosts: HostSelector;
}

/** The servers run on none of these hosts. */
export interface Ban extends RuleBase {
  readonly kind: 'ban';
  readonly servers: ServerSelector;
  readonly hosts: HostSelector;
}

/** All the servers run on hosts of one of the groups. */
export interface Among extends RuleBase {
  readonly kind: 'among';
  readonly servers: ServerSelector;
  readonly groups: readonly HostSelector[];
}

/** No domain runs more than so many of the servers. */
export interface KeepApart extends RuleBase {
  readonly kind: 'keep-apart';
  readonly servers: ServerSelector;
  readonly per?: PlaceKind;
  readonly atMost?: number;
}

/** The servers run in at least so many domains. */
export interface Spread extends RuleBase {
  readonly kind: 'spread';
  readonly servers: ServerSelector;
  readonly per: PlaceKind;
  readonly atLeast: number;
}

/** The servers run in one domain. */
export interface Near extends RuleBase {
  readonly kind: 'near';
  readonly servers: ServerSelector;
  readonly per: PlaceKind;
}

/** No host of these runs more than so many servers, of these if some are named. */
export interface MaxServers extends RuleBase {
  readonly kind: 'max-servers';
  readonly servers?: ServerSelector;
  readonly hosts?: HostSelector;
  readonly atMost: number;
}

export type OperatorRule = Fence | Ban | Among | KeepApart | Spread | Near | MaxServers;

/** Rules that an operator wrote, as data. */
export interface RulesDocument {
  readonly formatVersion: 1;
  readonly kind: 'rules';
  readonly rules: readonly OperatorRule[];
}
