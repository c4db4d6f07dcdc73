import type { AggregateId, HostId } from './ids.ts';

/** A host aggregate; one with `availability_zone` in its metadata makes that zone. */
export interface Aggregate {
  readonly id: AggregateId;
  readonly name: string;
  readonly hosts: readonly HostId[];
  readonly metadata: Readonly<Record<string, string>>;
}
