/** One value, or several of which any may hold. `*` and `?` stand for any text and any character. */
export type Values = string | readonly string[];

/** What all members say of a thing holds of it; each speaks of what the thing is. */
interface Combined<Criteria> {
  readonly all?: readonly (Criteria & Combined<Criteria>)[];
  readonly any?: readonly (Criteria & Combined<Criteria>)[];
  readonly not?: Criteria & Combined<Criteria>;
}

/** Ways to name servers: by what they are, never by where they run, so that a plan changes no rule. */
export interface ServerCriteria {
  readonly name?: Values;
  readonly id?: Values;
  readonly tag?: Values;
  readonly project?: Values;
  readonly flavor?: Values;
  /** Name or id of a server group. */
  readonly group?: Values;
  /** `key=value`. */
  readonly metadata?: Values;
}

/** Ways to name hosts. */
export interface HostCriteria {
  readonly name?: Values;
  readonly id?: Values;
  /** Name or id. */
  readonly aggregate?: Values;
  readonly zone?: Values;
  readonly rack?: Values;
  /** `key=value` of an aggregate of the host. */
  readonly metadata?: Values;
}

export type ServerSelector = ServerCriteria & Combined<ServerCriteria>;
export type HostSelector = HostCriteria & Combined<HostCriteria>;

/** What a domain is. */
export type Per = 'host' | 'rack' | 'zone';

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
  readonly per?: Per;
  readonly atMost?: number;
}

/** The servers run in at least so many domains. */
export interface Spread extends RuleBase {
  readonly kind: 'spread';
  readonly servers: ServerSelector;
  readonly per: Per;
  readonly atLeast: number;
}

/** The servers run in one domain. */
export interface Near extends RuleBase {
  readonly kind: 'near';
  readonly servers: ServerSelector;
  readonly per: Per;
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
