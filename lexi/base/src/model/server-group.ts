import type { ServerGroupId, ServerId } from './ids.ts';

export type GroupPolicy = 'affinity' | 'anti-affinity' | 'soft-affinity' | 'soft-anti-affinity';

/** A server group. Members may name servers that are deleted since. */
export interface ServerGroup {
  readonly id: ServerGroupId;
  readonly name: string;
  readonly policy: GroupPolicy;
  readonly members: readonly ServerId[];
  /** Only for `anti-affinity`; Nova's default is 1. */
  readonly maxServersPerHost: number;
}
