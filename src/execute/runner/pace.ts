import type { Plan } from '../../plan/plan.ts';
import { type RunState, stepState } from './run-state.ts';
import type { RunSettings } from './settings.ts';

const shortest = 0.25;
/** A pause is such a part of the time that the youngest step has been on its way. */
const part = 1 / 20;

/**
 * Seconds until the next look: short while something has just begun, as what is short ends soon, and `pollSeconds` at
 * most, as the end of what takes long comes as suddenly.
 *
 * @param now milliseconds since 1970
 */
export function pauseSeconds(
  { steps }: Plan,
  run: RunState,
  { pollSeconds }: RunSettings,
  now: number,
): number {
  const begun = steps.flatMap(({ id }) => {
    const { phase, movingAt, askedAt } = stepState(run, id);
    return phase === 'running' ? (movingAt ?? askedAt ?? []) : [];
  });
  const seconds = (now - Math.max(...begun)) / 1000; // nothing under way: for ever
  return Math.min(pollSeconds, Math.max(shortest, seconds * part));
}
