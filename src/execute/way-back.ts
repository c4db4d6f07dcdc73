import type { HostId, ServerId } from '../model/ids.ts';
import type { Plan } from '../plan/plan.ts';
import { isMigration } from '../plan/run-steps.ts';
import { type RunState, stepState } from './runner/run-state.ts';

/** What a run has changed, as its journal tells. */
export interface Changed {
  /** Where each server was that the run has moved. */
  readonly homes: ReadonlyMap<ServerId, HostId>;
  /** Hosts that it disabled and found enabled. */
  readonly disabled: readonly HostId[];
}

/** What there is to take back of a run. */
export function changedBy({ steps }: Plan, run: RunState): Changed {
  const homes = new Map<ServerId, HostId>();
  for (const step of steps) {
    if (!isMigration(step) || homes.has(step.server)) continue;
    if (stepState(run, step.id).attempts > 0) homes.set(step.server, step.from);
  }
  const disabled = steps.flatMap((step) =>
    step.kind === 'disable-service' &&
    stepState(run, step.id).attempts > 0 &&
    run.found.get(step.host)?.status === 'enabled'
      ? [step.host]
      : [],
  );
  return { homes, disabled: [...new Set(disabled)] };
}

/** What the plans of one run have changed, in turn: a server is at home where the first of them found it. */
export function allChanged(turns: readonly Changed[]): Changed {
  const homes = new Map<ServerId, HostId>();
  for (const turn of turns) for (const [id, home] of turn.homes) if (!homes.has(id)) homes.set(id, home);
  return { homes, disabled: [...new Set(turns.flatMap(({ disabled }) => disabled))] };
}
