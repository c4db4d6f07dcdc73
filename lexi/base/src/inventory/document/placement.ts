import { z } from 'zod';
import * as f from './primitives.ts';

/** One Placement resource provider of a host's tree, or one that belongs to no host. */
export const providerSchema = f.record({
  id: f.id,
  name: f.text,
  /** Absent for a root. */
  parent: f.id.exactOptional(),
  generation: f.generation.exactOptional(),
  inventories: f.contentId,
  traits: f.contentId,
  /** UUIDs of Placement aggregates. */
  aggregates: z.array(f.id).exactOptional(),
});

/** What a consumer holds on one provider; a server's at the root provider of its host leaves `provider` out. */
export const allocationSchema = f.record({ provider: f.id.exactOptional(), amounts: f.contentId });

/** A consumer that is no server of this inventory. */
export const consumerSchema = f.record({
  id: f.id,
  allocations: z.array(allocationSchema),
  /** UUID of the migration record, when the consumer is one. */
  migration: f.id.exactOptional(),
});

export type ProviderRecord = z.infer<typeof providerSchema>;
export type AllocationRecord = z.infer<typeof allocationSchema>;
export type ConsumerRecord = z.infer<typeof consumerSchema>;
