import type { RuleContext } from '../../constraints/context.ts';
import type { HostId } from '../../model/ids.ts';
import { createState, type State } from '../../replay/state.ts';
import type { Step } from '../plan.ts';
import { applyEnd, applyRequest, arrivalOf, isMigration } from '../run-steps.ts';
import { createBoard } from './board.ts';
import type { History, HistoryEvent } from './history.ts';
import { momentsOf } from './moments.ts';

/**
 * Replays a plan by its timetable: the destination is charged from the request on, the source until the end, or until
 * the confirm of a cold migration. What a server takes is asked of the state.
 */
export function historyOf(steps: readonly Step[], context: RuleContext): History {
  const state = createState(context);
  const { changes, ...start } = createBoard(context, state);
  const passedOver = new Set<string>();
  const events: HistoryEvent[] = [];
  for (const { step, what, atSeconds } of momentsOf(steps)) {
    if (passedOver.has(step.id)) continue;
    const before = hostsWith(step, state);
    if (what === 'ended') applyEnd(step, state);
    else if (!request(step, state, context)) {
      passedOver.add(step.id);
      continue;
    }
    const touched = new Set([...before, ...hostsWith(step, state)]);
    events.push({ step: step.id, what, atSeconds, changes: changes(touched) });
  }
  return { ...start, events, passedOver: [...passedOver] };
}

/** False, and nothing is done, where the step means nothing on this cloud. */
function request(step: Step, state: State, context: RuleContext): boolean {
  if (!isMigration(step)) return applyRequest(step, state);
  const arrival = arrivalOf(step, state, context);
  if (arrival === undefined || arrival.to === arrival.from || !context.cloud.hosts.has(arrival.to))
    return false;
  state.apply({ kind: 'request', arrival });
  return true;
}

/** Hosts that a step's server claims now. */
const hostsWith = (step: Step, state: State): readonly HostId[] =>
  'server' in step ? state.claimsOf(step.server).map(({ host }) => host) : [];
