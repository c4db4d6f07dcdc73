import type { StateView } from '../constraints/state-view.ts';
import type { Plan } from './plan.ts';
import { concernedView, touchedBySteps } from './touched.ts';

/**
 * What the violations of a plan are counted in: all of the cloud, or, of a drain, what it touches. Elsewhere a drain
 * changes nothing, and what is broken there is not its matter.
 */
export function auditedPart<View extends StateView>(
  { steps, basedOn }: { readonly steps: Plan['steps']; readonly basedOn: Pick<Plan['basedOn'], 'options'> },
  state: View,
): View {
  const { options } = basedOn;
  return options.drain.length === 0 ? state : concernedView(state, touchedBySteps(steps), options);
}
