import type { ServerId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import type { NotDone, Step } from '../plan/plan.ts';
import { isMigration } from '../plan/run-steps.ts';
import { nearestRefusals } from '../replay/legality.ts';
import { createState, type State } from '../replay/state.ts';
import { blockerOf } from './blockers.ts';
import type { Run } from './run.ts';

/** Servers that stay on hosts that are evacuated, each with what stands in the way, on most hosts first. */
function leftBehind(run: Run, end: State): readonly NotDone[] {
  const evacuated = new Set(run.request.options.evacuate);
  return [...run.context.cloud.servers.values()].flatMap((server): readonly NotDone[] => {
    const { id, name, host } = server;
    if (host === undefined || !evacuated.has(host) || end.assignment().get(id) !== host) return [];
    const { refusals } = blockerOf(server, host, end, run);
    const texts = refusals.map((refusal) => `${refusal.text} [${refusal.hosts.length} of the hosts]`);
    const reason = texts.length === 0 ? 'no turn was found for it' : texts.join('; ');
    return [{ server: id, serverName: name, host, rule: refusals[0]?.rule ?? 'none', reason }];
  });
}

/**
 * Servers that cannot move at all, each with the rule that keeps it and the reason. A drain that has a plan leaves nobody
 * behind, and who stays elsewhere is not its matter; of an evacuation they are those that are left.
 *
 * @param end what the plan leaves behind
 */
export function notDone(run: Run, steps: readonly Step[], end: State): readonly NotDone[] {
  if (run.request.options.evacuate !== undefined) return leftBehind(run, end);
  if (run.request.options.drain.length > 0) return [];
  const moved = new Set<ServerId>(steps.filter(isMigration).map((step) => step.server));
  const fixed = new Map<ServerId, string>();
  for (const primitive of run.problem.primitives)
    // Whom the operator took out, the goal would not have moved.
    if (primitive.kind === 'fixed' && primitive.rule !== 'selection')
      for (const server of primitive.servers) if (!fixed.has(server)) fixed.set(server, primitive.rule);
  const state = createState(run.context);
  return [...fixed].flatMap(([id, rule]): readonly NotDone[] => {
    const server = run.context.cloud.servers.get(id);
    if (server?.host === undefined || moved.has(id)) return [];
    return [
      {
        server: id,
        serverName: server.name,
        host: server.host,
        rule,
        reason: reasonOf(server, rule, run, state),
      },
    ];
  });
}

function reasonOf(server: Server, rule: string, run: Run, state: ReturnType<typeof createState>): string {
  const elsewhere = [...run.context.cloud.hosts.keys()].find((host) => host !== server.host);
  if (server.host === undefined || elsewhere === undefined) return rule;
  const asked = run.rules.filter((candidate) => candidate.id === rule);
  return nearestRefusals({ server, from: server.host, to: elsewhere }, state, asked)[0]?.text ?? rule;
}
