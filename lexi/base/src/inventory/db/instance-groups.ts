import { z } from 'zod';
import { GroupRules } from '../api/nova-server-groups.ts';
import type { Rows } from '../table-rows.ts';
import { serverGroupId, serverId } from '../../model/ids.ts';
import type { ServerGroup } from '../../model/server-group.ts';
import { groupBy } from '../../shared/collections.ts';
import type { Facts } from '../facts.ts';
import { parseItems } from '../replies.ts';
import { jsonColumn } from '../nova-formats/json-column.ts';
import { maybe } from '../nova-formats/maybe.ts';

const GroupRow = z.object({ id: z.int(), uuid: z.string().min(1), name: maybe(z.string()) });
const MemberRow = z.object({ group_id: z.int(), instance_uuid: z.string().min(1) });
const PolicyRow = z.object({
  group_id: z.int(),
  policy: z.enum(['affinity', 'anti-affinity', 'soft-affinity', 'soft-anti-affinity']),
  rules: jsonColumn(GroupRules),
});

/** The tables `instance_groups`, `instance_group_policy` and `instance_group_member` of the API database. */
export function readInstanceGroups(groups: Rows, policies: Rows, members: Rows): Facts {
  const policyOf = new Map(parseItems(PolicyRow, policies).map((row) => [row.group_id, row]));
  const membersOf = groupBy(parseItems(MemberRow, members), (row) => row.group_id);
  return {
    source: 'db:instance_groups',
    groups: parseItems(GroupRow, groups).flatMap((row): ServerGroup[] => {
      const policy = policyOf.get(row.id);
      if (policy === undefined) return []; // a group of no policy binds nobody
      return [
        {
          id: serverGroupId(row.uuid),
          name: row.name ?? row.uuid,
          policy: policy.policy,
          members: (membersOf.get(row.id) ?? []).map((member) => serverId(member.instance_uuid)),
          maxServersPerHost: policy.rules?.max_server_per_host ?? 1, // Nova's own default
        },
      ];
    }),
  };
}
