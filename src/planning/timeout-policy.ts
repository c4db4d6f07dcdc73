import type { Arrival } from '../constraints/arrival.ts';
import type { RuleContext } from '../constraints/context.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { MigrationStep } from '../plan/plan.ts';
import { endOnTimeout, type ForcedEnd, forcedEnd, throttles } from '../replay/transfer/forced-end.ts';
import { predictedCourse } from '../replay/transfer/transfer.ts';

/** One live migration. */
interface Leg {
  readonly from: HostId;
  readonly server: ServerId;
}

/** How Nova itself ends a live migration that takes too long; undefined where it aborts, or waits for ever. */
export function forcedEndOf({ from, server: id }: Leg, context: RuleContext): ForcedEnd | undefined {
  const { cloud, profile } = context;
  const server = cloud.servers.get(id);
  if (server === undefined || !profile.switches.forceCompleteOnTimeout) return undefined;
  return endOnTimeout(server, from, cloud);
}

/** Whether the hypervisor slows the guest down as it copies. */
export function isThrottled({ from, server: id }: Leg, { cloud }: RuleContext): boolean {
  const server = cloud.servers.get(id);
  return server !== undefined && throttles(server, from, cloud);
}

/**
 * What becomes of a live migration that does not converge: its end is forced only where the operator allowed the way
 * in which that goes. Nova does so by itself where it is told to; else one that is predicted not to converge is forced
 * by request (2.22) before Nova's timeout, and any other is left to be aborted.
 */
export function timeoutPolicyOf(arrival: Arrival, context: RuleContext): MigrationStep['timeoutPolicy'] {
  const { from, server } = arrival;
  const byNova = forcedEndOf({ from, server: server.id }, context);
  if (byNova !== undefined) return context.allow.has(byNova) ? 'force-complete' : 'abort';
  if (!context.allow.has(forcedEnd(server, from, context.cloud))) return 'abort';
  return predictedCourse(arrival, context.cloud).converges ? 'abort' : 'force-complete';
}
