import { waysOf } from '../constraints/context.ts';
import type { Assignment } from '../model/cloud.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import { isLegal } from '../replay/legality.ts';
import { createState } from '../replay/state.ts';
import type { Deadlock } from '../schedule/ordered.ts';
import type { NoGood } from '../solve/placement-problem.ts';
import { biggestFirst } from './biggest-first.ts';
import type { Run } from './run.ts';

/**
 * What the solver must not propose again: for each stuck arrival the servers that would be together on its host,
 * thinned out to those without which the host would take it. Ordering is heuristic, so none is called proven.
 */
export function noGoodsOf(deadlock: Deadlock, target: Assignment, run: Run): readonly NoGood[] {
  const seen = new Set<string>();
  return deadlock.stuck.flatMap(({ server, to }): readonly NoGood[] => {
    const servers = clash(server, to, target, run);
    const key = `${to} ${servers.join()}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ host: to, servers, proven: false }];
  });
}

/** The stuck server and the others of its host that it clashes with, by leaving out one after the other. */
function clash(stuck: ServerId, host: HostId, target: Assignment, run: Run): readonly ServerId[] {
  const others = [...target].filter(([id, at]) => at === host && id !== stuck).map(([id]) => id);
  if (!refused(stuck, host, new Set(others), run)) return [...others, stuck].toSorted();
  const needed = new Set(others);
  for (const id of others) {
    needed.delete(id);
    if (!refused(stuck, host, needed, run)) needed.add(id);
  }
  return [...needed, stuck].toSorted();
}

/**
 * Whether the host, with these servers and none else of today's movable ones on it, refuses the server: those that
 * would arrive come first, biggest first.
 */
function refused(
  stuck: ServerId,
  host: HostId,
  company: ReadonlySet<ServerId>,
  { context, rules, request }: Run,
): boolean {
  const { cloud } = context;
  const state = createState(context);
  const park = [...cloud.hosts.keys()].find((id) => id !== host);
  if (park === undefined) return true;
  for (const claim of state.claimsOn(host)) {
    const server = cloud.servers.get(claim.server);
    if (server === undefined || claim.role !== 'resident' || company.has(claim.server)) continue;
    if (waysOf(server, context).length === 0 || request.cloud.servers.get(claim.server)?.locked !== false)
      continue;
    state.apply({
      kind: 'request',
      arrival: { server, from: host, to: park, method: 'live', storage: 'shared' },
    });
    state.apply({ kind: 'complete', server: server.id });
  }
  const arriving = [...company, stuck]
    .flatMap((id) => cloud.servers.get(id) ?? [])
    .filter((server) => server.host !== undefined && server.host !== host)
    .toSorted(biggestFirst);
  for (const server of arriving) {
    if (server.host === undefined) continue;
    const from = server.host;
    const legal = waysOf(server, context).find((way) =>
      isLegal({ server, from, to: host, ...way }, state, rules),
    );
    if (legal === undefined) return true;
    state.apply({ kind: 'request', arrival: { server, from, to: host, ...legal } });
    if (legal.method === 'live') state.apply({ kind: 'complete', server: server.id });
  }
  return false;
}
