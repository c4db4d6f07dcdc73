import type { Refusal } from '../../replay/legality.ts';

/**
 * How far a host is from taking a server: fewest refusing rules first, then the least that is missing.
 *
 *     missing = Σ over refusals of (measured − limit) ÷ measured   where more is needed than there is
 *                                  1                               where no amount would do (a zone, a CPU model)
 */
export interface Distance {
  readonly rules: number;
  readonly missing: number;
}

export function distanceOf(refusals: readonly Refusal[]): Distance {
  return {
    rules: new Set(refusals.map(({ rule }) => rule)).size,
    missing: refusals.reduce((sum, refusal) => sum + shortfall(refusal), 0),
  };
}

export const compareDistance = (a: Distance, b: Distance): number =>
  a.rules === b.rules ? a.missing - b.missing : a.rules - b.rules;

const shortfall = ({ measured, limit }: Refusal): number =>
  measured > limit && limit >= 0 ? (measured - limit) / measured : 1;
