import type { Assignment } from '../model/cloud.ts';
import type { HostId } from '../model/ids.ts';
import type { Term } from './goal.ts';
import { meanLoadPercent } from './host-terms.ts';
import type { LoadTable } from './loads.ts';

/** What a goal pays for the load of one resource class on single hosts: convex in the load, never falling. */
export interface LoadCurve {
  readonly resource: string;
  readonly hosts: ReadonlySet<HostId>;
  /** Σ of slope × max(0, load − percent). */
  readonly steps: readonly { readonly percent: number; readonly slope: number }[];
}

/** The curves of terms that are sums over hosts of what single hosts are loaded with; undefined for other terms. */
export function loadCurvesOf(
  terms: readonly Term[],
  loads: LoadTable,
  start: Assignment,
): readonly LoadCurve[] | undefined {
  const curves: LoadCurve[] = [];
  for (const term of terms) {
    if (term.kind === 'load-above-mean') {
      for (const resource of term.resources) {
        const mean = meanLoadPercent(loads, resource, start);
        const steps = term.thresholds.map(({ abovePercent, slope }) => ({
          percent: mean + abovePercent,
          slope: term.weight * slope,
        }));
        curves.push({ resource, hosts: new Set(loads.receivers(resource)), steps });
      }
    } else if (term.kind === 'load-above' && 'percent' in term.threshold) {
      const steps = [{ percent: term.threshold.percent, slope: term.weight }];
      for (const resource of term.resources)
        curves.push({ resource, hosts: new Set(loads.holders(resource)), steps });
    } else return undefined;
  }
  return curves.every(({ steps }) => steps.every(({ slope }) => slope >= 0)) ? curves : undefined;
}

/** What a host costs under a curve with so much in use. */
export function priceOfUse({ steps }: Pick<LoadCurve, 'steps'>, used: number, capacity: number): number {
  const load = (100 * used) / capacity;
  let price = 0;
  for (const { percent, slope } of steps) price += slope * Math.max(0, load - percent);
  return price;
}
