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

/** Where hosts are; a host whose rack or zone is unknown is a place of its own. */
export type PlaceKind = 'host' | 'rack' | 'zone';
