import type { Arrival } from '../constraints/arrival.ts';
import type { RuleContext } from '../constraints/context.ts';
import type { ServerId } from '../model/ids.ts';
import type { State } from '../replay/state.ts';
import type { MigrationStep, Step } from './plan.ts';

/** What a checker sees of a step at the instant of its request. */
export interface RequestSeen {
  readonly step: MigrationStep;
  /** Undefined when the server is unknown, or not where the step expects it. */
  readonly arrival: Arrival | undefined;
}

/**
 * Runs steps in the order of their requests and ends each as late as the plan allows: only when a later request needs
 * it ended. So every claim is held, and every host that a step enables is closed, as long as it can be in any execution
 * that respects the plan.
 * `onRequest` is asked before a migration's claim is applied; with `false` the step is passed over.
 */
export function runSteps(
  steps: readonly Step[],
  state: State,
  context: RuleContext,
  onRequest: (seen: RequestSeen, state: State) => boolean,
): void {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const requested = new Set<string>();
  const ended = new Set<string>();

  const end = (id: string): void => {
    const step = byId.get(id);
    if (step === undefined || ended.has(id) || !requested.has(id)) return;
    ended.add(id);
    for (const { step: dependency } of step.dependsOn) end(dependency);
    applyEnd(step, state);
  };

  for (const step of steps) {
    for (const { step: dependency } of step.dependsOn) end(dependency);
    if (isMigration(step)) {
      const arrival = arrivalOf(step, state, context);
      if (!onRequest({ step, arrival }, state) || arrival === undefined) continue;
      state.apply({ kind: 'request', arrival });
      requested.add(step.id);
      continue;
    }
    if (applyRequest(step, state)) requested.add(step.id);
  }
  for (const step of steps) end(step.id);
}

/** What a migration asks for, in the state of this instant; undefined where its server is not where it expects it. */
export function arrivalOf(step: MigrationStep, state: State, { cloud }: RuleContext): Arrival | undefined {
  const server = cloud.servers.get(step.server);
  if (server === undefined || state.residentOn(step.server) !== step.from) return undefined;
  const { from, to, kind: method, storage, forced } = step;
  return { server, from, to, method, storage, ...(forced && { forced: true as const }) };
}

/** What a step other than a migration does at its request; false when it cannot be requested. */
export function applyRequest(step: Exclude<Step, MigrationStep>, state: State): boolean {
  switch (step.kind) {
    case 'confirm':
      return isUnconfirmed(step.server, state);
    case 'disable-service':
      state.apply({ kind: 'service', host: step.host, status: 'disabled' });
      return true;
    case 'stop':
    case 'start':
      state.apply({
        kind: 'power',
        server: step.server,
        vmState: step.kind === 'stop' ? 'stopped' : 'active',
      });
      return true;
    case 'enable-service':
    case 'wait':
      return true;
  }
}

/** What a step that was requested does at its end. */
export function applyEnd(step: Step, state: State): void {
  if (isMigration(step)) state.apply({ kind: 'complete', server: step.server });
  else if (step.kind === 'confirm') {
    if (isUnconfirmed(step.server, state)) state.apply({ kind: 'confirm', server: step.server });
  } else if (step.kind === 'enable-service')
    state.apply({ kind: 'service', host: step.host, status: 'enabled' });
}

/** Another step of the plan may have confirmed it already. */
const isUnconfirmed = (server: ServerId, state: State): boolean =>
  state.claimsOf(server).some(({ role }) => role === 'unconfirmed');

export const isMigration = (step: Step): step is MigrationStep =>
  step.kind === 'live' || step.kind === 'cold' || step.kind === 'evacuate';
