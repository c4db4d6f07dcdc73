import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { providerId } from '../../model/ids.ts';
import type { Allocation, ResourceAmounts } from '../../model/placement.ts';
import { compareText } from '../../shared/collections.ts';
import type { Facts } from '../facts.ts';
import { parseEach, type ReplyById } from '../replies.ts';

const amounts = z.record(z.string(), z.int().min(0));

/** `GET /allocations/{consumer}` (by provider) and `GET /resource_providers/{id}/allocations` (by consumer). */
const Allocations = z.object({ allocations: z.record(z.string(), z.object({ resources: amounts })) });

const Usages = z.object({ usages: amounts });

/** Replies about who holds what: by consumer, by provider, and Placement's own sums. */
export interface AllocationReplies {
  readonly byConsumer: readonly ReplyById[];
  readonly byProvider: readonly ReplyById[];
  readonly usages: readonly ReplyById[];
  /** How many providers there are: all of them told their allocations when as many replies are there. */
  readonly providers: number;
}

/**
 * What every consumer holds. `consumer_type` says "unknown" of servers and migrations alike before 2023.1, so it
 * is not read: who a consumer is follows from its id. A consumer that holds nothing replies an empty object.
 */
export function readAllocations(replies: AllocationReplies): Facts {
  const { byProvider, usages, providers } = replies;
  const held = heldByProvider(byProvider);
  const complete = providers > 0 && byProvider.length >= providers;
  const asked = heldByConsumer(replies.byConsumer);
  const changed = [...asked].filter(([id, list]) => complete && !isDeepStrictEqual(list, held.get(id) ?? []));
  return {
    source: 'api:placement',
    allocations: {
      byConsumer: new Map([...held, ...asked]),
      complete,
      usages: new Map(
        parseEach(Usages, usages, (reply, { id }): [string, ResourceAmounts] => [id, reply.usages]),
      ),
    },
    gaps: changed.map(([id]) => ({
      code: 'placement.changed',
      summary: `consumer ${id} holds something else when asked itself than its providers say: the former counts`,
      hint: 'something moved while the cloud was read: import it again',
    })),
  };
}

type Held = Map<string, Allocation[]>;

function heldByProvider(replies: readonly ReplyById[]): Held {
  const held: Held = new Map();
  parseEach(Allocations, replies, (reply, { id }) => {
    const provider = providerId(id);
    for (const [consumer, { resources }] of Object.entries(reply.allocations)) {
      const list = held.get(consumer) ?? [];
      list.push({ provider, resources });
      held.set(consumer, list);
    }
  });
  for (const list of held.values()) list.sort(byProviderId);
  return held;
}

const heldByConsumer = (replies: readonly ReplyById[]): Held =>
  new Map(
    parseEach(Allocations, replies, (reply, { id: consumer }): [string, Allocation[]] => [
      consumer,
      Object.entries(reply.allocations)
        .map(([id, { resources }]): Allocation => ({ provider: providerId(id), resources }))
        .sort(byProviderId),
    ]),
  );

const byProviderId = (a: Allocation, b: Allocation): number => compareText(a.provider, b.provider);
