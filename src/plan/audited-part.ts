import type { StateView } from '../constraints/state-view.ts';
import type { Plan } from './plan.ts';
import { touchedBySteps, touchedView } from './touched.ts';

/**
 * What the violations of a plan are counted in: all of the cloud, or, of a drain, what it touches. Elsewhere a drain
 * changes nothing, and what is broken there is not its matter. Room after the loss of a host is a matter of all hosts.
 */
export function auditedPart<View extends StateView>(
  { steps, basedOn }: { readonly steps: Plan['steps']; readonly basedOn: Pick<Plan['basedOn'], 'options'> },
  state: View,
): View {
  const { drain, surviveHostLoss } = basedOn.options;
  const isWhole = drain.length === 0 || surviveHostLoss === true;
  return isWhole ? state : touchedView(state, touchedBySteps(steps));
}
