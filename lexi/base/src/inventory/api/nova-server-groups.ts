import { z } from 'zod';
import { serverGroupId, serverId } from '../../model/ids.ts';
import type { Facts, GroupFacts } from '../facts.ts';
import { present } from '../present.ts';
import { type Item, parseItems } from '../replies.ts';
import { maybe } from '../nova-formats/maybe.ts';

const policy = z.enum(['affinity', 'anti-affinity', 'soft-affinity', 'soft-anti-affinity']);

/** Nova writes the limit as a number here and as a text in its database. */
export const GroupRules = z.object({ max_server_per_host: z.coerce.number().int().positive().optional() });

/** `GET /os-server-groups?all_projects=1`: `policy` and `rules` since 2.64, a list `policies` before. */
const Group = z.object({
  id: z.string().min(1),
  name: z.string(),
  policy: policy.optional(),
  policies: z.array(policy).optional(),
  rules: maybe(GroupRules),
  members: z.array(z.string().min(1)),
});

export function readServerGroups(items: readonly Item[]): Facts {
  const groups: GroupFacts[] = [];
  for (const raw of parseItems(Group, items)) {
    const chosen = raw.policy ?? raw.policies?.[0];
    if (chosen === undefined) continue; // a group of no policy (possible below 2.64) binds nobody
    groups.push(
      present({
        id: serverGroupId(raw.id),
        name: raw.name,
        policy: chosen,
        members: raw.members.map(serverId),
        // a list of policies comes from a time before limits, or from a microversion that does not tell them
        maxServersPerHost: raw.policy === undefined ? undefined : (raw.rules?.max_server_per_host ?? 1),
      }),
    );
  }
  return { source: 'api:nova-server-groups', groups };
}
