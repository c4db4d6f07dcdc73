import type { Host } from '../model/host.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import { type RuleContext, type Way, waysOf } from './context.ts';
import type { PairMask } from './primitive.ts';
import { passes, type Verdict } from './rule.ts';

/**
 * Compiles a pair rule: a host is allowed for a server when some way of travelling passes. Servers of one
 * signature share a set, so the work is signatures × hosts, not servers × hosts. Servers that may go anywhere
 * are left out.
 */
export function pairMask(
  rule: string,
  context: RuleContext,
  signatureOf: (server: Server) => string,
  judge: (server: Server, host: Host, way: Way) => Verdict,
): readonly PairMask[] {
  const bySignature = new Map<string, { servers: ServerId[]; hosts: ReadonlySet<HostId> }>();
  for (const server of context.cloud.servers.values()) {
    if (server.host === undefined) continue;
    const ways = waysOf(server, context);
    const signature = `${ways.map((way) => `${way.method}${way.forced === true ? ' forced' : ''}`).join()}\n${ways[0]?.storage ?? ''}\n${signatureOf(server)}`;
    const known = bySignature.get(signature);
    if (known !== undefined) known.servers.push(server.id);
    else {
      const hosts = [...context.cloud.hosts.values()]
        .filter((host) => ways.some((way) => passes(judge(server, host, way), context)))
        .map((host) => host.id);
      bySignature.set(signature, { servers: [server.id], hosts: new Set(hosts) });
    }
  }
  const sets = [...bySignature.values()].filter(({ hosts }) => hosts.size < context.cloud.hosts.size);
  return sets.length === 0 ? [] : [{ kind: 'pairMask', rule, sets }];
}
