import { waysOf } from '../constraints/context.ts';
import { suppliesOf } from '../model/fact-sources.ts';
import type { HostId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import type { NotDone } from '../plan/plan.ts';
import { isLegal, nearestRefusals, unknownFacts } from '../replay/legality.ts';
import { createState, type State } from '../replay/state.ts';
import { groupBy } from '../shared/collections.ts';
import { biggestFirst } from './biggest-first.ts';
import type { Blocker } from './planning-request.ts';
import type { Run } from './run.ts';

/**
 * Which servers keep hosts from being drained. The others are placed one after the other, biggest first, wherever the
 * rules let them; those that find no place are the blockers, with what stops each on every host.
 */
export function blockersOf(run: Run): {
  readonly blockers: readonly Blocker[];
  readonly notDone: readonly NotDone[];
} {
  const { cloud } = run.context;
  const drained = new Set<HostId>(run.request.options.drain);
  const state = createState(run.context);
  for (const host of drained) state.apply({ kind: 'service', host, status: 'disabled' });
  const leaving = [...cloud.servers.values()].filter((s) => s.host !== undefined && drained.has(s.host));
  const stuck = leaving.toSorted(biggestFirst).filter((server) => !place(server, state, run));
  const blockers = stuck.flatMap((server) =>
    server.host === undefined ? [] : [blockerOf(server, server.host, state, run)],
  );
  const notDone = blockers.map((blocker): NotDone => ({
    server: blocker.server,
    serverName: blocker.serverName,
    host: blocker.host,
    rule: blocker.refusals[0]?.rule ?? 'none',
    reason: blocker.refusals[0]?.text ?? 'no host takes it',
  }));
  return { blockers, notDone };
}

function place(server: Server, state: State, { context, rules }: Run): boolean {
  for (const way of waysOf(server, context))
    for (const host of context.cloud.hosts.keys()) {
      if (server.host === undefined || host === server.host) continue;
      const arrival = { server, from: server.host, to: host, ...way };
      if (!isLegal(arrival, state, rules)) continue;
      state.apply({ kind: 'request', arrival });
      return true;
    }
  return false;
}

/** The first rule that stops a server on each host, in this state. */
export function blockerOf(server: Server, from: HostId, state: State, { context, rules }: Run): Blocker {
  const found = [...context.cloud.hosts.keys()].flatMap((to) => {
    if (to === from) return [];
    const refusal = nearestRefusals({ server, from, to }, state, rules)[0];
    return refusal === undefined ? [] : [{ to, refusal }];
  });
  const byRule = groupBy(found, ({ refusal }) => refusal.rule);
  const refusals = [...byRule].map(([rule, cases]) => {
    const untold = cases.filter(({ refusal }) => refusal.unit === unknownFacts);
    const supply = suppliesOf(untold.flatMap(({ refusal }) => refusal.names ?? []));
    return {
      rule,
      text: cases[0]?.refusal.text ?? rule,
      hosts: cases.map(({ to }) => to),
      ...(supply.length > 0 && { supply }),
    };
  });
  return {
    server: server.id,
    serverName: server.name,
    host: from,
    refusals: refusals.toSorted((a, b) => b.hosts.length - a.hosts.length),
  };
}
