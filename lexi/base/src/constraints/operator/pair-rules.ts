import type { HostId, ServerId } from '../../model/ids.ts';
import { pairMask } from '../pair-mask.ts';
import { auditResidents } from '../resident-audit.ts';
import { type Rule, type Verdict, yes } from '../rule.ts';
import { type ResolvedRule, ruleId } from './resolved.ts';

/** `fence`: the servers go to none but these hosts. */
export const fence = (resolved: ResolvedRule): Rule =>
  pairRule(
    resolved,
    (host) => !resolved.hosts.has(host),
    (where) =>
      `host ${where} is none of the hosts that rule ${resolved.rule.name} (fence) keeps the server to`,
  );

/** `ban`: the servers go to none of these hosts. */
export const ban = (resolved: ResolvedRule): Rule =>
  pairRule(
    resolved,
    (host) => resolved.hosts.has(host),
    (where) => `host ${where} is one of those from which rule ${resolved.rule.name} (ban) keeps the server`,
  );

/** A rule about a server and the host that it is on, at each request and at the end. */
function pairRule(
  { rule, servers }: ResolvedRule,
  isShut: (host: HostId) => boolean,
  words: (where: string) => string,
): Rule {
  const id = ruleId(rule);
  const members = new Set<ServerId>(servers);
  const judge = (server: ServerId, host: HostId): Verdict =>
    members.has(server) && isShut(host)
      ? { kind: 'no', measured: 1, limit: 0, unit: 'servers', where: host }
      : yes;
  return {
    id,
    scope: 'pair',
    holds: 'always',
    judge: ({ server, to }) => judge(server.id, to),
    audit: (state) => auditResidents(id, state, (server, host) => judge(server.id, host.id)),
    compile: (context) =>
      pairMask(
        id,
        context,
        (server) => String(members.has(server.id)),
        (server, host) => judge(server.id, host.id),
      ),
    describe: ({ where }) => words(where),
  };
}
