import type { HostId } from '../model/ids.ts';
import type { PlanningOptions } from './planning-request.ts';

/**
 * Hosts that a plan empties of everybody who can move, or there is no plan. From hosts that are down as many servers are
 * evacuated as can be, unless the operator wants all or nothing.
 */
export const emptiedWholly = ({
  drain,
  evacuate,
  allOrNothing,
}: Pick<PlanningOptions, 'drain' | 'evacuate' | 'allOrNothing'>): readonly HostId[] =>
  evacuate === undefined || allOrNothing === true ? drain : [];
