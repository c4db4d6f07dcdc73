import { z } from 'zod';
import { destinationAcceptsGroup, schedulerAcceptsGroup } from '../../src/nova/server-group.ts';
import { optionalCount } from './schema.ts';

const Input = z.object({
  check: z.enum(['scheduler', 'destination']),
  policy: z
    .enum(['affinity', 'anti-affinity', 'soft-affinity', 'soft-anti-affinity'])
    .nullable()
    .transform((value) => value ?? undefined),
  maxServersPerHost: optionalCount,
  members: z.array(z.string()),
  memberHosts: z.record(z.string(), z.string().nullable()),
  server: z.string(),
  host: z.object({
    name: z.string(),
    servers: z.array(z.string()),
    inProgressMigrations: z.array(z.string()),
  }),
});

export function serverGroup(input: unknown) {
  const { check, policy, maxServersPerHost, members, memberHosts, server, host } = Input.parse(input);
  const hosts = Object.entries(memberHosts).flatMap(([member, name]) =>
    name === null ? [] : [[member, name] as const],
  );
  const group = { policy, maxServersPerHost, members: new Set(members), memberHosts: new Map(hosts) };
  const view = {
    name: host.name,
    servers: new Set(host.servers),
    migrating: new Set(host.inProgressMigrations),
  };
  const accepts = check === 'scheduler' ? schedulerAcceptsGroup : destinationAcceptsGroup;
  return { passes: accepts(group, server, view) };
}
