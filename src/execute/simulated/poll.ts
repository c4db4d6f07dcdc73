import type { Plan } from '../../plan/plan.ts';
import { limitSeconds, type RunSettings } from '../runner/settings.ts';

/** Looks of a simulation from its beginning to the latest end that the runner waits for. */
const mostLooks = 100_000;

/**
 * Most seconds between two looks of a simulated run: as on a cloud, but a plan of years (a disk of petabytes, a far
 * window) is simulated in as many looks as one of a day.
 */
export const simulatedPoll = (
  { steps }: Plan,
  settings: Pick<RunSettings, 'pollSeconds' | 'timeoutSeconds'>,
): number =>
  steps.reduce(
    (most, step) => Math.max(most, (step.endSeconds + limitSeconds(step, settings)) / mostLooks),
    settings.pollSeconds,
  );
