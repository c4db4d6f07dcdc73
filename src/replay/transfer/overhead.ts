import type { ByEnd } from './ends.ts';

/**
 * Seconds of a live migration in which no memory flows: the checks of the destination, its ports and volumes before
 * (6 likely), the switch-over to the record's `completed` after (2).
 */
export const assumedOverhead: ByEnd = { low: 8, expected: 8, high: 8 };
