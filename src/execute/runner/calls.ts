import type { Plan, ServiceStep, Step } from '../../plan/plan.ts';
import { escapeControls } from '../../shared/text.ts';
import type { Call } from '../driver.ts';
import type { CallKind } from '../journal/entry.ts';

/** Nova's limit for the reason of a disabled service. */
const longestReason = 255;

/** What a run writes as the reason of a host that it disables; names the plan. */
export const disableReason = (
  plan: Pick<Plan, 'id'>,
  step: Pick<ServiceStep, 'disabledReason' | 'reason'>,
): string =>
  Array.from(escapeControls(`planner plan ${plan.id}: ${step.disabledReason ?? step.reason}`))
    .slice(0, longestReason)
    .join('');

/** The plan whose run has written a reason; undefined when none has. */
export const planOfReason = (reason: string): string | undefined => /^planner plan (\S+): /.exec(reason)?.[1];

/** The request that carries a step out; undefined for what only waits. */
export function callOf(step: Step, plan: Plan): (Call & { readonly kind: CallKind }) | undefined {
  switch (step.kind) {
    case 'live':
    case 'cold':
    case 'evacuate': {
      const { kind, server, from, to, microversion, storage, forced } = step;
      return { kind, server, from, to, microversion, storage, forced };
    }
    case 'confirm':
    case 'stop':
    case 'start':
      return { kind: step.kind, server: step.server, microversion: step.microversion };
    case 'disable-service':
    case 'enable-service':
      return {
        kind: step.kind === 'disable-service' ? 'disable' : 'enable',
        host: step.host,
        microversion: step.microversion,
        ...(step.serviceId !== undefined && { serviceId: step.serviceId }),
        ...(step.kind === 'disable-service' && { reason: disableReason(plan, step) }),
      };
    case 'wait':
      return undefined;
  }
}
