import type { Plan, ServiceStep } from '../../plan/plan.ts';
import { disableReason } from './calls.ts';
import type { Running } from './tools.ts';
import { type RunState, stepState } from './run-state.ts';

/**
 * Leaves services as the plan says, where everything that it does with the host is done, and else as they were found:
 * a host that this run disabled is enabled again, unless somebody else has disabled it since, or servers were evacuated
 * from it.
 */
export async function restoreServices({ plan, driver, state, tell }: Running): Promise<void> {
  for (const step of toEnable(plan, state())) {
    const { host, microversion, serviceId } = step;
    try {
      const found = (await driver.services()).find((service) => service.host === host);
      if (found?.status !== 'disabled' || found.reason !== disableReason(plan, step)) continue;
      await tell({ kind: 'note', step: step.id, text: `${host} is enabled again, as it was found` });
      const id = serviceId === undefined ? {} : { serviceId };
      const answer = await driver.request({ kind: 'enable', host, microversion, ...id });
      if (answer.kind === 'accepted') await tell({ kind: 'service-restored', host, status: 'enabled' });
      else await tell({ kind: 'note', step: step.id, text: `${host} stays disabled: ${answer.text}` });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      await tell({ kind: 'note', step: step.id, text: `${host} may be disabled still: ${text}` });
    }
  }
}

/** Hosts that this run has disabled, found enabled, and has not finished with. */
function toEnable({ steps }: Plan, run: RunState): readonly ServiceStep[] {
  const isDone = ({ id }: { readonly id: string }): boolean => stepState(run, id).phase === 'done';
  return steps.flatMap((step) => {
    if (step.kind !== 'disable-service' || stepState(run, step.id).attempts === 0) return [];
    if (run.found.get(step.host)?.status !== 'enabled') return [];
    if (steps.some((other) => leftByEvacuate(other, step.host, run))) return [];
    const unfinished = steps.some(
      (other) =>
        !isDone(other) &&
        (('host' in other && other.host === step.host) ||
          ('from' in other && other.from === step.host) ||
          confirms(other, step.host, steps)),
    );
    return unfinished ? [step] : [];
  });
}

/** A dead host that somebody was evacuated from is to take nobody when it comes back. */
const leftByEvacuate = (step: Plan['steps'][number], host: string, run: RunState): boolean =>
  step.kind === 'evacuate' && step.from === host && stepState(run, step.id).attempts > 0;

function confirms(step: Plan['steps'][number], host: string, steps: Plan['steps']): boolean {
  if (step.kind !== 'confirm') return false;
  const migration = steps.find(({ id }) => id === step.of);
  return migration !== undefined && 'from' in migration && migration.from === host;
}
