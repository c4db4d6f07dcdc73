/**
 * Where the reason of a refusal stands: the API's log, those of scheduler and conductor, nova-compute's of either host,
 * and libvirt's of the source as well.
 */
export type Log = 'api' | 'scheduler' | 'source' | 'destination' | 'hypervisor';

/**
 * What may change by itself: room that a host has given back and not told of yet (seen within one resource-update
 * interval), or something that is over in a moment.
 */
export type Passing = 'after-release' | 'soon';

/** What words of Nova mean. Texts name `{server}`, `{from}`, `{to}`, and the groups of `said`. */
export interface Row {
  /** For programs; never changes its meaning. */
  readonly code: string;
  /** Words of Nova by which it is known. */
  readonly said: RegExp;
  /** The status of the HTTP answer; any, and of later refusals none, where absent. */
  readonly status?: readonly number[];
  /** One sentence, for somebody who does not know Nova's source. */
  readonly means: string;
  /** What to do about it. */
  readonly next: string;
  readonly read: Log;
  readonly passes?: Passing;
  /** It only says that something failed: what became of the server says more. */
  readonly vague?: true;
}
